import type { FastifyInstance } from 'fastify'
import type { Database } from '../../../foundation/server/db.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import type { PositionsSource } from '../../../foundation/server/live/hub.ts'
import type { Carrier, FixMemory, FixRules, GuardedPlace, UnitOnForce } from '../core/index.ts'
import type { FixCounters } from './counters.ts'
import type { FixStore } from './fix.store.ts'
import type { KeyPlaceWatch } from './key-place-watch.ts'
import type { LiveBoard } from './live-board.ts'
import type { DeviceRegistry } from './registry.ts'
import type { FixPass, FixWriter } from './writer.ts'

/** What the flow of a fix (flows/fix.ts) finds here. */
export interface FixRooms {
  readonly memory: FixMemory
  readonly rules: () => FixRules
  readonly board: LiveBoard
  readonly keyPlaces: KeyPlaceWatch
  readonly store: FixStore
  readonly counters: FixCounters
  tellFault(stage: string, fault: unknown): void
}

export interface LocationNeeds {
  readonly database: Database
  readonly now: () => number
  /** The flow of a fix, given the rooms it passes. */
  readonly flow: (rooms: FixRooms) => FixPass
  /** Every unit with its crew, from the force. */
  readonly units: () => Promise<readonly UnitOnForce[]>
  /** The key places that must be kept, from `place`. */
  readonly guardedPlaces: () => Promise<readonly GuardedPlace[]>
  /** Whether there is such a unit, officer or vehicle to bind a device to, and whose it is; null where there is none. */
  readonly carrierOrganisation: (carrier: Carrier) => Promise<string | null>
  /** The district's time zone (IANA). */
  readonly timeZone: () => string
}

/** The room of positions, furnished and running. */
export interface Location {
  readonly positions: PositionsSource
  readonly board: LiveBoard
  readonly registry: DeviceRegistry
  readonly counters: FixCounters
  readonly writer: FixWriter
  readonly keyPlaces: KeyPlaceWatch
  readonly rules: () => FixRules
  readonly needs: LocationNeeds
  /** Adds the routes and listens to the house's events about units and devices. */
  register(app: FastifyInstance): void
  timers(app: FastifyInstance): Timer[]
  /** Reads devices, units and crews again; who speaks for whom is written down when it has changed. */
  regroup(): Promise<void>
  /** Reads the settings and the key places again. */
  refresh(): Promise<void>
  /** Writes what waits, then the counts; nothing is taken any more. */
  close(): Promise<void>
}
