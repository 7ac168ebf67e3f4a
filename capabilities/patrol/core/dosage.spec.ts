import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { destination } from '../../../foundation/core/geo.ts'
import { complianceOf, presenceIn, type TrackFix } from './dosage.ts'
import type { Occurrence } from './occurrence.ts'
import { ORDER_RULES } from './order-rules.ts'

const PLACE = { lon: 121.5, lat: 31.2, radiusMetres: 85, label: '站前广场' }
const EIGHT = Date.parse('2026-11-24T20:00:00+08:00')
const at = (minutes: number) => EIGHT + minutes * 60_000
const fix = (minutes: number, metresAway: number, accuracyMetres = 10): TrackFix => ({
  at: at(minutes),
  ...destination(PLACE, 90, metresAway),
  accuracyMetres,
})
/** A fix each half minute from one minute to another (excluded). */
const stretch = (from: number, until: number, metresAway: number): TrackFix[] =>
  Array.from({ length: (until - from) * 2 }, (_, i) => fix(from + i / 2, metresAway))
const span = (from: number, until: number) => ({ fromAt: at(from), untilAt: at(until) })
const look = (fixes: readonly TrackFix[], from = 0, until = 60) =>
  presenceIn(PLACE, fixes, span(from, until), ORDER_RULES)
const minutesOf = ({ insideSeconds, outsideSeconds, unknownSeconds }: ReturnType<typeof look>) =>
  [insideSeconds, outsideSeconds, unknownSeconds].map((seconds) => Math.round(seconds / 60))

describe('what a track tells of a place', () => {
  it('is when the unit came and went, and for how long it was there', () => {
    const seen = look([...stretch(-2, 10, 500), ...stretch(10, 24, 20), ...stretch(24, 62, 900)])
    expect(minutesOf(seen)).toEqual([14, 46, 0])
    expect(seen.stays).toHaveLength(1)
    expect(seen.stays[0]!.arrivedAt).toBeGreaterThan(at(9))
    expect(seen.stays[0]!.leftAt).toBeLessThan(at(25))
    expect(seen.mayHideVisit).toBe(false)
  })

  it('takes the moment of crossing in proportion between two fixes', () => {
    // From 185 m away to the middle in a minute: 100 of 185 metres are outside.
    const seen = look([fix(0, 185), fix(1, 0), fix(2, 0)], 0, 2)
    expect(seen.outsideSeconds).toBeCloseTo((60 * 100) / 185, 0)
    expect(seen.insideSeconds).toBeCloseTo(120 - (60 * 100) / 185, 0)
  })

  it('does not take jitter at the border for going out and coming in', () => {
    const jitter = Array.from({ length: 40 }, (_, i) => fix(10 + i / 2, i % 2 === 0 ? 80 : 105))
    const seen = look([...stretch(-1, 10, 300), ...jitter, ...stretch(30, 62, 300)])
    expect(seen.stays).toHaveLength(1)
    expect(Math.round(seen.insideSeconds / 60)).toBe(20)
  })

  it('does not let a unit in that only stands near the border', () => {
    expect(look(stretch(-1, 62, 100)).stays).toEqual([])
  })

  it('makes one visit of a stay broken for less than two minutes, without counting the break', () => {
    const shop = [...stretch(0, 8, 10), ...stretch(8, 9, 200), ...stretch(9, 16, 10), ...stretch(16, 62, 400)]
    const seen = look(shop)
    expect(seen.stays).toHaveLength(1)
    expect(seen.stays[0]!.seconds).toBeLessThan(15.5 * 60)
    const twice = [
      ...stretch(0, 8, 10),
      ...stretch(8, 12, 200),
      ...stretch(12, 20, 10),
      ...stretch(20, 62, 400),
    ]
    expect(look(twice).stays).toHaveLength(2)
  })

  it('says of silence neither there nor away', () => {
    const seen = look([...stretch(0, 10.5, 600), ...stretch(40, 61, 600)])
    expect(minutesOf(seen)).toEqual([0, 30, 30])
    expect(seen.mayHideVisit).toBe(true)
    expect(minutesOf(look([]))).toEqual([0, 0, 60])
    expect(look([]).mayHideVisit).toBe(true)
  })

  it('does not make two visits of one that silence breaks', () => {
    const seen = look([...stretch(0, 8, 10), ...stretch(20, 28, 10), ...stretch(28, 62, 500)])
    expect(seen.stays).toHaveLength(1)
    expect(seen.stays[0]!.seconds / 60).toBeCloseTo(15.5, 0)
  })

  it('hides no visit in a silence too short to drive there and back', () => {
    // 12 km away, ten minutes of silence.
    const far = look([...stretch(-1, 20.5, 12_000), ...stretch(30, 62, 12_000)])
    expect(minutesOf(far)).toEqual([0, 50, 10])
    expect(far.mayHideVisit).toBe(false)
    expect(look([...stretch(-1, 20, 600), ...stretch(30, 62, 600)]).mayHideVisit).toBe(true)
    expect(look([...stretch(-1, 20, 100), ...stretch(24, 62, 100)]).mayHideVisit).toBe(false)
  })

  it('learns nothing from fixes that are too inaccurate', () => {
    const vague = stretch(0, 60, 10).map((one) => ({ ...one, accuracyMetres: 400 }))
    expect(minutesOf(look(vague))).toEqual([0, 0, 60])
    const unsaid = stretch(0, 61, 10).map((one) => ({ ...one, accuracyMetres: NaN }))
    expect(minutesOf(look(unsaid))).toEqual([60, 0, 0])
  })

  it('is cut to the span, and adds up to it', () => {
    const seen = look(stretch(-30, 90, 10), 0, 60)
    expect(seen.stays).toEqual([{ arrivedAt: at(0), leftAt: at(60), seconds: 3600 }])
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            minutes: fc.double({ min: -20, max: 80, noNaN: true }),
            away: fc.integer({ min: 0, max: 300 }),
          }),
          {
            maxLength: 60,
          },
        ),
        (points) => {
          const fixes = points.map(({ minutes, away }) => fix(minutes, away)).toSorted((a, b) => a.at - b.at)
          const { insideSeconds, outsideSeconds, unknownSeconds, stays } = look(fixes)
          expect(insideSeconds + outsideSeconds + unknownSeconds).toBeCloseTo(3600, 3)
          expect(stays.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(insideSeconds, 3)
          for (const { arrivedAt, leftAt } of stays) {
            expect(arrivedAt).toBeGreaterThanOrEqual(at(0))
            expect(leftAt).toBeLessThanOrEqual(at(60))
          }
        },
      ),
    )
  })
})

