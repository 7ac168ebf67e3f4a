import type { Breach, RosteringProblem, SolverDemand, SolverEmployee } from './problem.ts'

/** One hard piece of a problem that a rule owns. What no rule owns always holds. */
export type HardPart =
  | { readonly kind: 'demand'; readonly id: string }
  /** Shifts that the rule takes from an employee's day; without `shifts` all that the day has not. */
  | {
      readonly kind: 'domain'
      readonly employee: number
      readonly day: number
      readonly shifts?: readonly number[]
    }
  | { readonly kind: 'windows'; readonly employee: number }
  | { readonly kind: 'max-consecutive'; readonly employee: number }
  | { readonly kind: 'min-consecutive'; readonly employee: number }
  | { readonly kind: 'min-consecutive-off'; readonly employee: number }
  | { readonly kind: 'weekends'; readonly employee: number }
  | { readonly kind: 'count'; readonly employee: number; readonly id: string }
  /** What may not follow what, for everybody. */
  | { readonly kind: 'successions' }

/** A rule in the words of whoever asks: a leave, the least number at a post, the rest between duties. */
export interface NamedRule {
  readonly id: string
  readonly parts: readonly HardPart[]
}

/** A price that stands for «broken once»: what is relaxed is still kept where that costs nothing else. */
const BROKEN = 1

/** The rules of a problem by the pieces that they own. */
export class RuleBook {
  private readonly owners = new Map<string, Set<string>>()
  private readonly barredBy = new Map<string, Set<string>>()
  private readonly problem: RosteringProblem

  constructor(problem: RosteringProblem, rules: readonly NamedRule[]) {
    this.problem = problem
    for (const { id, parts } of rules)
      for (const part of parts) {
        if (part.kind !== 'domain') {
          put(this.owners, keyOfPart(part), id)
          continue
        }
        const has = problem.employees[part.employee]!.domain[part.day]!
        for (const shift of part.shifts ?? problem.shifts.keys())
          if (!has.includes(shift)) put(this.barredBy, cellKey(part.employee, part.day, shift), id)
      }
  }

  /** The rules that a breach breaks; none where no rule owns it. */
  broken(breach: Breach, shiftOnDay: number): readonly string[] {
    const { rule, employee, day, id } = breach
    if (rule === 'domain') return [...(this.barredBy.get(cellKey(employee!, day!, shiftOnDay)) ?? [])]
    const kind = rule === 'succession' ? 'successions' : rule === 'window' ? 'windows' : rule
    return [...(this.owners.get(`${kind} ${kind === 'successions' ? null : employee} ${id}`) ?? [])]
  }

  /**
   * The problem with these rules alone as hard, its own prices gone, and a price on breaking the others where that has a
   * form (demands, domains); other pieces are left out where no rule that is kept owns them.
   */
  keepOnly(kept: ReadonlySet<string>): RosteringProblem {
    const { problem } = this
    const holds = (key: string) => {
      const owners = this.owners.get(key)
      return owners === undefined || [...owners].some((rule) => kept.has(rule))
    }
    return {
      ...problem,
      constant: 0,
      shifts: holds('successions null null')
        ? problem.shifts
        : problem.shifts.map((shift) => ({ ...shift, cannotPrecede: [], cannotPrecedeByTwo: [] })),
      employees: problem.employees.map((employee, e) => this.relaxed(employee, e, holds, kept)),
      demands: problem.demands.flatMap((demand) => hardOnly(demand, holds(`demand null ${demand.id}`))),
    }
  }

  private relaxed(
    employee: SolverEmployee,
    e: number,
    holds: (key: string) => boolean,
    kept: ReadonlySet<string>,
  ): SolverEmployee {
    const cellCosts: { day: number; shift: number; cost: number }[] = []
    const domain = employee.domain.map((open, day) => {
      const back = [...this.problem.shifts.keys()].filter((shift) => {
        const barring = this.barredBy.get(cellKey(e, day, shift))
        return barring !== undefined && [...barring].every((rule) => !kept.has(rule))
      })
      for (const shift of back) cellCosts.push({ day, shift, cost: BROKEN })
      return [...open, ...back]
    })
    const onlyIf = <T>(kind: string, value: T): T | null => (holds(`${kind} ${e} null`) ? value : null)
    return {
      ...employee,
      ...{ domain, cellCosts },
      windows: onlyIf('windows', employee.windows) ?? [],
      maxConsecutiveWork: onlyIf('max-consecutive', employee.maxConsecutiveWork),
      minConsecutiveWork: onlyIf('min-consecutive', employee.minConsecutiveWork),
      minConsecutiveOff: onlyIf('min-consecutive-off', employee.minConsecutiveOff),
      maxWeekends: onlyIf('weekends', employee.maxWeekends),
      counts: employee.counts
        .filter(({ id }) => holds(`count ${e} ${id}`))
        .map((count) => ({ ...count, cost: null })),
    }
  }
}

/** The hard sides of a demand: hard still, or at a price. Nothing where it has none. */
function hardOnly(demand: SolverDemand, isKept: boolean): SolverDemand[] {
  const low = demand.underCost === Infinity ? demand.low : -Infinity
  const high = demand.overCost === Infinity ? demand.high : Infinity
  if (low === -Infinity && high === Infinity) return []
  const price = isKept ? Infinity : BROKEN
  return [{ ...demand, low, high, underCost: price, overCost: price }]
}

function keyOfPart(part: Exclude<HardPart, { kind: 'domain' }>): string {
  const employee = 'employee' in part ? part.employee : null
  return `${part.kind} ${employee} ${'id' in part ? part.id : null}`
}

const cellKey = (employee: number, day: number, shift: number): string => `${employee} ${day} ${shift}`

function put(map: Map<string, Set<string>>, key: string, rule: string): void {
  const set = map.get(key)
  if (set) set.add(rule)
  else map.set(key, new Set([rule]))
}
