import { describe, expect, it } from 'vitest'
import type { FoundWarning, KeptSeries } from '../core/index.ts'
import type { ShiftShown } from './analysis-api.ts'
import { draftsOf, newOrders, type Published } from './publish.ts'

const NIGHT = {
  fromAt: '2026-11-24T16:00:00.000Z',
  untilAt: '2026-11-25T00:00:00.000Z',
  stops: [{ rank: 1, position: { lon: 113.6, lat: 34.1 } }],
} as unknown as ShiftShown
const SERIES = {
  ...{ id: 'S', category: '0108', middle: { lon: 113.61, lat: 34.11 }, radiusMetres: 12 },
  next: {
    fromDate: '2026-11-24',
    untilDate: '2026-11-27',
    hours: { fromHour: 22, untilHour: 26, holds: 3, of: 4 },
  },
} as unknown as KeptSeries
const WARNING = {
  ...{ id: 'W', category: '0110' },
  densest: { position: { lon: 113.62, lat: 34.12 }, radiusMetres: 85, holds: 4 },
} as unknown as FoundWarning

const of: Published = {
  ...{ runId: 'R', timeZone: 'Asia/Shanghai', now: Date.parse('2026-11-24T01:00:00Z'), discRadiusMetres: 85 },
  ...{ shifts: [{} as ShiftShown, NIGHT], series: [SERIES], warnings: [WARNING] },
  words: {
    stop: () => 'stop',
    stopOf: () => ({ label: 'weekly', text: 'all of it' }),
    series: () => ({ label: 'series', reason: 'why' }),
    warning: () => ({ label: 'warning', reason: 'why' }),
  },
}
const stop = { kind: 'stop', shift: 1, rank: 1 } as const

describe('what orders are drafted from', () => {
  it('names stops by run, shift and rank where there is nothing else', () => {
    expect(newOrders([stop, { ...stop, rank: 7 }], of)).toBe('R:1:1,R:1:7')
  })

  it('gives a stop its shift’s hours, past midnight too', () => {
    const [draft] = draftsOf([stop], of)
    expect(draft!.band).toEqual({ fromMinute: 0, untilMinute: 480, weekdays: [] })
    expect(draft!.place).toEqual({ lon: 113.6, lat: 34.1, radiusMetres: 85, label: 'stop' })
  })

  it('gives a stop of another plan its whole time, and says in words what carries it', () => {
    const week = { ...NIGHT, untilAt: '2026-12-01T16:00:00.000Z' }
    const of7 = { category: '0108', stretch: 'week', plan: week, stop: NIGHT.stops[0]! } as const
    const [draft] = JSON.parse(newOrders([{ ...stop, of: of7 }], of))
    expect(draft).toMatchObject({
      category: '0108',
      band: { fromMinute: 0, untilMinute: 1440 },
      expiresAt: '2026-12-01T16:00:00.000Z',
      evidence: [{ kind: 'written', text: 'all of it' }],
    })
  })

  it('gives a series its hours, and the last day on which it would go on', () => {
    const [draft] = JSON.parse(newOrders([{ kind: 'series', id: 'S' }], of))
    expect(draft).toMatchObject({
      place: { lon: 113.61, lat: 34.11, radiusMetres: 80 },
      category: '0108',
      band: { fromMinute: 1320, untilMinute: 1560 },
      expiresAt: '2026-11-27T16:00:00.000Z',
      evidence: [{ kind: 'series', runId: 'R', seriesId: 'S', summary: 'why' }],
    })
  })

  it('sends a patrol where most of a warning’s incidents lie, for a week', () => {
    const drafts = JSON.parse(newOrders([{ kind: 'warning', id: 'W' }, stop], of))
    expect(drafts).toHaveLength(2)
    expect(drafts[0]).toMatchObject({
      place: { lon: 113.62, lat: 34.12, radiusMetres: 85 },
      expiresAt: '2026-12-01T01:00:00.000Z',
      evidence: [{ kind: 'warning', warningId: 'W' }],
    })
  })

  it('leaves out what the run has not', () => {
    expect(
      draftsOf(
        [
          { kind: 'series', id: 'gone' },
          { ...stop, rank: 99 },
        ],
        of,
      ),
    ).toEqual([])
  })
})
