import { describe, expect, it } from 'vitest'
import { ORDER_RULES } from '../core/index.ts'
import { blankContent, completed, draftOfStop, nearestUnit, readNew, type PlanRead } from './new-orders.ts'

const NOON = Date.parse('2026-11-24T12:00:00+08:00')
const around = {
  now: NOON,
  rules: ORDER_RULES,
  minuteOf: (at: number) => ((at + 8 * 3_600_000) / 60_000) % 1440,
}
const plan: PlanRead = {
  run: { parameters: { discRadiusMetres: 85 } },
  shifts: [
    {
      fromAt: '2026-11-24T08:00:00+08:00',
      untilAt: '2026-11-24T11:00:00+08:00',
      stops: [{ rank: 1, position: { lon: 121.5, lat: 31.2 }, expected: 0.1, low: 0, high: 1 }],
    },
    {
      fromAt: '2026-11-25T00:00:00+08:00',
      untilAt: '2026-11-25T08:00:00+08:00',
      stops: [{ rank: 2, position: { lon: 121.5123456, lat: 31.2 }, expected: 1.4, low: 0, high: 4 }],
    },
  ],
}
const stop = (shift: number, rank: number) => draftOfStop({ runId: 'r', shift, rank }, plan, '热点', around)

describe('the address that opens drafts', () => {
  it('names stops of runs', () => {
    expect(readNew('0199-ab:0:3,0199-ab:2:11')).toEqual({
      kind: 'stops',
      stops: [
        { runId: '0199-ab', shift: 0, rank: 3 },
        { runId: '0199-ab', shift: 2, rank: 11 },
      ],
    })
  })
  it('or carries contents', () => {
    expect(readNew('[{"reason":"x"}]')).toEqual({ kind: 'contents', contents: [{ reason: 'x' }] })
  })
  it('or says nothing that is understood', () => {
    for (const text of ['', 'r:1', 'r:1:x', '[', '[]', '[1]', '{"a":1}'])
      expect(readNew(text), text).toBeNull()
  })
})

describe('the draft of a stop', () => {
  it('has its place, its hours, its evidence, and more visits where more is expected', () => {
    expect(stop(1, 2)).toMatchObject({
      place: { lon: 121.51235, lat: 31.2, radiusMetres: 85, label: '' },
      startsAt: '2026-11-24T16:00:00.000Z',
      expiresAt: '2026-11-25T00:00:00.000Z',
      band: { fromMinute: 0, untilMinute: 480 },
      dosage: { visits: 6, minutesPerVisit: 12 },
      evidence: [{ kind: 'stop', runId: 'r', shift: 1, rank: 2, expected: 1.4 }],
    })
  })
  it('of a shift that is over is for tomorrow', () => {
    const draft = stop(0, 1)!
    expect(draft.expiresAt).toBe('2026-11-25T03:00:00.000Z')
    expect(Date.parse(draft.startsAt)).toBe(NOON)
  })
  it('is none where the plan has no such stop', () => {
    expect([stop(0, 9), stop(7, 1)]).toEqual([null, null])
  })
})

describe('a draft of what another page knows', () => {
  const of = (content: Parameters<typeof completed>[0]) =>
    completed(content, new Map([['r', plan]]), () => '热点', { lon: 121, lat: 31 }, around)

  it('gets the counts of its stop from the plan, and a dosage for them', () => {
    const band = { fromMinute: 0, untilMinute: 480, weekdays: [] }
    expect(of({ band, evidence: [{ kind: 'stop', runId: 'r', shift: 1, rank: 2 }] })).toMatchObject({
      evidence: [{ expected: 1.4, low: 0, high: 4 }],
      dosage: { visits: 6 },
      reason: '热点',
    })
    expect(of({ evidence: [{ kind: 'stop', runId: 'gone', shift: 1, rank: 2 }] }).evidence).toEqual([])
  })

  it('keeps its hours within a day, and is not for a time that has passed', () => {
    const late = of({
      band: { fromMinute: 1500, untilMinute: 1620, weekdays: [] },
      startsAt: '2026-11-23T00:00:00.000Z',
      expiresAt: '2026-11-24T01:00:00.000Z',
    })
    expect(late).toMatchObject({
      band: { fromMinute: 60, untilMinute: 180 },
      expiresAt: '2026-11-25T01:00:00.000Z',
      dosage: { visits: 1, minutesPerVisit: 12 },
    })
    expect(Date.parse(late.startsAt)).toBe(NOON)
  })
})

describe('a draft without evidence', () => {
  it('begins with an evening of visits', () => {
    expect(blankContent({ lon: 121.5, lat: 31.2 }, around)).toMatchObject({
      dosage: { visits: 2, minutesPerVisit: 12 },
      unitIds: [],
    })
  })
  it('finds the unit nearest by the straight line', () => {
    const units = [
      { id: 'far', lon: 121.6, lat: 31.2 },
      { id: 'near', lon: 121.51, lat: 31.2 },
    ]
    expect(nearestUnit({ lon: 121.5, lat: 31.2 }, units)).toBe('near')
    expect(nearestUnit({ lon: 121.5, lat: 31.2 }, [])).toBeNull()
  })
})
