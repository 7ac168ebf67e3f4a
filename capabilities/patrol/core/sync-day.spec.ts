import { describe, expect, it } from 'vitest'
import { gatherCellHours } from '../../../solvers/density/cell-hours.ts'
import { DEFAULT_SYNC, isFinal, minutesOfDay, reckonSync, syncDayDue, type SyncJob } from './sync-day.ts'
import { hearFix, openUnitMinutes, usesByMinute, type StatusPeriod } from './sync-minutes.ts'

const ZONE = 'Asia/Shanghai'
const TODAY = '2026-11-24'
const at = (clock: string, day = TODAY) => Date.parse(`${day}T${clock}:00+08:00`)
const ORIGIN = { lon: 113.6, lat: 34.1 }

describe('a day of the wall clock', () => {
  it('has 24 hours, and 23 or 25 where clocks change', () => {
    expect(minutesOfDay(TODAY, ZONE)).toMatchObject({ minutes: 1440, fromAt: at('00:00') })
    const spring = minutesOfDay('2026-03-08', 'America/Chicago')
    expect(spring.minutes).toBe(1380)
    expect(spring.hourOfMinute.includes(2)).toBe(false)
    const autumn = minutesOfDay('2026-11-01', 'America/Chicago')
    expect(autumn.minutes).toBe(1500)
    expect(autumn.hourOfMinute.filter((hour) => hour === 1)).toHaveLength(120)
  })
})

/** Three units that stand in cell 0 from 9 to 10; risk there at 9, and twice as much in cell 4 at 22. */
function job(
  change: {
    units?: number
    risk?: [number, number, number][]
    periods?: StatusPeriod[]
    until?: number
  } = {},
) {
  const day = minutesOfDay(TODAY, ZONE)
  const units = change.units ?? 3
  const minutes = openUnitMinutes(day.fromAt, day.minutes, 3)
  for (let unit = 0; unit < units; unit++)
    for (let second = 0; second < 3600; second += 10)
      hearFix(minutes, unit, 1, at('09:00') + second * 1000, 125, 125)
  const risk = gatherCellHours(ORIGIN, 250, 32)
  for (const [cell, hour, amount] of change.risk ?? [
    [0, 9, 1],
    [4, 22, 2],
  ])
    risk.add(cell * 250 + 125, 125, hour, amount)
  const numberOf = new Map(['a', 'b', 'c'].map((id, n) => [id, n]))
  const periods =
    change.periods ??
    [...numberOf.keys()].map((unitId): StatusPeriod => ({
      ...{ unitId, status: 'patrolling', sinceAt: at('09:00'), untilAt: at('10:00') },
    }))
  return {
    minutes,
    uses: usesByMinute(minutes, numberOf, periods, at('23:59')),
    hourOfMinute: day.hourOfMinute,
    risk: risk.finish(),
    riskFromHour: 0,
    fromMinute: 0,
    untilMinute: change.until ?? 1440,
    gapSeconds: 180,
    setting: DEFAULT_SYNC,
  } satisfies SyncJob
}

describe('the figure of a day', () => {
  it('says how much falls where and when risk is, what would be better, and where the time went', () => {
    const outcome = reckonSync(job())
    expect(outcome).toMatchObject({
      state: 'done',
      minutes: { patrolMinutes: 180, untrackedMinutes: 0, units: 3 },
      figures: {
        overlap: 0.333333,
        byPlace: 0.333333,
        byHour: 0.333333,
        // All in the same hour: no place is better; in better hours all of it could be met.
        bestPlaces: 0.333333,
        bestHours: 1,
        expectedIncidents: 3,
      },
    })
    if (outcome.state !== 'done') throw new Error('not done')
    const { hourMoves } = outcome.figures
    expect(hourMoves[0]).toMatchObject({ from: { hour: 9 }, to: { hour: 22 } })
    expect(hourMoves.reduce((sum, { visits }) => sum + visits, 0)).toBe(10)
    expect(hourMoves.reduce((sum, { gain }) => sum + gain, 0)).toBeCloseTo(2 / 3, 5)
    expect(outcome.figures.placeMoves).toEqual([])
    expect(outcome.surface.cells).toHaveLength(2)
    expect(outcome.surface.hiddenHours).toEqual([])
  })

  it('counts of the running day the hours so far only', () => {
    const outcome = reckonSync(job({ until: 12 * 60 }))
    expect(outcome).toMatchObject({ state: 'done', figures: { overlap: 1 } })
  })

  it('is never nought for want of a track: it cannot be told', () => {
    expect(reckonSync(job({ units: 0 }))).toEqual({
      state: 'no-track',
      minutes: {
        ...{ patrolMinutes: 0, untrackedMinutes: 180, incidentMinutes: 0, inspectionMinutes: 0, units: 0 },
      },
    })
  })

  it('is not told either where tracks are of units that were not on patrol', () => {
    expect(reckonSync(job({ periods: [] }))).toMatchObject({ state: 'no-track' })
  })

  it('cannot be told without anything expected in these hours', () => {
    expect(reckonSync(job({ risk: [] }))).toMatchObject({ state: 'no-plan' })
    expect(reckonSync(job({ risk: [[0, 22, 1]], until: 720 }))).toMatchObject({ state: 'no-plan' })
  })

  it('does not say where one or two units were: that would be their track', () => {
    const outcome = reckonSync(job({ units: 2 }))
    if (outcome.state !== 'done') throw new Error('not done')
    expect(outcome.figures.overlap).toBeCloseTo(1 / 3, 5)
    expect(outcome.surface.hiddenHours).toEqual([9])
    expect(outcome.surface.cells.flatMap(({ presence }) => presence).some((each) => each > 0)).toBe(false)
    expect(outcome.figures.hourMoves).toEqual([])
    expect(outcome.figures.tooMuch).toEqual([])
  })
})

