import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { totalOf } from '../../../solvers/density/cell-hours.ts'
import {
  hearFix,
  latestHeard,
  openUnitMinutes,
  presenceOf,
  usesByMinute,
  type PresenceQuestion,
  type StatusPeriod,
  type UnitMinutes,
} from './sync-minutes.ts'

const DAY = Date.parse('2026-11-24T00:00:00+08:00')
const at = (clock: string) => Date.parse(`2026-11-24T${clock}+08:00`)
const LATTICE = { origin: { lon: 113.6, lat: 34.1 }, cellMetres: 250 }
const QUESTION: PresenceQuestion = {
  lattice: LATTICE,
  hourOfMinute: Uint8Array.from({ length: 1440 }, (_, minute) => Math.floor(minute / 60)),
  gapSeconds: 180,
  fromMinute: 0,
  untilMinute: 1440,
}
type Heard = readonly [unit: number, at: number, east: number, north: number, rank?: number]

function heard(fixes: readonly Heard[], units = 3): UnitMinutes {
  const minutes = openUnitMinutes(DAY, 1440, units)
  for (const [unit, moment, east, north, rank = 1] of fixes) hearFix(minutes, unit, rank, moment, east, north)
  return minutes
}
const NUMBER_OF = new Map([
  ['a', 0],
  ['b', 1],
  ['c', 2],
])
const onPatrol = ['a', 'b', 'c'].map((unitId): StatusPeriod => ({
  unitId,
  status: 'patrolling',
  sinceAt: DAY - 1,
  untilAt: null,
}))
const presence = (fixes: readonly Heard[], periods = onPatrol, question = QUESTION) => {
  const minutes = heard(fixes)
  return presenceOf(minutes, usesByMinute(minutes, NUMBER_OF, periods, DAY + 86_400_000), question)
}
const every = (
  seconds: number,
  from: string,
  until: string,
  place: (n: number) => [number, number],
  unit = 0,
) => {
  const fixes: Heard[] = []
  for (let n = 0; at(from) + n * seconds * 1000 < at(until); n++)
    fixes.push([unit, at(from) + n * seconds * 1000, ...place(n)])
  return fixes
}
const stands = (): [number, number] => [125, 125]

describe('minutes of patrol', () => {
  it('count a unit once a minute, however often it reports', () => {
    for (const seconds of [2, 10, 30, 60])
      expect(presence(every(seconds, '09:00:00', '10:00:00', stands)).patrolMinutes, `${seconds} s`).toBe(60)
  })

  it('lie in the hour and cell where the unit was', () => {
    const { cells } = presence(every(10, '09:30:00', '10:30:00', stands))
    expect([...cells.column, ...cells.row]).toEqual([0, 0])
    expect([cells.value[9], cells.value[10]]).toEqual([30, 30])
  })

  it('bridge a short silence by a straight line, and leave a longer one out', () => {
    const drive = (silentMinutes: number): Heard[] => [
      [0, at('09:00:30'), 125, 125],
      [0, at('09:00:30') + (silentMinutes + 1) * 60_000, 125 + 250 * (silentMinutes + 1), 125],
    ]
    const short = presence(drive(2))
    expect(short.patrolMinutes).toBe(4)
    expect([...short.cells.column]).toEqual([0, 1, 2, 3])
    expect(presence(drive(3)).patrolMinutes).toBe(2)
  })

  it('give nothing for the time after the last that was heard', () => {
    expect(presence([[0, at('09:00:30'), 0, 0]])).toMatchObject({
      patrolMinutes: 1,
      untrackedMinutes: 3 * 1440 - 1,
      units: 1,
    })
  })

  it('are patrol only: incident work, inspections and breaks are shown apart or not at all', () => {
    const period = (status: StatusPeriod['status'], from: string, until: string): StatusPeriod => ({
      ...{ unitId: 'a', status, sinceAt: at(from), untilAt: at(until) },
    })
    const periods = [
      period('patrolling', '09:00:00', '09:20:00'),
      period('en-route', '09:20:00', '09:25:00'),
      period('on-scene', '09:25:00', '09:40:00'),
      period('stand-by', '09:40:00', '09:45:00'),
      period('inspecting', '09:45:00', '09:55:00'),
      period('break', '09:55:00', '10:00:00'),
    ]
    expect(presence(every(10, '09:00:00', '10:00:00', stands), periods)).toMatchObject({
      patrolMinutes: 20,
      untrackedMinutes: 0,
      incidentMinutes: 25,
      inspectionMinutes: 10,
    })
  })

  it('count within the time asked about only', () => {
    const lastHour = { ...QUESTION, fromMinute: 570, untilMinute: 600 }
    expect(presence(every(10, '09:00:00', '11:00:00', stands), onPatrol, lastHour)).toMatchObject({
      patrolMinutes: 30,
      untrackedMinutes: 60,
    })
  })

  it('follow the best device where a unit has two', () => {
    const fixes: Heard[] = [
      [0, at('09:00:30'), 1_125, 125, 3],
      [0, at('09:00:05'), 125, 125, 1],
    ]
    for (const order of [fixes, [...fixes].reverse()]) expect([...presence(order).cells.column]).toEqual([0])
  })

  it('do not depend on the order of units and fixes, nor on hearing one twice', () => {
    const fix = fc.tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 1_200_000 }).map((ms) => at('09:00:00') + ms),
      fc.integer({ min: -2_000, max: 2_000 }),
      fc.integer({ min: -2_000, max: 2_000 }),
      fc.integer({ min: 1, max: 2 }),
    )
    fc.assert(
      fc.property(fc.array(fix, { minLength: 1, maxLength: 60 }), (fixes) => {
        const there = presence(fixes)
        const back = presence([...fixes, ...fixes].reverse())
        expect(back).toEqual(there)
        const renamed = presence(fixes.map(([unit, ...rest]) => [2 - unit, ...rest] as const))
        expect(renamed.cells.column).toEqual(there.cells.column)
        expect(totalOf(renamed.cells)).toBeCloseTo(totalOf(there.cells), 9)
        expect(totalOf(there.cells)).toBeCloseTo(there.patrolMinutes, 6)
      }),
    )
  })

  it('leave out what lies outside the day', () => {
    const minutes = heard([
      [0, DAY - 1, 0, 0],
      [0, DAY + 86_400_000, 0, 0],
    ])
    expect(latestHeard(minutes)).toBeNull()
  })

  it('know when anybody was heard last', () => {
    expect(
      latestHeard(
        heard([
          [0, at('09:00:30'), 0, 0],
          [1, at('09:00:41'), 0, 0],
        ]),
      ),
    ).toBe(at('09:00:41'))
  })
})
