import type { Instant } from '../../../foundation/core/instant.ts'
import { gatherCellHours, type CellHours } from '../../../solvers/density/cell-hours.ts'
import type { UnitStatus } from '../../force/core/index.ts'

/**
 * Where each unit was in each minute of a day, in arrays that threads can share. Fixes may come in any order and more
 * than once: a minute keeps the fix nearest to its middle, so a unit counts once a minute however often it reports.
 */
export interface UnitMinutes {
  /** The local midnight at which minute 0 begins. */
  readonly fromAt: Instant
  readonly minutes: number
  readonly units: number
  /** Metres on the lattice's plane. */
  readonly east: Float32Array
  readonly north: Float32Array
  /** Milliseconds into the minute of the fix kept, and of the first and last heard; NONE where nothing was heard. */
  readonly keptAt: Uint16Array
  readonly firstAt: Uint16Array
  readonly lastAt: Uint16Array
  /** Of the device heard, the best first. */
  readonly rank: Uint8Array
}

const NONE = 65_535
const MINUTE = 60_000
const MIDDLE = MINUTE / 2

export function openUnitMinutes(fromAt: Instant, minutes: number, units: number): UnitMinutes {
  const size = minutes * units
  const shared = (bytes: number) => new SharedArrayBuffer(bytes)
  return {
    fromAt,
    minutes,
    units,
    east: new Float32Array(shared(size * 4)),
    north: new Float32Array(shared(size * 4)),
    keptAt: new Uint16Array(shared(size * 2)).fill(NONE),
    firstAt: new Uint16Array(shared(size * 2)).fill(NONE),
    lastAt: new Uint16Array(shared(size * 2)),
    rank: new Uint8Array(shared(size)),
  }
}

/** Takes one fix in. Outside the day it is left out. */
export function hearFix(
  of: UnitMinutes,
  unit: number,
  rank: number,
  at: Instant,
  east: number,
  north: number,
): void {
  const minute = Math.floor((at - of.fromAt) / MINUTE)
  if (minute < 0 || minute >= of.minutes) return
  const n = unit * of.minutes + minute
  const moment = Math.floor(at - of.fromAt - minute * MINUTE)
  if (moment < of.firstAt[n]!) of.firstAt[n] = moment
  if (moment > of.lastAt[n]!) of.lastAt[n] = moment
  if (of.keptAt[n] !== NONE && !isFitter(of, n, rank, moment, Math.fround(east), Math.fround(north))) return
  of.east[n] = east
  of.north[n] = north
  of.keptAt[n] = moment
  of.rank[n] = rank
}

/** A total order, so that the order in which fixes come decides nothing. */
function isFitter(of: UnitMinutes, n: number, rank: number, moment: number, east: number, north: number) {
  const kept = of.keptAt[n]!
  const less =
    rank - of.rank[n]! ||
    Math.abs(moment - MIDDLE) - Math.abs(kept - MIDDLE) ||
    moment - kept ||
    east - of.east[n]! ||
    north - of.north[n]!
  return less < 0
}

/** The latest moment at which any unit was heard, or null. */
export function latestHeard(of: UnitMinutes): Instant | null {
  for (let minute = of.minutes - 1; minute >= 0; minute--) {
    let latest = -1
    for (let unit = 0; unit < of.units; unit++) {
      const n = unit * of.minutes + minute
      if (of.keptAt[n] !== NONE) latest = Math.max(latest, of.lastAt[n]!)
    }
    if (latest >= 0) return of.fromAt + minute * MINUTE + latest
  }
  return null
}

/** What a status is for the sync index. Code in the arrays: its position. */
export const USES = ['other', 'patrol', 'incident', 'inspection'] as const
export type Use = (typeof USES)[number]

/**
 * Only patrol is patrol time: a unit chooses (or is told) where it is. Where an incident sends it, risk has chosen
 * already, and to count that would praise patrol for being called: it is shown apart. So are visits to must-inspect
 * sites, whose place the list gives. Standing still on patrol (a fixed post) counts as patrol, as it should.
 */
export const USE_OF_STATUS: Readonly<Record<UnitStatus, Use>> = {
  'off-duty': 'other',
  briefing: 'other',
  patrolling: 'patrol',
  'en-route': 'incident',
  'on-scene': 'incident',
  'stand-by': 'incident',
  inspecting: 'inspection',
  break: 'other',
  'out-of-service': 'other',
}

/** From when to when a unit had a status. `untilAt` null: until now. */
export interface StatusPeriod {
  readonly unitId: string
  readonly status: UnitStatus
  readonly sinceAt: Instant
  readonly untilAt: Instant | null
}