describe('an occurrence', () => {
  const occurrence: Occurrence = { startsAt: at(0), endsAt: at(120), askedVisits: 2, askedSeconds: 24 * 60 }
  const judge = (tracks: Record<string, TrackFix[]>, now = at(300)) =>
    complianceOf(occurrence, PLACE, new Map(Object.entries(tracks)), ['u1', 'u2'], ORDER_RULES, now)
  const away = stretch(-5, 125, 800)
  const visiting = (from: number, until: number): TrackFix[] => [
    ...stretch(-5, from, 800),
    ...stretch(from, until, 10),
    ...stretch(until, 125, 800),
  ]

  it('is done by the visits of any unit that was sent', () => {
    expect(judge({ u1: visiting(10, 23), u2: visiting(70, 83) })).toMatchObject({
      outcome: 'done',
      visits: 2,
      otherVisits: 0,
    })
  })

  it('is done early, and under way until then', () => {
    expect(judge({ u1: visiting(10, 23), u2: away }, at(60))).toMatchObject({
      outcome: 'under-way',
      visits: 1,
    })
    expect(judge({ u1: visiting(10, 23), u2: visiting(30, 43) }, at(60))).toMatchObject({ outcome: 'done' })
    expect(judge({}, at(-1))).toMatchObject({ outcome: 'upcoming', stays: [] })
  })

  it('is partly done with a visit too few, or minutes too few', () => {
    expect(judge({ u1: visiting(10, 23), u2: away })).toMatchObject({ outcome: 'partly', visits: 1 })
    expect(judge({ u1: visiting(10, 17), u2: visiting(50, 57) })).toMatchObject({
      outcome: 'partly',
      visits: 2,
    })
  })

  it('counts no drive through', () => {
    const through = judge({ u1: visiting(10, 13), u2: away })
    expect(through).toMatchObject({ outcome: 'not-done', visits: 0, seconds: 0 })
    expect(through.stays).toMatchObject([{ unitId: 'u1', counts: false }])
  })

  it('shows visits of units that were not sent, and does not count them', () => {
    const seen = judge({ u1: away, u2: away, u9: visiting(10, 40) })
    expect(seen).toMatchObject({ outcome: 'not-done', visits: 0, otherVisits: 1 })
    expect(seen.stays).toMatchObject([{ unitId: 'u9', isAddressed: false }])
  })

  it('is «not done» only where no unit sent could have been there unseen', () => {
    const silent = [...stretch(-5, 40, 800), ...stretch(80, 125, 800)]
    expect(judge({ u1: away, u2: silent })).toMatchObject({ outcome: 'cannot-be-told' })
    expect(judge({ u1: away })).toMatchObject({ outcome: 'cannot-be-told' })
    expect(judge({ u1: away, u2: away })).toMatchObject({ outcome: 'not-done', unknownSeconds: 0 })
  })

  it('comes to the same however often it is counted, and late fixes complete it', () => {
    const late = visiting(70, 83)
    const online = late.filter((one) => one.at < at(60) || one.at > at(100))
    expect(judge({ u1: visiting(10, 23), u2: online })).toMatchObject({ outcome: 'partly' })
    const complete = judge({ u1: visiting(10, 23), u2: late })
    expect(complete).toMatchObject({ outcome: 'done' })
    expect(judge({ u1: visiting(10, 23), u2: late })).toEqual(complete)
  })
})
