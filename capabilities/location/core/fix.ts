import type { Instant } from '../../../foundation/core/instant.ts'

/**
 * One position as a device told it, in the house's units, before anything has been judged.
 * What the device did not tell is NaN, so that it goes into a column as it is.
 */
export interface ReadFix {
  readonly fixedAt: Instant
  readonly lon: number
  readonly lat: number
  readonly accuracyMetres: number
  readonly speedMetresPerSecond: number
  readonly bearingDegrees: number
  readonly batteryPercent: number
  /** False when the device itself says that it has no position (`valid=0`). */
  readonly valid: boolean
}

/** What could not be read as a fix: the field at fault and why. Nothing of it can be stored. */
export interface Unreadable {
  readonly unreadable: 'missing' | 'not-a-number' | 'not-a-time' | 'not-an-object' | 'unknown-device'
  readonly field: string
}

export function isUnreadable<T extends object>(read: T | Unreadable): read is Unreadable {
  return 'unreadable' in read
}

/** A message that carries no fix by design (a status, a waypoint); it is accepted and counted under its type. */
export interface OtherMessage {
  readonly other: string
}

/**
 * Fixes taken together, one column a property. A pass of 10,000 fixes costs a dozen arrays instead of 10,000
 * objects, and COPY is written straight from the columns. NaN means «not told».
 */
export interface FixColumns {
  length: number
  /** The device's number, which is its place in every per-device column. */
  device: Int32Array
  fixedAt: Float64Array
  receivedAt: Float64Array
  lon: Float64Array
  lat: Float64Array
  accuracyMetres: Float32Array
  speedMetresPerSecond: Float32Array
  bearingDegrees: Float32Array
  batteryPercent: Float32Array
  /** Bits of FLAG. */
  flags: Uint16Array
  /** One of FATE. */
  fate: Uint8Array
}

/** What became of a fix. Every fix has exactly one. */
export const FATE = {
  /** Not judged yet. */
  waiting: 0,
  /** Stored in history and now the device's latest position. */
  latest: 1,
  /** Stored in history only; a flag says why it is not the latest. */
  history: 2,
  duplicate: 3,
  outsideRetention: 4,
} as const

export const isStored = (fate: number): boolean => fate === FATE.latest || fate === FATE.history

/** Room for `capacity` fixes; it grows when more are added. */
export function createFixColumns(capacity = 256): FixColumns {
  return {
    length: 0,
    device: new Int32Array(capacity),
    fixedAt: new Float64Array(capacity),
    receivedAt: new Float64Array(capacity),
    lon: new Float64Array(capacity),
    lat: new Float64Array(capacity),
    accuracyMetres: new Float32Array(capacity),
    speedMetresPerSecond: new Float32Array(capacity),
    bearingDegrees: new Float32Array(capacity),
    batteryPercent: new Float32Array(capacity),
    flags: new Uint16Array(capacity),
    fate: new Uint8Array(capacity),
  }
}

export function addFix(fixes: FixColumns, device: number, receivedAt: Instant, fix: ReadFix): void {
  const row = fixes.length
  if (row === fixes.device.length) growFixColumns(fixes, row * 2)
  fixes.device[row] = device
  fixes.fixedAt[row] = fix.fixedAt
  fixes.receivedAt[row] = receivedAt
  fixes.lon[row] = fix.lon
  fixes.lat[row] = fix.lat
  fixes.accuracyMetres[row] = fix.accuracyMetres
  fixes.speedMetresPerSecond[row] = fix.speedMetresPerSecond
  fixes.bearingDegrees[row] = fix.bearingDegrees
  fixes.batteryPercent[row] = fix.batteryPercent
  fixes.flags[row] = fix.valid ? 0 : FLAG['reported-invalid']
  fixes.fate[row] = FATE.waiting
  fixes.length = row + 1
}

function growFixColumns(fixes: FixColumns, capacity: number): void {
  const room = createFixColumns(capacity)
  for (const name of Object.keys(room) as (keyof FixColumns)[]) {
    if (name === 'length') continue
    const wider = room[name] as Float64Array
    wider.set(fixes[name] as Float64Array)
    Object.assign(fixes, { [name]: wider })
  }
}

/**
 * What is odd about a stored fix. The bit is what `fix.flags` holds; the name is the cause in the counters.
 * All but `poor-accuracy` keep the fix out of «latest».
 */
export const FLAG = {
  'invalid-coordinates': 1,
  'null-island': 2,
  'reported-invalid': 4,
  future: 8,
  late: 16,
  'speed-jump': 32,
  'poor-accuracy': 64,
} as const
export type FlagName = keyof typeof FLAG
export const FLAG_NAMES = Object.keys(FLAG) as readonly FlagName[]

/** Flags of a fix whose place cannot be believed: tracks and replay leave it out. A late fix is a good fix. */
export const UNBELIEVABLE =
  FLAG['invalid-coordinates'] |
  FLAG['null-island'] |
  FLAG['reported-invalid'] |
  FLAG.future |
  FLAG['speed-jump']

export function flagNames(flags: number): FlagName[] {
  return FLAG_NAMES.filter((name) => (flags & FLAG[name]) !== 0)
}
