import { checkRoster } from './check.ts'
import { solveMip, type Highs, type MipResult, type RunLimits } from './highs.ts'
import { ModelBuilder, Expression } from './model-builder.ts'
import { buildModel } from './model.ts'
import { bestRow } from './row-path.ts'
import type { RosteringProblem, SolverDemand } from './problem.ts'
import { RuleBook, type HardPart, type NamedRule } from './relaxed-rules.ts'

/** Whether a valid roster exists, and if not, which rules stand against each other. */
export type Verdict =
  /** There is a roster that keeps every rule. */
  | { readonly kind: 'possible' }
  /**
   * These rules cannot all be kept, even alone. `isSmallest`: no fewer rules of the problem conflict; false: of the part
   * of the problem where the conflict was found that is so, and elsewhere nobody looked to the end. No rules at all: what
   * belongs to no rule is impossible by itself.
   */
  | { readonly kind: 'conflict'; readonly rules: readonly string[]; readonly isSmallest: boolean }
  /** The time was up. */
  | { readonly kind: 'unknown' }

/**
 * Finds a smallest set of rules that conflict, by implicit hitting sets (Ignatiev, Previti, Liffiton and Marques-Silva,
 * «Smallest MUS extraction with minimal hitting set dualization», 2015): a smallest set that hits every set of rules
 * broken by some roster so far is tried alone; either it has no roster, and is the answer, or its roster breaks another
 * set of rules to be hit. What is local is looked at first: one employee alone, one day alone, then employees whom
 * demands connect; the smallest conflict found there is the answer when the whole is too large to be tried in the time.
 */
export function smallestConflict(
  problem: RosteringProblem,
  rules: readonly NamedRule[],
  highs: Highs,
  limits: RunLimits,
): Verdict {
  let best: readonly string[] | null = null
  const note = (verdict: Verdict) => {
    if (verdict.kind === 'conflict' && (best === null || verdict.rules.length < best.length))
      best = verdict.rules
    return verdict
  }
  for (const local of [...days(problem, rules), ...people(problem, rules)]) {
    if (best !== null && (best as readonly string[]).length <= 1) break
    note(searchPart(local.problem, local.rules, highs, limits))
  }
  const found = best as readonly string[] | null
  if (found !== null && found.length <= 1) return { kind: 'conflict', rules: found, isSmallest: true }
  const verdicts = components(problem, rules).map((part) =>
    note(searchPart(part.problem, part.rules, highs, limits, found?.length)),
  )
  if (best !== null) {
    const isSmallest = verdicts.every(({ kind }) => kind !== 'unknown')
    return { kind: 'conflict', rules: best, isSmallest }
  }
  return { kind: verdicts.every(({ kind }) => kind === 'possible') ? 'possible' : 'unknown' }
}

interface Part {
  readonly problem: RosteringProblem
  readonly rules: readonly NamedRule[]
}

/** @param known a conflict of this size is at hand: only a smaller one is of interest, and `possible` says there is none. */
function searchPart(
  problem: RosteringProblem,
  rules: readonly NamedRule[],
  highs: Highs,
  limits: RunLimits,
  known = Infinity,
): Verdict {
  const book = new RuleBook(problem, rules)
  const toHit: string[][] = []
  for (;;) {
    const kept = smallestHitting(toHit, highs, limits)
    if (kept === null) return { kind: 'unknown' }
    if (kept.size >= known) return { kind: 'possible' }
    const relaxed = book.keepOnly(kept)
    const model = buildModel(relaxed)
    const result: MipResult | null = model && solveMip(highs, model.data, { ...limits, relativeGap: 0.01 })
    if (result === null || result.status === 'infeasible')
      return { kind: 'conflict', rules: [...kept], isSmallest: true }
    if (result.values === null) return { kind: 'unknown' }
    const roster = model!.rosterOf(result.values)
    const broken = new Set(
      checkRoster(problem, roster).breaches.flatMap((breach) =>
        book.broken(
          breach,
          breach.employee === null ? 0 : roster[breach.employee * problem.days + (breach.day ?? 0)]!,
        ),
      ),
    )
    if (broken.size === 0) return { kind: 'possible' }
    toHit.push([...broken])
  }
}

/** A smallest set with a member in each of the sets. Null: the time was up. */
export function smallestHitting(
  sets: readonly (readonly string[])[],
  highs: Highs,
  limits: RunLimits,
): Set<string> | null {
  const members = [...new Set(sets.flat())]
  const builder = new ModelBuilder(0)
  const columns = new Map(members.map((member) => [member, builder.column(0, 1, 1, true)]))
  for (const set of sets) {
    const sum = new Expression()
    for (const member of set) sum.add(Expression.of(columns.get(member)!), 1)
    builder.row(sum, 1, Infinity)
  }
  if (members.length === 0) return new Set()
  const { status, values } = solveMip(highs, builder.build()!, limits)
  if (status !== 'optimal' || values === null) return null
  return new Set(members.filter((member) => values[columns.get(member)!]! > 0.5))
}