describe('which finished day is reckoned next', () => {
  const plans = new Map([
    ['2026-11-21', 'p21'],
    ['2026-11-22', 'p22'],
    ['2026-11-23', 'p23'],
  ])
  const kept = (day: string, computedAt: number, runId: string | null) =>
    [day, { day, computedAt, runId }] as const
  const final = at('00:00') + 5 * 86_400_000

  it('is yesterday, soon after midnight, and then what was missed', () => {
    expect(
      syncDayDue(
        at('00:03'),
        ZONE,
        plans,
        new Map([kept('2026-11-22', final, 'p22'), kept('2026-11-21', final, 'p21')]),
      ),
    ).toBeNull()
    expect(syncDayDue(at('00:07'), ZONE, plans, new Map())).toBe('2026-11-23')
    expect(syncDayDue(at('00:07'), ZONE, plans, new Map([kept('2026-11-23', at('00:07'), 'p23')]))).toBe(
      '2026-11-22',
    )
  })

  it('is none before the first plan, and none without any', () => {
    const all = new Map([...plans].map(([day, run]) => kept(day, final, run)))
    expect(syncDayDue(at('09:00'), ZONE, plans, all)).toBeNull()
    expect(syncDayDue(at('09:00'), ZONE, new Map(), new Map())).toBeNull()
  })

  it('is yesterday again as late fixes come, for two days', () => {
    const older = [kept('2026-11-22', final, 'p22'), kept('2026-11-21', final, 'p21')]
    const after = (computedAt: number) => new Map([...older, kept('2026-11-23', computedAt, 'p23')])
    expect(syncDayDue(at('00:59'), ZONE, plans, after(at('00:07')))).toBeNull()
    expect(syncDayDue(at('01:00'), ZONE, plans, after(at('00:07')))).toBe('2026-11-23')
    expect(isFinal('2026-11-23', at('23:59', '2026-11-25'), ZONE)).toBe(false)
    expect(isFinal('2026-11-23', at('00:00', '2026-11-26'), ZONE)).toBe(true)
    expect(
      syncDayDue(at('00:00', '2026-11-26'), ZONE, new Map(plans), after(at('00:07', '2026-11-25'))),
    ).not.toBeNull()
  })

  it('is a day whose plan came later, or was made again while it is not final', () => {
    const older = [kept('2026-11-22', final, null), kept('2026-11-21', final, 'p21')]
    expect(
      syncDayDue(at('00:07'), ZONE, plans, new Map([...older, kept('2026-11-23', at('00:07'), 'p23')])),
    ).toBe('2026-11-22')
    const again = [kept('2026-11-22', final, 'an earlier run'), kept('2026-11-21', final, 'p21')]
    expect(
      syncDayDue(at('00:07'), ZONE, plans, new Map([...again, kept('2026-11-23', at('00:07'), 'p23')])),
    ).toBeNull()
    expect(
      syncDayDue(
        at('00:08'),
        ZONE,
        plans,
        new Map([...again, kept('2026-11-23', at('00:07'), 'an earlier run')]),
      ),
    ).toBe('2026-11-23')
  })
})