/** What each unit did in each minute: what it was at the minute's middle. Minutes from `untilAt` on are `other`. */
export function usesByMinute(
  of: Pick<UnitMinutes, 'fromAt' | 'minutes' | 'units'>,
  numberOf: ReadonlyMap<string, number>,
  periods: readonly StatusPeriod[],
  untilAt: Instant,
): Uint8Array {
  const uses = new Uint8Array(of.units * of.minutes)
  for (const { unitId, status, sinceAt, untilAt: endsAt } of periods) {
    const unit = numberOf.get(unitId)
    const use = USES.indexOf(USE_OF_STATUS[status])
    if (unit === undefined || use === 0) continue
    const until = Math.min(endsAt ?? Infinity, untilAt)
    const first = Math.max(0, Math.ceil((sinceAt - of.fromAt - MIDDLE) / MINUTE))
    const end = Math.min(of.minutes, Math.ceil((until - of.fromAt - MIDDLE) / MINUTE))
    if (end > first) uses.fill(use, unit * of.minutes + first, unit * of.minutes + end)
  }
  return uses
}

/** Where the minutes of patrol went, and what else units did. */
export interface PatrolPresence {
  /** Minutes of patrol by cell and hour. */
  readonly cells: CellHours
  readonly patrolMinutes: number
  /** On patrol by its status, but nothing was heard of it: counted nowhere. */
  readonly untrackedMinutes: number
  readonly incidentMinutes: number
  readonly inspectionMinutes: number
  /** How many units were heard on patrol at all, and in each hour. */
  readonly units: number
  readonly unitsByHour: readonly number[]
}

export interface PresenceQuestion {
  readonly lattice: Pick<CellHours, 'origin' | 'cellMetres'>
  /** The local hour of each minute. */
  readonly hourOfMinute: Uint8Array
  /** Silence up to so long is bridged by a straight line; in a longer one the unit was nowhere. */
  readonly gapSeconds: number
  /** Minutes that count: [fromMinute, untilMinute). */
  readonly fromMinute: number
  readonly untilMinute: number
}

export const HOURS = 24

/** Minutes of patrol by cell and hour. Gaps are not presence; nor is anything after the last that was heard. */
export function presenceOf(of: UnitMinutes, uses: Uint8Array, question: PresenceQuestion): PatrolPresence {
  const { lattice, hourOfMinute, gapSeconds, fromMinute, untilMinute } = question
  const cells = gatherCellHours(lattice.origin, lattice.cellMetres, HOURS)
  const tally = [0, 0, 0, 0]
  const unitsByHour = new Array<number>(HOURS).fill(0)
  let tracked = 0
  let heardUnits = 0
  const gapMilliseconds = gapSeconds * 1000
  for (let unit = 0; unit < of.units; unit++) {
    const begin = unit * of.minutes
    const hoursHeard = new Uint8Array(HOURS)
    let isHeard = false
    let before = -1
    const count = (minute: number, east: number, north: number) => {
      if (minute < fromMinute || minute >= untilMinute || uses[begin + minute] !== PATROL) return
      const hour = hourOfMinute[minute]!
      cells.add(east, north, hour, 1)
      tracked++
      isHeard = true
      hoursHeard[hour] = 1
    }
    for (let minute = 0; minute < of.minutes; minute++) {
      if (minute >= fromMinute && minute < untilMinute) tally[uses[begin + minute]!]!++
      const n = begin + minute
      if (of.keptAt[n] === NONE) continue
      if (before >= 0 && minute - before > 1) {
        const b = begin + before
        const silence = (minute - before) * MINUTE + of.firstAt[n]! - of.lastAt[b]!
        if (silence <= gapMilliseconds)
          for (let between = before + 1; between < minute; between++) {
            const share = (between - before) / (minute - before)
            count(
              between,
              of.east[b]! + (of.east[n]! - of.east[b]!) * share,
              of.north[b]! + (of.north[n]! - of.north[b]!) * share,
            )
          }
      }
      count(minute, of.east[n]!, of.north[n]!)
      before = minute
    }
    if (isHeard) heardUnits++
    for (let hour = 0; hour < HOURS; hour++) unitsByHour[hour]! += hoursHeard[hour]!
  }
  return {
    cells: cells.finish(),
    patrolMinutes: tracked,
    untrackedMinutes: tally[PATROL]! - tracked,
    incidentMinutes: tally[USES.indexOf('incident')]!,
    inspectionMinutes: tally[USES.indexOf('inspection')]!,
    units: heardUnits,
    unitsByHour,
  }
}

const PATROL = USES.indexOf('patrol')
