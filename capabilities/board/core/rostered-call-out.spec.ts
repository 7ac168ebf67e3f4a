import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import type { RosteredAt, RosteredNow } from '../../roster/core/index.ts'
import { decide } from './activation-decisions.ts'
import type { ActivationId, OrderId } from './activation.ts'
import { planCallOut } from './call-out.ts'
import { drawDistrict } from './district.builder.ts'
import { AWAY, DEFAULT_PATROL_LEVELS, findLevel } from './patrol-levels.ts'
import { situationOf } from './situation.ts'

const level1 = findLevel(DEFAULT_PATROL_LEVELS, 1)!
const level2 = findLevel(DEFAULT_PATROL_LEVELS, 2)!
const { countingStatuses } = DEFAULT_PATROL_LEVELS

const at = (post: 'patrol' | 'reserve' | 'desk' | 'other', isStreet = post === 'patrol'): RosteredAt => ({
  ...{ kind: 'duty', shift: 'day', post, isStreet, startsAt: 0, endsAt: 1 },
})
/** Six at a station, all in; the roster says of each what the letters say. */
const six = drawDistrict({ stations: 1, units: [], singles: Array.from({ length: 6 }, () => ({ of: 1 })) })
const roster = (...of: (RosteredAt | null)[]): RosteredNow =>
  new Map(of.flatMap((one, index) => (one ? [[`single-${index}`, one] as const] : [])))
const called = (lines: ReturnType<typeof planCallOut>['lines']) =>
  lines.map(({ officerIds }) => officerIds[0])
const plan = (level: typeof level1, rostered: RosteredNow, force = six) =>
  planCallOut(force, level, countingStatuses, 0, new Map(), rostered)

