import { describe, expect, it } from 'vitest'
import { checkRoster } from './check.ts'
import type { RosteringProblem, SolverEmployee, SolverShift } from './problem.ts'

const OFF = 0
const DAY = 1
const NIGHT = 2
const SHIFTS: readonly SolverShift[] = [
  { id: 'off', workMinutes: 0, isWork: false, cannotPrecede: [], cannotPrecedeByTwo: [] },
  { id: 'day', workMinutes: 480, isWork: true, cannotPrecede: [], cannotPrecedeByTwo: [] },
  { id: 'night', workMinutes: 600, isWork: true, cannotPrecede: [DAY], cannotPrecedeByTwo: [DAY] },
]

function given(of: Partial<SolverEmployee>, rest: Partial<RosteringProblem> = {}): RosteringProblem {
  const days = rest.days ?? 7
  return {
    days,
    shifts: SHIFTS,
    employees: [
      {
        id: 'A',
        domain: Array.from({ length: days }, () => [OFF, DAY, NIGHT]),
        cellCosts: [],
        windows: [],
        maxConsecutiveWork: null,
        minConsecutiveWork: null,
        minConsecutiveOff: null,
        maxWeekends: null,
        counts: [],
        before: [],
        ...of,
      },
    ],
    groups: [],
    demands: [],
    weekends: [],
    constant: 0,
    ...rest,
  }
}
const row = (text: string) => Int16Array.from(text, (letter) => '-DN'.indexOf(letter))
const rulesBroken = (problem: RosteringProblem, text: string) =>
  checkRoster(problem, row(text)).breaches.map(({ rule, day, amount }) => `${rule} ${day} ${amount}`)

describe('the audit of a roster', () => {
  it('adds the constant, cells, counts and demands', () => {
    const problem = given(
      {
        cellCosts: [
          { day: 0, shift: DAY, cost: -3 },
          { day: 1, shift: DAY, cost: 100 },
        ],
        counts: [{ id: 'nights', shifts: [NIGHT], days: null, min: 0, max: Infinity, cost: [0, 0, 5] }],
      },
      {
        constant: 10,
        demands: [
          {
            id: 'two by day',
            terms: [{ day: 0, shift: DAY, group: null, coefficient: 1 }],
            low: 2,
            high: 2,
            underCost: 40,
            overCost: 1,
          },
        ],
      },
    )
    expect(checkRoster(problem, row('D-NNN--'))).toEqual({ objective: 10 - 3 + 5 + 40, breaches: [] })
  })

  it('names a shift outside the domain', () => {
    const domain = Array.from({ length: 7 }, (_, day) => (day === 3 ? [OFF] : [OFF, DAY]))
    expect(rulesBroken(given({ domain }), 'DD-D---')).toEqual(['domain 3 1'])
  })

  it('names shifts that may not follow, over two days and over what went before', () => {
    expect(rulesBroken(given({}), 'ND-----')).toEqual(['succession 1 1'])
    expect(rulesBroken(given({}), 'N-D----')).toEqual(['succession 2 1'])
    expect(rulesBroken(given({ before: [NIGHT] }), 'DD-----')).toEqual(['succession 0 1', 'succession 1 1'])
  })

  it('counts minutes in each window', () => {
    const windows = [{ fromDay: 1, untilDay: 4, minMinutes: 900, maxMinutes: 1_100 }]
    expect(rulesBroken(given({ windows }), 'DD-N--D')).toEqual([])
    expect(rulesBroken(given({ windows }), 'D--N--D')).toEqual(['window 1 300'])
    expect(rulesBroken(given({ windows }), '-DDN---')).toEqual(['window 1 460'])
  })

  it('asks for full runs inside the horizon only', () => {
    const problem = given({ minConsecutiveWork: 2, minConsecutiveOff: 2 })
    expect(rulesBroken(problem, 'D--DD-D')).toEqual(['min-consecutive-off 5 1'])
    expect(rulesBroken(problem, '-D--DD-')).toEqual(['min-consecutive 1 1'])
  })

  it('asks for full runs over what went before as far as it is known', () => {
    const problem = (before: readonly number[]) => given({ minConsecutiveWork: 2, before })
    expect(rulesBroken(problem([OFF, DAY]), '-DD----')).toEqual(['min-consecutive 0 1'])
    expect(rulesBroken(problem([DAY]), '-DD----')).toEqual([])
    expect(rulesBroken(problem([DAY, OFF, OFF]), '-DD----')).toEqual([])
  })

  it('holds long runs against the roster, with the days before', () => {
    expect(rulesBroken(given({ maxConsecutiveWork: 3 }), 'DDDDD--')).toEqual(['max-consecutive 0 2'])
    expect(rulesBroken(given({ maxConsecutiveWork: 3, before: [DAY, DAY] }), 'DD-DDD-')).toEqual([
      'max-consecutive 0 1',
    ])
    expect(rulesBroken(given({ maxConsecutiveWork: 1, before: [DAY, DAY] }), '-D-D---')).toEqual([])
  })

  it('counts a weekend once when any of its days is worked', () => {
    const problem = given({ maxWeekends: 1 }, { days: 14, weekends: [[5, 6], [12, 13]] }) // prettier-ignore
    expect(rulesBroken(problem, '-----DD-------')).toEqual([])
    expect(rulesBroken(problem, '-----D------D-')).toEqual(['weekends null 1'])
  })

  it('names counts that are too few or too many', () => {
    const counts = [{ id: 'two nights', shifts: [NIGHT], days: [0, 1, 2], min: 2, max: 2, cost: null }]
    expect(rulesBroken(given({ counts }), 'NN-----')).toEqual([])
    expect(checkRoster(given({ counts }), row('NNNN---')).breaches).toEqual([
      { rule: 'count', employee: 0, day: 0, id: 'two nights', amount: 1 },
    ])
    expect(rulesBroken(given({ counts }), '---NN--')).toEqual(['count 0 2'])
  })

  it('names a hard demand that is not met, by group and coefficient', () => {
    const problem = given(
      {},
      {
        groups: [[0], []],
        demands: [0, 1].map((group) => ({
          id: `group ${group}`,
          terms: [{ day: 2, shift: DAY, group, coefficient: 2 }],
          low: 2,
          high: Infinity,
          underCost: Infinity,
          overCost: 0,
        })),
      },
    )
    expect(checkRoster(problem, row('--D----')).breaches).toEqual([
      { rule: 'demand', employee: null, day: 2, id: 'group 1', amount: 2 },
    ])
  })
})
