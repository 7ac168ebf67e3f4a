import loadHighs from 'highs'
import { beforeAll, describe, expect, it } from 'vitest'
import { smallestConflict, type Verdict } from './conflict.ts'
import type { Highs } from './highs.ts'
import type { RosteringProblem, SolverDemand } from './problem.ts'
import type { HardPart, NamedRule } from './relaxed-rules.ts'
import { RuleBook } from './relaxed-rules.ts'
import { drawSmallProblem, tryEveryRoster } from './small-problems.ts'

let highs: Highs
beforeAll(async () => {
  highs = await loadHighs()
})
const FOREVER = { clock: () => 0, untilMilliseconds: 1e9, shouldStop: () => false }
const rulesIn = (verdict: Verdict): readonly string[] => (verdict.kind === 'conflict' ? verdict.rules : [])
const judge = (problem: RosteringProblem, rules: readonly NamedRule[]) =>
  smallestConflict(problem, rules, highs, FOREVER)

const demand = (id: string, day: number, shift: number, group: number | null, low: number): SolverDemand => ({
  ...{ id, terms: [{ day, shift, group, coefficient: 1 }], low, high: Infinity },
  ...{ underCost: Infinity, overCost: 0 },
})

/** Six people for two weeks: two by day, one by night; a night is followed by no day; 0 and 1 are drivers. */
function sixPeople(change: (problem: RosteringProblem) => RosteringProblem): RosteringProblem {
  const days = 14
  return change({
    ...{ days, constant: 0, weekends: [], groups: [[0, 1]] },
    shifts: [
      { id: 'off', workMinutes: 0, isWork: false, cannotPrecede: [], cannotPrecedeByTwo: [] },
      { id: 'day', workMinutes: 480, isWork: true, cannotPrecede: [], cannotPrecedeByTwo: [] },
      { id: 'night', workMinutes: 600, isWork: true, cannotPrecede: [1], cannotPrecedeByTwo: [] },
    ],
    employees: Array.from({ length: 6 }, (_, e) => ({
      ...{ id: `E${e}`, domain: Array.from({ length: days }, () => [0, 1, 2]), cellCosts: [] },
      windows: [{ fromDay: 0, untilDay: days, minMinutes: 0, maxMinutes: 5_400 }],
      ...{ maxConsecutiveWork: 5, minConsecutiveWork: null, minConsecutiveOff: null, maxWeekends: null },
      ...{ counts: [], before: [] },
    })),
    demands: Array.from({ length: days }, (_, day) => [
      demand(`days ${day}`, day, 1, null, 2),
      demand(`night ${day}`, day, 2, null, 1),
      demand(`driver ${day}`, day, 1, 0, day === 9 ? 1 : 0),
    ]).flat(),
  })
}

function rulesOf({ employees, demands, days }: RosteringProblem, ...more: NamedRule[]): NamedRule[] {
  const hours: HardPart[] = employees.map((_, employee) => ({ kind: 'windows', employee }))
  const runs: HardPart[] = employees.map((_, employee) => ({ kind: 'max-consecutive', employee }))
  const ofKind = (kind: string): HardPart[] =>
    demands.filter(({ id }) => id.startsWith(kind)).map(({ id }) => ({ kind: 'demand', id }))
  return [
    { id: 'hours', parts: hours },
    { id: 'runs', parts: runs },
    { id: 'rest', parts: [{ kind: 'successions' }] },
    { id: 'days', parts: ofKind('days') },
    { id: 'nights', parts: ofKind('night') },
    { id: 'drivers', parts: ofKind('driver') },
    ...employees.flatMap(({ domain }, employee) =>
      Array.from({ length: days }, (_, day) => day)
        .filter((day) => domain[day]!.length === 1)
        .map((day): NamedRule => ({
          id: `leave ${employee} ${day}`,
          parts: [{ kind: 'domain', employee, day }],
        })),
    ),
    ...more,
  ]
}

const withLeave = (problem: RosteringProblem, leaves: readonly (readonly [number, number])[]) => ({
  ...problem,
  employees: problem.employees.map((employee, e) => ({
    ...employee,
    domain: employee.domain.map((open, day) =>
      leaves.some(([who, on]) => who === e && on === day) ? [0] : open,
    ),
  })),
})

