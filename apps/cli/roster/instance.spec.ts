import { loadHighs } from '../../../foundation/server/load-highs.ts'
import { describe, expect, it } from 'vitest'
import { checkRoster } from '../../../solvers/rostering/check.ts'
import { solveMip, type Highs } from '../../../solvers/rostering/highs.ts'
import { buildModel } from '../../../solvers/rostering/model.ts'
import { checkWrittenRoster } from './check-written-roster.ts'
import { makeUpInstance } from './made-up-instance.ts'
import { problemOfInstance, writtenRoster, type WrittenShift } from './problem-of-instance.ts'
import { readInstance, type Instance } from './read-instance.ts'

const TINY = `# comment
SECTION_HORIZON
14

SECTION_SHIFTS
D,480,
N,600,D

SECTION_STAFF
A,D=14|N=2,2880,1440,3,2,2,1
B,D=14|N=0,4800,0,5,1,1,2

SECTION_DAYS_OFF
A,0
B,5,6

SECTION_SHIFT_ON_REQUESTS
A,2,D,2

SECTION_SHIFT_OFF_REQUESTS
B,3,D,3

SECTION_COVER
2,D,2,100,1
3,D,0,100,7
4,N,1,50,1
`
const MADE_UP = makeUpInstance({ employees: 6, days: 14, shifts: 2, seed: 3 })

function read(text: string): Instance {
  const found = readInstance(text)
  if ('faults' in found) throw new Error(JSON.stringify(found.faults))
  return found
}
const faultsOf = (text: string) => {
  const found = readInstance(text)
  return 'faults' in found ? found.faults.map(({ line, cause, value }) => `${line} ${cause} ${value}`) : []
}
/** `D` and `N` are shifts, anything else is a day off. */
const rosterOf = (rows: Readonly<Record<string, string>>): WrittenShift[] =>
  Object.entries(rows).flatMap(([employee, letters]) =>
    [...letters].flatMap((shift, day) => ('DN'.includes(shift) ? [{ employee, day, shift }] : [])),
  )
const audit = (a: string, b = '-'.repeat(14)) => checkWrittenRoster(TINY, rosterOf({ A: a, B: b }))

describe('reading an instance of the public set', () => {
  it('reads every section, with Windows line ends as well', () => {
    const instance = read(TINY)
    expect(instance).toEqual(read(TINY.replaceAll('\n', '\r\n')))
    expect(instance.days).toBe(14)
    expect(instance.shifts[1]).toEqual({ id: 'N', minutes: 600, cannotPrecede: ['D'] })
    expect(instance.staff[1]).toMatchObject({ id: 'B', maxTotalMinutes: 4800, daysOff: [5, 6] })
    expect(instance.onRequests).toEqual([{ employee: 'A', day: 2, shift: 'D', weight: 2 }])
    expect(instance.cover).toHaveLength(3)
  })

  it('names the line and the text of each fault', () => {
    const damaged = TINY.replace('A,2,D,2', 'A,2,X,2')
      .replace('B,3,D,3', 'C,14,D')
      .replace('4,N,1,50,1', '2,D,1,50,1')
      .replace('N,600,D', 'N,6oo,D')
    expect(faultsOf(damaged)).toEqual([
      '7 not-a-number 6oo',
      '18 shift-unknown X',
      '21 employee-unknown C',
      '21 day-outside 14',
      '21 too-few-fields ',
      '26 twice 2,D',
    ])
  })

  it('names missing, unknown and repeated sections, and lines that belong to none', () => {
    expect(faultsOf('')).toContain('null section-missing SECTION_HORIZON')
    expect(faultsOf(TINY.replace('SECTION_COVER', 'SECTION_CORVE'))[0]).toBe(
      '23 section-unknown SECTION_CORVE',
    )
    expect(faultsOf(`${TINY}SECTION_STAFF\n`)[0]).toBe('27 section-twice SECTION_STAFF')
    expect(faultsOf(`id,name\n${TINY}`)[0]).toBe('1 outside-sections id,name')
    expect(faultsOf(TINY.replace('\n14\n', '\n0\n'))).toEqual(['3 horizon 0'])
  })

  it('does not fall over whichever line is lost or cut', () => {
    const lines = TINY.split('\n')
    for (let i = 0; i < lines.length; i++) {
      readInstance(lines.filter((_, j) => j !== i).join('\n'))
      readInstance(lines.map((line, j) => (j === i ? line.slice(0, line.length / 2) : line)).join('\n'))
    }
  })
})

describe('the audit of a written roster', () => {
  it('counts what is not covered and not granted', () => {
    expect(audit('--DDD---------')).toEqual({ objective: 100 + 7 + 50, breaches: [] })
    expect(audit('---DDD--------', '--DD----------').objective).toBe(2 + 3 + 100 + 14 + 50)
  })

  it.each([
    ['D-DD---DD-----', 'A 0: works on a day off'],
    ['--DDDD--------', 'A 2: 4 days in a row'],
    ['--D--DD-------', 'A 2: only 1 days in a row'],
    ['--DD-DD-------', 'A 4: only 1 days off'],
    ['--ND---DD-----', 'A 3: D after N'],
    ['--NNN---------', 'A: N 3 times'],
    ['--DD----------', 'A: 960 minutes'],
    ['----DDD----DD-', 'A: 2 weekends'],
  ])('refuses %s', (row, breach) => {
    expect(audit(row).breaches).toContain(breach)
  })

  it('asks for no minimum at the ends of the horizon', () => {
    expect(audit('-----------DDD').breaches).toEqual([])
    expect(audit('-DDD---------D').breaches).toEqual([])
  })

  it('refuses two shifts on one day and what is not of the instance', () => {
    expect(checkWrittenRoster(TINY, rosterOf({ B: 'D', C: 'D' })).breaches[0]).toContain(
      'not of this instance',
    )
    const twice = [...rosterOf({ A: '--DDD' }), { employee: 'A', day: 2, shift: 'N' }]
    expect(checkWrittenRoster(TINY, twice).breaches).toEqual(['A 2: two shifts'])
  })

  it('agrees with the audit of the problem about any roster, good or bad', () => {
    const problem = problemOfInstance(read(TINY))
    let state = 5
    for (let round = 0; round < 2_000; round++) {
      const roster = Int16Array.from({ length: 28 }, () => {
        state = (state * 48_271) % 2_147_483_647
        return [0, 0, 1, 1, 2][state % 5]!
      })
      const ours = checkRoster(problem, roster)
      const theirs = checkWrittenRoster(TINY, writtenRoster(problem, roster))
      expect(theirs.objective).toBe(ours.objective)
      expect(theirs.breaches.length > 0).toBe(ours.breaches.length > 0)
    }
  })
})

describe('an instance made up', () => {
  it('can be read, and its optimum is a roster that both audits take', async () => {
    const highs: Highs = await loadHighs()
    const problem = problemOfInstance(read(MADE_UP))
    const model = buildModel(problem)!
    const forever = { clock: () => 0, untilMilliseconds: 1e9, shouldStop: () => false }
    const { status, values, objective } = solveMip(highs, model.data, forever)
    expect(status).toBe('optimal')
    const roster = model.rosterOf(values!)
    expect(checkRoster(problem, roster).breaches).toEqual([])
    expect(checkRoster(problem, roster).objective).toBeCloseTo(objective!, 6)
    expect(checkWrittenRoster(MADE_UP, writtenRoster(problem, roster))).toEqual({
      objective: Math.round(objective!),
      breaches: [],
    })
  })
})
