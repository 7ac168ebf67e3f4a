import type { OtherMessage, ReadFix, Unreadable } from './fix.ts'
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

/** What a Traccar Client of version 9 or newer sends: which device, and its locations in order. */
export interface TraccarMessage {
  readonly deviceCode: string | null
  readonly locations: readonly unknown[]
}

/**
 * Opens the JSON of Traccar Client 9 (traccar.org/osmand): `{ location, device_id }`. The location SDK inside it
 * sends, when told to batch, `location` as a list (`batchSync`), or a bare list of such messages; all three are read.
 * Null where the body is nothing of the kind.
 */
export function openTraccarMessage(body: unknown): TraccarMessage | null {
  if (Array.isArray(body)) {
    const parts = body.map(openTraccarMessage)
    if (parts.length === 0 || parts.some((part) => part === null)) return null
    return {
      deviceCode: parts.find((part) => part!.deviceCode !== null)?.deviceCode ?? null,
      locations: parts.flatMap((part) => part!.locations),
    }
  }
  if (!isObject(body) || !('location' in body)) return null
  const location = body['location']
  return {
    deviceCode: readCode(body['device_id']) ?? readCode(body['deviceId']) ?? readCode(body['id']),
    locations: Array.isArray(location) ? location : [location],
  }
}

/**
 * Reads one location: `timestamp` in ISO 8601, `coords` with speed in metres a second, `battery.level` from 0 to 1;
 * -1 anywhere means «unknown». A location without coordinates is another message.
 */
export function readTraccarLocation(location: unknown): ReadFix | Unreadable | OtherMessage {
  if (!isObject(location)) return { unreadable: 'not-an-object', field: 'location' }
  const coords = location['coords']
  if (coords === undefined || coords === null) return { other: 'no-position' }
  if (!isObject(coords)) return { unreadable: 'not-an-object', field: 'location.coords' }
  const lat = readNumber(coords['latitude'])
  const lon = readNumber(coords['longitude'])
  if (Number.isNaN(lat))
    return {
      unreadable: coords['latitude'] == null ? 'missing' : 'not-a-number',
      field: 'location.coords.latitude',
    }
  if (Number.isNaN(lon))
    return {
      unreadable: coords['longitude'] == null ? 'missing' : 'not-a-number',
      field: 'location.coords.longitude',
    }
  const fixedAt = readTime(location['timestamp'])
  if (fixedAt === null)
    return {
      unreadable: location['timestamp'] == null ? 'missing' : 'not-a-time',
      field: 'location.timestamp',
    }
  const battery = location['battery']
  return {
    fixedAt,
    lon,
    lat,
    accuracyMetres: readAccuracy(coords['accuracy']),
    speedMetresPerSecond: readSpeed(coords['speed'], 1),
    bearingDegrees: readBearing(coords['heading']),
    batteryPercent: isObject(battery) ? readPercent(battery['level'], 100) : NaN,
    valid: true,
  }
}