describe('the smallest conflict', () => {
  it('is none where there is a roster', () => {
    const problem = sixPeople((it) => withLeave(it, [[0, 9], [3, 2], [4, 2]])) // prettier-ignore
    expect(judge(problem, rulesOf(problem))).toEqual({ kind: 'possible' })
  })

  it('is two leaves and the post that both leave empty', () => {
    const problem = sixPeople((it) => withLeave(it, [[0, 9], [1, 9], [2, 9], [3, 4], [4, 4]])) // prettier-ignore
    const verdict = judge(problem, rulesOf(problem))
    expect(verdict).toMatchObject({ kind: 'conflict', isSmallest: true })
    expect(rulesIn(verdict).toSorted()).toEqual(['drivers', 'leave 0 9', 'leave 1 9'])
  })

  it('is the hours and the posts when there are too few people for all days', () => {
    const problem = sixPeople((it) => ({
      ...it,
      employees: it.employees.map((employee) => ({
        ...employee,
        windows: [{ fromDay: 0, untilDay: 14, minMinutes: 0, maxMinutes: 2_000 }],
      })),
    }))
    const verdict = judge(problem, rulesOf(problem))
    expect(verdict).toMatchObject({ kind: 'conflict', isSmallest: true })
    expect(rulesIn(verdict).toSorted()).toEqual(['days', 'hours'])
  })

  it('is the rest after a night when the same person is needed on both days', () => {
    const alone = sixPeople((it) => ({
      ...withLeave(it, [1, 2, 3, 4, 5].flatMap((e) => [[e, 3], [e, 4]] as const)), // prettier-ignore
      demands: [demand('night 3', 3, 2, null, 1), demand('days 4', 4, 1, null, 1)],
    }))
    const verdict = judge(alone, rulesOf(alone))
    expect(verdict).toMatchObject({ kind: 'conflict', isSmallest: true })
    // Five leaves of one of the two days would not do: any of the others could take the other day.
    expect(rulesIn(verdict)).toEqual(expect.arrayContaining(['rest', 'nights', 'days']))
  })

  it('names nothing when what belongs to no rule is impossible', () => {
    const problem = sixPeople((it) => ({ ...it, demands: [demand('crowd', 3, 1, null, 7)] }))
    expect(judge(problem, rulesOf(problem))).toEqual({ kind: 'conflict', rules: [], isSmallest: true })
  })

  it('gives a shift back only when every rule that bars it is dropped', () => {
    const problem = sixPeople((it) => ({
      ...withLeave(it, [[0, 9], [1, 9]]), // prettier-ignore
      demands: [demand('driver 9', 9, 1, 0, 1)],
    }))
    const training: NamedRule = {
      id: 'training',
      parts: [{ kind: 'domain', employee: 0, day: 9, shifts: [1] }],
    }
    const rules = rulesIn(judge(problem, rulesOf(problem, training)))
    expect(rules).toHaveLength(3)
    expect(rules).toContain('leave 1 9')
  })

  it('agrees with trying every roster and every set of rules', () => {
    let conflicts = 0
    for (let seed = 1; seed <= 30; seed++) {
      const problem = drawSmallProblem(seed, 2, 3)
      const rules = rulesOfSmall(problem)
      const verdict = judge(problem, rules)
      const isPossible = tryEveryRoster(problem) !== null
      expect(verdict.kind, `seed ${seed}`).toBe(isPossible ? 'possible' : 'conflict')
      if (verdict.kind !== 'conflict') continue
      conflicts++
      expect(verdict.isSmallest).toBe(true)
      expect(verdict.rules.length, `seed ${seed}`).toBe(sizeBySearch(problem, rules))
    }
    expect(conflicts).toBeGreaterThan(5)
  })
})

const rulesOfSmall = ({ employees, demands, days }: RosteringProblem): NamedRule[] => [
  { id: 'successions', parts: [{ kind: 'successions' }] },
  ...demands.map(({ id }): NamedRule => ({ id, parts: [{ kind: 'demand', id }] })),
  ...employees.flatMap(({ counts }, employee): NamedRule[] => [
    {
      id: `times ${employee}`,
      parts: [
        { kind: 'windows', employee },
        { kind: 'max-consecutive', employee },
        { kind: 'min-consecutive', employee },
        { kind: 'min-consecutive-off', employee },
        { kind: 'weekends', employee },
        ...counts.map(({ id }): HardPart => ({ kind: 'count', employee, id })),
      ],
    },
    {
      id: `days ${employee}`,
      parts: Array.from({ length: days }, (_, day): HardPart => ({ kind: 'domain', employee, day })),
    },
  ]),
]

/** The size of a smallest conflict by trying all sets of rules, the small ones first. */
function sizeBySearch(problem: RosteringProblem, rules: readonly NamedRule[]): number {
  const book = new RuleBook(problem, rules)
  const ids = rules.map(({ id }) => id)
  const sets = Array.from({ length: 2 ** ids.length }, (_, bits) => ids.filter((_, i) => bits & (1 << i)))
  sets.sort((a, b) => a.length - b.length)
  return sets.find((set) => tryEveryRoster(book.keepOnly(new Set(set))) === null)!.length
}