describe('a call-out by the roster', () => {
  it('is as ever where no roster holds', () => {
    const before = planCallOut(six, level2, countingStatuses, 0)
    expect(plan(level2, new Map())).toEqual(before)
    expect(before.rosteredAway).toEqual([])
    expect(before.notYetOnDuty).toEqual([])
    expect(before.lines.flatMap(({ reasons }) => reasons.map(({ code }) => code))).not.toContain(
      'rostered-patrol',
    )
  })

  it('calls first whom the roster has on the street, then the unplaced, the reserve, and desks last', () => {
    const rostered = roster(at('desk'), at('reserve'), null, at('patrol'), at('other'), at('other', true))
    // 5 of 6 are needed: one desk may stay.
    const { lines, notCalled } = plan(level2, rostered)
    expect(called(lines)).toEqual(['single-3', 'single-5', 'single-2', 'single-4', 'single-1'])
    expect(notCalled).toMatchObject([{ officerId: 'single-0', because: 'target-met-without' }])
    expect(
      lines.map(({ reasons }) => reasons.map(({ code }) => code).find((code) => /rostered/.test(code))),
    ).toEqual(['rostered-patrol', 'rostered-other', undefined, 'rostered-other', 'rostered-reserve'])
  })

  it('at level 1 calls reserve and desks too', () => {
    const { lines, strength } = plan(level1, roster(at('desk'), at('reserve'), at('patrol')))
    expect(called(lines)).toHaveLength(6)
    expect(strength).toMatchObject({ available: 6, needed: 6 })
  })

  it('lists those off, on leave and in training apart: neither counted nor called, unless the level says so', () => {
    const rostered = roster({ kind: 'off' }, { kind: 'leave' }, { kind: 'training' }, at('desk'))
    const none = { ...level1, covers: { ...level1.covers, rosteredAway: [] } }
    const { lines, notCalled, rosteredAway, strength } = plan(none, rostered)
    expect(rosteredAway.map(({ officerId, because }) => [officerId, because])).toEqual([
      ['single-0', 'off'],
      ['single-1', 'leave'],
      ['single-2', 'training'],
    ])
    expect(called(lines)).toEqual(['single-4', 'single-5', 'single-3'])
    expect(strength).toMatchObject({ available: 3, needed: 3 })
    expect(notCalled).toEqual([])

    const all = { ...level1, covers: { ...level1.covers, rosteredAway: AWAY } }
    // As it ships, level 1 calls whoever is there on a day off, and nobody from leave or training.
    expect(plan(level1, rostered).rosteredAway.map(({ because }) => because)).toEqual(['leave', 'training'])
    expect(called(plan(level1, rostered).lines).at(-1)).toBe('single-0')
    const everybody = plan(all, rostered)
    expect(everybody.rosteredAway).toEqual([])
    // They come last.
    expect(called(everybody.lines)).toEqual([
      ...['single-4', 'single-5', 'single-3'],
      ...['single-0', 'single-1', 'single-2'],
    ])
    expect(everybody.lines.at(-1)!.reasons).toContainEqual({ code: 'rostered-away', detail: { officers: 1 } })
  })

  it('counts whom the roster has off where they are on the street already', () => {
    const out = drawDistrict({
      stations: 1,
      units: [{ of: 1, status: 'patrolling', crew: [{}, {}] }],
      singles: [{ of: 1 }],
    })
    const rostered: RosteredNow = new Map([
      ['unit-0.0', { kind: 'off' }],
      ['single-0', { kind: 'off' }],
    ])
    const { strength, rosteredAway } = plan(level2, rostered, out)
    expect(strength).toMatchObject({ onStreet: 2, available: 2, gap: 0 })
    expect(rosteredAway).toMatchObject([{ officerId: 'single-0', because: 'off', isOnDuty: true }])
  })

  it('names those whom the roster has at work and nobody has called on duty; it calls none of them', () => {
    const late = drawDistrict({
      stations: 1,
      units: [],
      singles: [
        { of: 1, duty: 'off' },
        { of: 1, duty: 'off' },
        { of: 1, duty: 'off', capable: false },
        { of: 1, duty: 'off', sworn: false },
        { of: 1 },
      ],
    })
    const rostered = roster(at('desk'), { kind: 'off' }, at('patrol'), at('patrol'), at('patrol'))
    const { lines, notYetOnDuty, rosteredAway } = plan(level1, rostered, late)
    expect(rosteredAway).toMatchObject([{ officerId: 'single-1', because: 'off', isOnDuty: false }])
    expect(called(lines)).toEqual(['single-4'])
    expect(notYetOnDuty.map(({ officerId, post }) => [officerId, post])).toEqual([
      ['single-0', 'desk'],
      ['single-3', 'patrol'],
    ])
    const swornOnly = { ...level1, covers: { ...level1.covers, auxiliaries: false } }
    expect(plan(swornOnly, rostered, late).notYetOnDuty.map(({ officerId }) => officerId)).toEqual([
      'single-0',
    ])
  })

  it('calls a unit whole, and says how many of its crew are rostered where', () => {
    const district = drawDistrict({
      stations: 1,
      units: [{ of: 1, status: 'briefing', crew: [{}, {}, {}] }],
      singles: [],
    })
    const rostered: RosteredNow = new Map([
      ['unit-0.0', at('patrol')],
      ['unit-0.1', at('patrol')],
      ['unit-0.2', at('reserve')],
    ])
    const [line] = plan(level1, rostered, district).lines
    expect(line!.subject).toMatchObject({ kind: 'unit', unitId: 'unit-0' })
    expect(line!.reasons).toEqual(
      expect.arrayContaining([
        { code: 'rostered-patrol', detail: { officers: 2 } },
        { code: 'rostered-reserve', detail: { officers: 1 } },
      ]),
    )
  })

  it('stands behind the orders of an activation, and lets it reach its target', () => {
    const rostered = roster({ kind: 'leave' }, at('patrol'), at('desk'))
    let n = 0
    const events = decide(
      null,
      {
        kind: 'activate',
        id: 'a' as ActivationId,
        districtId: six.organisations[0]!.id,
        terms: level1,
        reason: '',
        situation: situationOf(six, countingStatuses, new Set(), rostered),
        nextOrderId: () => `order-${n++}` as OrderId,
      },
      0,
    )
    if (isRefusal(events)) throw new Error(events.refused)
    const ordered = events.flatMap((event) =>
      event.type === 'order-made' && event.order.subject.kind === 'officer'
        ? [event.order.subject.officerId]
        : [],
    )
    expect(ordered).toHaveLength(5)
    expect(ordered).not.toContain('single-0')
    expect(ordered[0]).toBe('single-1')
    expect(ordered.at(-1)).toBe('single-2')
  })
})
