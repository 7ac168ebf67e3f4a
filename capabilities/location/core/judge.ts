import { distanceMetres } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { FATE, FLAG, type FixColumns, type FlagName } from './fix.ts'
import { isRemembered, rememberMoment, touch, type FixMemory } from './memory.ts'
import type { FixRules } from './settings.ts'

const DAY = 86_400_000

/** One row of a pass and all it is judged by. */
interface Judged {
  readonly fixes: FixColumns
  row: number
  readonly memory: FixMemory
  readonly rules: FixRules
  readonly now: Instant
}
type Holds = (judged: Judged) => boolean

/** Older than the history is kept, or so far ahead that no day is open for it: the clock or the buffer is broken. */
const isOutsideRetention: Holds = ({ fixes, row, rules, now }) => {
  const fixedAt = fixes.fixedAt[row]!
  return !(fixedAt >= now - rules.retentionDays * DAY && fixedAt <= now + rules.storeAheadDays * DAY)
}

/** The device has told this moment before. */
const isDuplicate: Holds = ({ fixes, row, memory }) => {
  const device = fixes.device[row]!
  const fixedAt = fixes.fixedAt[row]!
  if (fixedAt > memory.newestAt[device]!) return false
  return fixedAt === memory.latestAt[device] || isRemembered(memory, device, fixedAt)
}

const hasInvalidCoordinates: Holds = ({ fixes, row }) =>
  !(Math.abs(fixes.lon[row]!) <= 180 && Math.abs(fixes.lat[row]!) <= 90)

/** Where a receiver without a position believes to be: within about 100 m of 0, 0. */
const isNullIsland: Holds = ({ fixes, row }) =>
  Math.abs(fixes.lon[row]!) < 0.001 && Math.abs(fixes.lat[row]!) < 0.001

const saysItIsInvalid: Holds = ({ fixes, row }) => (fixes.flags[row]! & FLAG['reported-invalid']) !== 0

/** From a clock that runs ahead by more than is tolerated. */
const isFuture: Holds = ({ fixes, row, rules }) =>
  fixes.fixedAt[row]! > fixes.receivedAt[row]! + rules.futureToleranceSeconds * 1000

/** Older than what is known already: sent late, out of order, or by a clock set back. */
const isLate: Holds = ({ fixes, row, memory }) => fixes.fixedAt[row]! < memory.latestAt[fixes.device[row]!]!

/** Further from the latest position than anything of ours can drive, unless a fix before it said the same. */
const isSpeedJump: Holds = ({ fixes, row, memory, rules }) => {
  const device = fixes.device[row]!
  if (memory.latestAt[device] === -Infinity) return false
  const latest = {
    at: memory.latestAt[device]!,
    lon: memory.latestLon[device]!,
    lat: memory.latestLat[device]!,
  }
  const slackMetres = known(fixes.accuracyMetres[row]!) + known(memory.latestAccuracyMetres[device]!)
  if (isReachable(latest, fixes, row, slackMetres, rules)) return false
  const suspect = {
    at: memory.suspectAt[device]!,
    lon: memory.suspectLon[device]!,
    lat: memory.suspectLat[device]!,
  }
  return !(
    suspect.at > latest.at &&
    suspect.at < fixes.fixedAt[row]! &&
    isReachable(suspect, fixes, row, slackMetres, rules)
  )
}

/** True also where the device did not tell its accuracy as a number at all: then nothing is claimed. */
const isPoor: Holds = ({ fixes, row, rules }) => fixes.accuracyMetres[row]! > rules.poorAccuracyMetres

function isReachable(
  from: { at: Instant; lon: number; lat: number },
  fixes: FixColumns,
  row: number,
  slackMetres: number,
  rules: FixRules,
): boolean {
  const metres = distanceMetres(from, { lon: fixes.lon[row]!, lat: fixes.lat[row]! })
  const seconds = (fixes.fixedAt[row]! - from.at) / 1000
  return metres <= slackMetres + rules.jumpNoiseMetres + seconds * rules.maximumSpeedMetresPerSecond
}

