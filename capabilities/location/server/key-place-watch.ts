import {
  evolvePresence,
  isRequiredAt,
  orphanedStays,
  presenceChanges,
  watchCoverage,
  type Coverage,
  type CoverageEvent,
  type GuardedPlace,
  type Presence,
  type PresenceChange,
  type PresenceRules,
  type UnitSeen,
} from '../core/index.ts'
import type { Db } from '../../../foundation/server/db.ts'
import { inTransaction } from '../../../foundation/server/db.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { CompiledQuery } from 'kysely'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { writeStays } from './fix.store.ts'
import type { UnitPlaced } from './live-board.ts'
import {
  forgetCoverage,
  loadCoverage,
  loadPresence,
  saveCoverage,
  saveCoverageEvent,
} from './key-place.store.ts'

/** How a key place stands, for a screen. */
export interface PlaceStanding {
  readonly place: GuardedPlace
  readonly coverage: Coverage
  readonly present: readonly { readonly unitId: string; readonly sinceAt: number }[]
}

export interface KeyPlaceWatch {
  /** Reads who was where and which alarms stood when the house last ran. */
  load(): Promise<void>
  replacePlaces(places: readonly GuardedPlace[]): void
  /** Who comes and goes when these units are placed so; changes nothing yet. */
  look(placed: readonly UnitPlaced[], now: number): readonly PresenceChange[]
  /** Takes on what has been written. */
  apply(changes: readonly PresenceChange[]): void
  /** Looks at everybody: who fell silent, changed state or is gone, and which alarms rise and clear. Runs between two passes. */
  sweep(placed: readonly UnitPlaced[], now: number): Promise<void>
  standings(): readonly PlaceStanding[]
}

export interface KeyPlaceWatchNeeds {
  readonly db: Db
  readonly rules: () => PresenceRules
  readonly timeZone: () => string
}

export function createKeyPlaceWatch({ db, rules, timeZone }: KeyPlaceWatchNeeds): KeyPlaceWatch {
  let places: readonly GuardedPlace[] = []
  let presence: Presence = new Map()
  let coverage: ReadonlyMap<string, Coverage> = new Map()

  return {
    async load() {
      presence = await loadPresence(db)
      coverage = await loadCoverage(db)
    },
    replacePlaces: (next) => void (places = next),
    look: (placed, now) =>
      places.length === 0 ? [] : presenceChanges(presence, places, placed.map(seen), rules(), now),
    apply: (changes) => void (presence = evolvePresence(presence, changes)),
    async sweep(placed, now) {
      const gone = orphanedStays(presence, places, new Set(placed.map(({ unit }) => unit.unitId)), now)
      const changes = [
        ...gone,
        ...presenceChanges(evolvePresence(presence, gone), places, placed.map(seen), rules(), now),
      ]
      const after = evolvePresence(presence, changes)

      const next = new Map<string, Coverage>()
      const moved: {
        place: GuardedPlace
        coverage: Coverage
        event: CoverageEvent | null
        present: number
      }[] = []
      for (const place of places) {
        const before: Coverage = coverage.get(place.id) ?? { state: 'not-required' }
        const present = after.get(place.id)?.size ?? 0
        const looked = watchCoverage(before, place, present, isRequiredAt(place, now, timeZone()), now)
        next.set(place.id, looked.coverage)
        if (looked.event || looked.coverage.state !== before.state) moved.push({ place, ...looked, present })
      }
      const retired = [...coverage.keys()].filter((id) => !next.has(id))
      if (changes.length > 0 || moved.length > 0 || retired.length > 0) {
        await inTransaction(db, async (tx) => {
          await writeStays((text, values) => tx.executeQuery(CompiledQuery.raw(text, values)), changes)
          for (const id of retired) await forgetCoverage(tx, id, now)
          for (const one of moved) {
            await saveCoverage(tx, one.place.id, one.coverage)
            if (!one.event) continue
            await saveCoverageEvent(tx, one.place, one.present, one.event, newId(now))
            await announce(tx, announcementOf(one.place, one.present, one.event, now))
          }
        })
      }
      presence = after
      coverage = next
    },
    standings: () =>
      places.map((place) => ({
        place,
        coverage: coverage.get(place.id) ?? { state: 'not-required' },
        present: [...(presence.get(place.id) ?? [])].map(([unitId, sinceAt]) => ({ unitId, sinceAt })),
      })),
  }
}

const seen = ({ unit, position }: UnitPlaced): UnitSeen => ({
  unitId: unit.unitId,
  status: unit.status,
  lon: position.lon,
  lat: position.lat,
  fixedAt: position.fixedAt,
})

function announcementOf(place: GuardedPlace, presentUnits: number, event: CoverageEvent, now: number) {
  return {
    topic: event.type === 'uncovered' ? 'key-place.uncovered' : 'key-place.covered',
    subjectId: place.id,
    organisationId: null,
    permission: 'location.read',
    at: now,
    data: {
      keyPlaceId: place.id,
      name: place.name,
      lon: place.lon,
      lat: place.lat,
      requiredUnits: place.requiredUnits,
      presentUnits,
      uncoveredSinceAt: new Date(event.sinceAt).toISOString(),
      raisedAt: new Date(event.raisedAt).toISOString(),
      ...(event.type === 'covered' ? { coveredAt: new Date(event.coveredAt).toISOString() } : {}),
    },
  }
}
