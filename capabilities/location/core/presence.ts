import { distanceMetres } from '../../../foundation/core/geo.ts'
import { wallClock, type Instant } from '../../../foundation/core/instant.ts'
import type { ActiveHours, KeyPlace } from '../../place/core/index.ts'

/** A place that must not be left alone, as the watch sees it. It belongs to `place` and arrives as an argument. */
export type GuardedPlace = Omit<KeyPlace, 'id' | 'version'> & { readonly id: string }

export interface PresenceRules {
  /** A unit in one of these states keeps a place by being there. */
  readonly presentStatuses: readonly string[]
  /** A unit whose position is older than this is not believed to be there any more. */
  readonly staleAfterSeconds: number
  /** A unit that was inside has left only when it is this far outside: a receiver at the edge wavers. */
  readonly leaveMarginMetres: number
}

export const PRESENCE_RULES_SETTING = 'location.presence'

export const PRESENCE_RULES: PresenceRules = {
  presentStatuses: ['patrolling', 'stand-by', 'inspecting', 'on-scene'],
  staleAfterSeconds: 300,
  leaveMarginMetres: 30,
}

/** A unit as the geofence sees it. */
export interface UnitSeen {
  readonly unitId: string
  readonly status: string
  readonly lon: number
  readonly lat: number
  readonly fixedAt: Instant
}

/** Since when each unit has been at each place: place id → unit id → moment. */
export type Presence = ReadonlyMap<string, ReadonlyMap<string, Instant>>

export interface PresenceChange {
  readonly type: 'entered' | 'left'
  readonly placeId: string
  readonly unitId: string
  readonly at: Instant
}

/**
 * Who has come to which place and who has gone, looking at the units given and no others.
 * `at` is the moment of the fix that shows it, so that minutes at a place do not depend on when we looked.
 */
export function presenceChanges(
  presence: Presence,
  places: readonly GuardedPlace[],
  units: Iterable<UnitSeen>,
  rules: PresenceRules,
  now: Instant,
): PresenceChange[] {
  const changes: PresenceChange[] = []
  for (const unit of units) {
    const counts = rules.presentStatuses.includes(unit.status)
    const isFresh = unit.fixedAt >= now - rules.staleAfterSeconds * 1000
    for (const place of places) {
      const since = presence.get(place.id)?.get(unit.unitId)
      const wasThere = since !== undefined
      const isThere =
        counts &&
        isFresh &&
        isNear(place, unit, place.radiusMetres + (wasThere ? rules.leaveMarginMetres : 0))
      if (isThere && !wasThere)
        changes.push({ type: 'entered', placeId: place.id, unitId: unit.unitId, at: unit.fixedAt })
      // A unit that changed its state in place has left now; one that drove away or fell silent left with its last fix.
      if (!isThere && wasThere) {
        changes.push({
          type: 'left',
          placeId: place.id,
          unitId: unit.unitId,
          at: Math.max(since, counts ? unit.fixedAt : now),
        })
      }
    }
  }
  return changes
}

/** Stays that nothing can end any more: the place is no key place now, or the unit has no position. */
export function orphanedStays(
  presence: Presence,
  places: readonly GuardedPlace[],
  unitIds: ReadonlySet<string>,
  now: Instant,
): PresenceChange[] {
  const placeIds = new Set(places.map((place) => place.id))
  return [...presence].flatMap(([placeId, stays]) =>
    [...stays.keys()]
      .filter((unitId) => !placeIds.has(placeId) || !unitIds.has(unitId))
      .map((unitId) => ({ type: 'left' as const, placeId, unitId, at: now })),
  )
}

/** The presence after the changes; the one given stays as it is. */
export function evolvePresence(presence: Presence, changes: readonly PresenceChange[]): Presence {
  if (changes.length === 0) return presence
  const next = new Map(presence)
  for (const change of changes) {
    const stays = new Map(next.get(change.placeId) ?? [])
    if (change.type === 'entered') stays.set(change.unitId, change.at)
    else stays.delete(change.unitId)
    next.set(change.placeId, stays)
  }
  return next
}

const METRES_PER_DEGREE = 111_195

function isNear(place: GuardedPlace, unit: UnitSeen, metres: number): boolean {
  // Most units are nowhere near: one subtraction tells.
  if (Math.abs(place.lat - unit.lat) * METRES_PER_DEGREE > metres) return false
  return distanceMetres(place, unit) <= metres
}

/** How a key place stands. */
export type Coverage =
  | { readonly state: 'not-required' }
  | { readonly state: 'covered' }
  | { readonly state: 'uncovered'; readonly sinceAt: Instant }
  | { readonly state: 'alarm'; readonly sinceAt: Instant; readonly raisedAt: Instant }

export type CoverageEvent =
  | { readonly type: 'uncovered'; readonly sinceAt: Instant; readonly raisedAt: Instant }
  | {
      readonly type: 'covered'
      readonly sinceAt: Instant
      readonly raisedAt: Instant
      readonly coveredAt: Instant
    }

/**
 * One look of the watch at one place: how it stands now, and what is to be told. The alarm is raised once, when the
 * place has been uncovered for longer than its limit, and cleared once, when enough units are there or none is
 * required any more.
 */
export function watchCoverage(
  before: Coverage,
  place: GuardedPlace,
  presentUnits: number,
  isRequired: boolean,
  now: Instant,
): { readonly coverage: Coverage; readonly event: CoverageEvent | null } {
  const isCovered = presentUnits >= place.requiredUnits
  if (!isRequired || isCovered) {
    const coverage: Coverage = { state: isRequired ? 'covered' : 'not-required' }
    if (before.state !== 'alarm') return { coverage, event: null }
    return {
      coverage,
      event: { type: 'covered', sinceAt: before.sinceAt, raisedAt: before.raisedAt, coveredAt: now },
    }
  }
  if (before.state === 'alarm') return { coverage: before, event: null }
  const sinceAt = before.state === 'uncovered' ? before.sinceAt : now
  if (now - sinceAt <= place.limitSeconds * 1000)
    return { coverage: { state: 'uncovered', sinceAt }, event: null }
  return {
    coverage: { state: 'alarm', sinceAt, raisedAt: now },
    event: { type: 'uncovered', sinceAt, raisedAt: now },
  }
}

/** Is presence required at this moment, on the wall clock of the district? */
export function isRequiredAt(
  place: Pick<GuardedPlace, 'activeHours'>,
  now: Instant,
  timeZone: string,
): boolean {
  if (place.activeHours.length === 0) return true
  const clock = wallClock(now, timeZone)
  const minute = clock.hour * 60 + clock.minute
  const yesterday = ((clock.weekday + 5) % 7) + 1
  const on = (hours: ActiveHours, weekday: number) =>
    hours.weekdays.length === 0 || hours.weekdays.includes(weekday)
  return place.activeHours.some((hours) => {
    if (hours.untilMinute > hours.fromMinute)
      return on(hours, clock.weekday) && minute >= hours.fromMinute && minute < hours.untilMinute
    return (
      (on(hours, clock.weekday) && minute >= hours.fromMinute) ||
      (on(hours, yesterday) && minute < hours.untilMinute)
    )
  })
}