const known = (metres: number) => (metres > 0 ? metres : 0)

/** Why a fix is not stored, in the order in which it is asked. */
export const DROP_CAUSES: readonly {
  readonly cause: DropCause
  readonly fate: number
  readonly holds: Holds
}[] = [
  { cause: 'outside-retention', fate: FATE.outsideRetention, holds: isOutsideRetention },
  { cause: 'duplicate', fate: FATE.duplicate, holds: isDuplicate },
]
export type DropCause = 'outside-retention' | 'duplicate'

/** Why a stored fix never becomes the latest position. The first that holds is enough. */
export const HISTORY_CAUSES: readonly { readonly flag: FlagName; readonly holds: Holds }[] = [
  { flag: 'invalid-coordinates', holds: hasInvalidCoordinates },
  { flag: 'null-island', holds: isNullIsland },
  { flag: 'reported-invalid', holds: saysItIsInvalid },
  { flag: 'future', holds: isFuture },
  { flag: 'late', holds: isLate },
  { flag: 'speed-jump', holds: isSpeedJump },
]

/** What is said of a fix without keeping it from the board. */
export const REMARKS: readonly { readonly flag: FlagName; readonly holds: Holds }[] = [
  { flag: 'poor-accuracy', holds: isPoor },
]

/**
 * Judges every fix of the columns from `from` on, in order: sets its fate and flags, and lets the memory follow.
 * Each fix gets exactly one fate; a device's latest position never goes back in time.
 */
export function judgeFixes(
  fixes: FixColumns,
  memory: FixMemory,
  rules: FixRules,
  now: Instant,
  from = 0,
): void {
  const judged: Judged = { fixes, row: from, memory, rules, now }
  for (; judged.row < fixes.length; judged.row++) judgeOne(judged)
}

function judgeOne(judged: Judged): void {
  const { fixes, row, memory } = judged
  for (const drop of DROP_CAUSES) {
    if (drop.holds(judged)) {
      fixes.fate[row] = drop.fate
      return
    }
  }
  const device = fixes.device[row]!
  touch(memory, device)
  rememberMoment(memory, device, fixes.fixedAt[row]!)
  if (fixes.fixedAt[row]! > memory.newestAt[device]!) memory.newestAt[device] = fixes.fixedAt[row]!

  for (const remark of REMARKS) {
    if (remark.holds(judged)) fixes.flags[row]! |= FLAG[remark.flag]
  }
  for (const cause of HISTORY_CAUSES) {
    if (cause.holds(judged)) {
      fixes.flags[row]! |= FLAG[cause.flag]
      fixes.fate[row] = FATE.history
      if (cause.flag === 'speed-jump') suspect(judged, device)
      return
    }
  }
  fixes.fate[row] = FATE.latest
  becomeLatest(judged, device)
}

function suspect({ fixes, row, memory }: Judged, device: number): void {
  memory.suspectAt[device] = fixes.fixedAt[row]!
  memory.suspectLon[device] = fixes.lon[row]!
  memory.suspectLat[device] = fixes.lat[row]!
}

function becomeLatest({ fixes, row, memory }: Judged, device: number): void {
  memory.latestAt[device] = fixes.fixedAt[row]!
  memory.latestReceivedAt[device] = fixes.receivedAt[row]!
  memory.latestLon[device] = fixes.lon[row]!
  memory.latestLat[device] = fixes.lat[row]!
  memory.latestAccuracyMetres[device] = fixes.accuracyMetres[row]!
  memory.latestSpeedMetresPerSecond[device] = fixes.speedMetresPerSecond[row]!
  memory.latestBearingDegrees[device] = fixes.bearingDegrees[row]!
  if (!Number.isNaN(fixes.batteryPercent[row]!))
    memory.latestBatteryPercent[device] = fixes.batteryPercent[row]!
  memory.latestFlags[device] = fixes.flags[row]!
}
