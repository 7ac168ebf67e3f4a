import type { ReadFix, Unreadable } from './fix.ts'
import {
  isObject,
  readAccuracy,
  readBearing,
  readCode,
  readNumber,
  readPercent,
  readSpeed,
  readTime,
} from './reading.ts'

/** Our own batch: `{ deviceId?, fixes: [...] }`. Null where the body has no list of fixes. */
export interface BatchMessage {
  /** The device of every fix that names none. */
  readonly deviceCode: string | null
  readonly fixes: readonly unknown[]
}

export function openBatch(body: unknown): BatchMessage | null {
  if (!isObject(body) || !Array.isArray(body['fixes'])) return null
  return { deviceCode: readCode(body['deviceId']), fixes: body['fixes'] }
}

/** The device that a fix of a batch names, or null. */
export function batchFixDevice(fix: unknown): string | null {
  return isObject(fix) ? readCode(fix['deviceId']) : null
}

/**
 * Reads one fix of a batch, in the house's own names: `fixedAt` (ISO 8601 or Unix time), `lon`, `lat`,
 * `accuracyMetres`, `speedMetresPerSecond`, `bearingDegrees`, `batteryPercent`, `valid`.
 */
export function readBatchFix(fix: unknown): ReadFix | Unreadable {
  if (!isObject(fix)) return { unreadable: 'not-an-object', field: '' }
  const lon = readNumber(fix['lon'])
  const lat = readNumber(fix['lat'])
  if (Number.isNaN(lon)) return { unreadable: fix['lon'] == null ? 'missing' : 'not-a-number', field: 'lon' }
  if (Number.isNaN(lat)) return { unreadable: fix['lat'] == null ? 'missing' : 'not-a-number', field: 'lat' }
  const fixedAt = readTime(fix['fixedAt'])
  if (fixedAt === null)
    return { unreadable: fix['fixedAt'] == null ? 'missing' : 'not-a-time', field: 'fixedAt' }
  return {
    fixedAt,
    lon,
    lat,
    accuracyMetres: readAccuracy(fix['accuracyMetres']),
    speedMetresPerSecond: readSpeed(fix['speedMetresPerSecond'], 1),
    bearingDegrees: readBearing(fix['bearingDegrees']),
    batteryPercent: readPercent(fix['batteryPercent'], 1),
    valid: fix['valid'] !== false,
  }
}
