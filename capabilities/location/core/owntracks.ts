import type { OtherMessage, ReadFix, Unreadable } from './fix.ts'
import {
  isObject,
  readAccuracy,
  readBearing,
  readNumber,
  readPercent,
  readSpeed,
  readTime,
} from './reading.ts'

const METRES_PER_SECOND_PER_KMH = 1 / 3.6

/** The message types of the OwnTracks booklet (tech/json). A type that is none of them is counted as `unknown`. */
const OTHER_TYPES = [
  'beacon',
  'card',
  'cmd',
  'configuration',
  'dump',
  'encrypted',
  'lwt',
  'request',
  'status',
  'steps',
  'transition',
  'waypoint',
  'waypoints',
]

/**
 * Reads one OwnTracks message: `tst` in Unix seconds, `acc` in metres, `vel` in km/h, `cog` in degrees, `batt` in
 * percent. Every other `_type` is another message. A location without `tst` is unreadable: `created_at` is the time
 * of sending, not of the fix.
 */
export function readOwntracks(message: unknown): ReadFix | Unreadable | OtherMessage {
  if (!isObject(message)) return { unreadable: 'not-an-object', field: '' }
  const type = message['_type']
  if (type !== 'location') {
    if (typeof type !== 'string') return { unreadable: 'missing', field: '_type' }
    return { other: OTHER_TYPES.includes(type) ? type : 'unknown' }
  }
  const lat = readNumber(message['lat'])
  const lon = readNumber(message['lon'])
  if (Number.isNaN(lat))
    return { unreadable: message['lat'] == null ? 'missing' : 'not-a-number', field: 'lat' }
  if (Number.isNaN(lon))
    return { unreadable: message['lon'] == null ? 'missing' : 'not-a-number', field: 'lon' }
  const fixedAt = readTime(message['tst'])
  if (fixedAt === null) return { unreadable: message['tst'] == null ? 'missing' : 'not-a-time', field: 'tst' }
  return {
    fixedAt,
    lon,
    lat,
    accuracyMetres: readAccuracy(message['acc']),
    speedMetresPerSecond: readSpeed(message['vel'], METRES_PER_SECOND_PER_KMH),
    bearingDegrees: readBearing(message['cog']),
    batteryPercent: readPercent(message['batt'], 1),
    valid: true,
  }
}
