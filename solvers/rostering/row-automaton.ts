import type { RosteringProblem } from './problem.ts'

/**
 * Which shift may follow what has been worked so far, as a finite automaton: rests between shifts, the longest run of
 * work, the shortest runs of work and of rest. Shifts that no such rule tells apart are one type. A node remembers
 * only what the days ahead can still feel: two pasts with the same future are one node.
 */
export interface RowAutomaton {
  /** Shift to type. */
  readonly typeOf: Int16Array
  readonly types: number
  readonly isWorkType: Uint8Array
  readonly nodes: number
  /** `next[node * types + type]`: the node after it, -1 where the rules forbid it. */
  readonly next: Int16Array
  /** Whether the last day of the node was worked. */
  readonly worked: Uint8Array
  /** Where each employee of the problem stands before the first day; -1: has other rules. */
  readonly startOf: Int32Array
}

interface Past {
  /** What the last day means to the days ahead; -1: nothing is known. */
  readonly last: number
  readonly beforeLast: number
  readonly run: number
  readonly isLongEnough: boolean
}

const NOTHING_KNOWN: Past = { last: -1, beforeLast: 0, run: 0, isLongEnough: true }

/** Employees with the same rules of runs share one automaton. */
export function automata(problem: RosteringProblem): readonly RowAutomaton[] {
  const byRules = new Map<string, number[]>()
  problem.employees.forEach((employee, e) => {
    const key = [employee.maxConsecutiveWork, employee.minConsecutiveWork, employee.minConsecutiveOff].join()
    byRules.set(key, [...(byRules.get(key) ?? []), e])
  })
  const types = typesOf(problem)
  return [...byRules.values()].map((members) => automatonOf(problem, types, members))
}

interface Types {
  readonly typeOf: Int16Array
  readonly example: readonly number[]
  /** Types with the same effect on the next day and the day after are one effect. */
  readonly effectOf: readonly number[]
  /** Effects on the day after the next; 0: none. */
  readonly lateOf: readonly number[]
  readonly forbids: readonly ReadonlySet<number>[]
  readonly forbidsLate: readonly ReadonlySet<number>[]
}

function typesOf(problem: RosteringProblem): Types {
  const { shifts } = problem
  const numbers = new Map<string, number>()
  const example: number[] = []
  const typeOf = Int16Array.from(shifts, (shift, s) => {
    const forbiddenAfter = shifts.map((other) => (other.cannotPrecede.includes(s) ? 1 : 0)).join('')
    const forbiddenLate = shifts.map((other) => (other.cannotPrecedeByTwo.includes(s) ? 1 : 0)).join('')
    const key = [shift.isWork, ordered(shift.cannotPrecede), ordered(shift.cannotPrecedeByTwo)].join('/')
    return numberOf(numbers, `${key}/${forbiddenAfter}/${forbiddenLate}`, () => example.push(s))
  })
  const effects = new Map<string, number>()
  const lates = new Map<string, number>([['', 0]])
  const effectOf: number[] = []
  const lateOf: number[] = []
  const forbids: Set<number>[] = []
  const forbidsLate: Set<number>[] = [new Set()]
  for (const s of example) {
    const shift = shifts[s]!
    const late = ordered(shift.cannotPrecedeByTwo)
    const toTypes = (list: readonly number[]) => new Set(list.map((other) => typeOf[other]!))
    const key = [shift.isWork, ordered(shift.cannotPrecede), late].join('/')
    const l = numberOf(lates, late, () => forbidsLate.push(toTypes(shift.cannotPrecedeByTwo)))
    effectOf.push(
      numberOf(effects, key, () => {
        forbids.push(toTypes(shift.cannotPrecede))
        lateOf.push(l)
      }),
    )
  }
  return { typeOf, example, effectOf, lateOf, forbids, forbidsLate }
}

function automatonOf(problem: RosteringProblem, types: Types, members: readonly number[]): RowAutomaton {
  const rules = problem.employees[members[0]!]!
  const isWorkType = Uint8Array.from(types.example, (s) => (problem.shifts[s]!.isWork ? 1 : 0))
  const isWorkEffect = new Uint8Array(types.lateOf.length)
  types.effectOf.forEach((effect, type) => (isWorkEffect[effect] = isWorkType[type]!))
  const numbers = new Map<string, number>()
  const pasts: Past[] = []
  const number = (past: Past) => numberOf(numbers, Object.values(past).join(), () => pasts.push(past))

  const startOf = new Int32Array(problem.employees.length).fill(-1)
  for (const e of members) {
    let past = NOTHING_KNOWN
    for (const shift of problem.employees[e]!.before) past = step(past, types.typeOf[shift]!)
    startOf[e] = number(past)
  }
  const count = types.example.length
  const next: number[] = []
  for (let node = 0; node < pasts.length; node++)
    for (let type = 0; type < count; type++)
      next.push(isAllowed(pasts[node]!, type) ? number(step(pasts[node]!, type)) : -1)
  return {
    typeOf: types.typeOf,
    types: count,
    isWorkType,
    nodes: pasts.length,
    next: Int16Array.from(next),
    worked: Uint8Array.from(pasts, (past) => (past.last >= 0 ? isWorkEffect[past.last]! : 0)),
    startOf,
  }

  function isAllowed(past: Past, type: number): boolean {
    if (types.forbidsLate[past.beforeLast]!.has(type)) return false
    if (past.last < 0) return isWorkType[type] === 0 || rules.maxConsecutiveWork !== 0
    if (types.forbids[past.last]!.has(type)) return false
    if (isWorkEffect[past.last] !== isWorkType[type])
      return past.isLongEnough && (isWorkType[type] === 0 || rules.maxConsecutiveWork !== 0)
    return isWorkType[type] === 0 || past.run < (rules.maxConsecutiveWork ?? Infinity)
  }

  function step(past: Past, type: number): Past {
    const isWork = isWorkType[type] === 1
    const isSameRun = past.last < 0 || isWorkEffect[past.last] === isWorkType[type]
    const least = (isWork ? rules.minConsecutiveWork : rules.minConsecutiveOff) ?? 1
    const most = isWork ? rules.maxConsecutiveWork : null
    const run = isSameRun ? past.run + 1 : 1
    const isLongEnough = (isSameRun && past.isLongEnough) || run >= least
    return {
      last: types.effectOf[type]!,
      beforeLast: past.last < 0 ? 0 : types.lateOf[past.last]!,
      run: most !== null ? Math.min(run, most) : isLongEnough ? 0 : run,
      isLongEnough,
    }
  }
}

const ordered = (list: readonly number[]) => [...new Set(list)].sort((a, b) => a - b).join()

function numberOf(numbers: Map<string, number>, key: string, onNew: () => void): number {
  const known = numbers.get(key)
  if (known !== undefined) return known
  const fresh = numbers.size
  numbers.set(key, fresh)
  onNew()
  return fresh
}