/** Each day by itself: who may be there, against the hard demands of that day. */
function days(problem: RosteringProblem, rules: readonly NamedRule[]): Part[] {
  const hardOfDay = Array.from({ length: problem.days }, () => [] as SolverDemand[])
  for (const demand of problem.demands) {
    const [first] = demand.terms
    if (first && isHard(demand) && demand.terms.every(({ day }) => day === first.day))
      hardOfDay[first.day]!.push(demand)
  }
  return hardOfDay.flatMap((demands, day) => {
    if (demands.length === 0) return []
    const part: RosteringProblem = {
      ...problem,
      ...{ days: 1, weekends: [], constant: 0 },
      employees: problem.employees.map(({ id, domain }) => ({
        ...{ id, domain: [domain[day]!], cellCosts: [], windows: [], counts: [], before: [] },
        ...{ maxConsecutiveWork: null, minConsecutiveWork: null, minConsecutiveOff: null, maxWeekends: null },
      })),
      demands: demands.map((demand) => ({
        ...demand,
        terms: demand.terms.map((term) => ({ ...term, day: 0 })),
      })),
    }
    const ofDay = rules.map(({ id, parts }) => ({
      id,
      parts: parts.flatMap((piece): HardPart[] => {
        if (piece.kind === 'demand') return [piece]
        return piece.kind === 'domain' && piece.day === day ? [{ ...piece, day: 0 }] : []
      }),
    }))
    return [{ problem: part, rules: ofDay }]
  })
}

/** Each employee who alone, without demands, can have no row. */
function people(problem: RosteringProblem, rules: readonly NamedRule[]): Part[] {
  const free = new Float64Array(problem.days * problem.shifts.length)
  return [...problem.employees.keys()]
    .filter((e) => bestRow(problem, e, free).row === null)
    .map((e) => among(problem, rules, [e], []))
}

/** Employees whom hard demands connect, with these. */
function components(problem: RosteringProblem, rules: readonly NamedRule[]): Part[] {
  const leader = [...problem.employees.keys()]
  const find = (e: number): number => (leader[e] === e ? e : (leader[e] = find(leader[e]!)))
  const hard = problem.demands.filter(isHard)
  const membersOf = ({ terms }: SolverDemand): number[] => [
    ...new Set(terms.flatMap(({ group }) => (group === null ? [...leader.keys()] : problem.groups[group]!))),
  ]
  for (const demand of hard) {
    const [first, ...others] = membersOf(demand)
    for (const other of others) leader[find(other)] = find(first!)
  }
  const parts = new Map<number, { employees: number[]; demands: SolverDemand[] }>()
  const partOf = (e: number) => {
    const at = find(e)
    if (!parts.has(at)) parts.set(at, { employees: [], demands: [] })
    return parts.get(at)!
  }
  for (const e of problem.employees.keys()) partOf(e).employees.push(e)
  for (const demand of hard) partOf(membersOf(demand)[0] ?? 0).demands.push(demand)
  return [...parts.values()].map(({ employees, demands }) => among(problem, rules, employees, demands))
}

/** The problem of some employees and demands, in the numbers of its own. */
function among(
  problem: RosteringProblem,
  rules: readonly NamedRule[],
  chosen: readonly number[],
  demands: readonly SolverDemand[],
): Part {
  const placeOf = new Map(chosen.map((e, place) => [e, place]))
  const groups = problem.groups.map((members) =>
    members.flatMap((e) => (placeOf.has(e) ? [placeOf.get(e)!] : [])),
  )
  const demandIds = new Set(demands.map(({ id }) => id))
  return {
    problem: { ...problem, groups, demands, employees: chosen.map((e) => problem.employees[e]!) },
    rules: rules.map(({ id, parts }) => ({
      id,
      parts: parts.flatMap((part): HardPart[] => {
        if (part.kind === 'demand') return demandIds.has(part.id) ? [part] : []
        if (part.kind === 'successions') return [part]
        const place = placeOf.get(part.employee)
        return place === undefined ? [] : [{ ...part, employee: place }]
      }),
    })),
  }
}

const isHard = ({ underCost, overCost, low, high }: SolverDemand): boolean =>
  (underCost === Infinity && low > -Infinity) || (overCost === Infinity && high < Infinity)
