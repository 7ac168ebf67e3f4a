import type { Instant } from '../../../foundation/core/instant.ts'
import type { OtherMessage, ReadFix, Unreadable } from './fix.ts'
import {
  readAccuracy,
  readBearing,
  readCode,
  readNumber,
  readPercent,
  readSpeed,
  readTime,
} from './reading.ts'

/** OsmAnd's form in Traccar's reading tells speed in knots (traccar.org/osmand). */
export const METRES_PER_SECOND_PER_KNOT = 1852 / 3600

/** A query string or a form: the same name twice gives a list, of which the first counts. */
export type Form = Readonly<Record<string, string | readonly string[] | undefined>>

const first = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]

export function osmandDeviceCode(form: Form): string | null {
  return readCode(first(form['id']) ?? first(form['deviceid']))
}

/**
 * Reads the query form of OsmAnd and Traccar Client before version 9: `lat` and `lon` or `location=lat,lon`,
 * `timestamp`, `speed` in knots, `bearing` or `heading`, `accuracy`, `batt` in percent, `valid`. A form without a
 * time means now; one without a place (cell towers only) is another message.
 */
export function readOsmand(form: Form, receivedAt: Instant): ReadFix | Unreadable | OtherMessage {
  const pair = first(form['location'])
  const [latText, lonText] = pair === undefined ? [first(form['lat']), first(form['lon'])] : pair.split(',')
  if (latText === undefined && lonText === undefined) {
    return pair === undefined ? { other: 'no-position' } : { unreadable: 'not-a-number', field: 'location' }
  }
  const lat = readNumber(latText)
  const lon = readNumber(lonText)
  if (Number.isNaN(lat)) return badNumber(pair === undefined ? 'lat' : 'location', latText)
  if (Number.isNaN(lon)) return badNumber(pair === undefined ? 'lon' : 'location', lonText)

  const timeText = first(form['timestamp'])
  const fixedAt = timeText === undefined || timeText === '' ? receivedAt : readTime(timeText)
  if (fixedAt === null) return { unreadable: 'not-a-time', field: 'timestamp' }
  const valid = first(form['valid'])
  return {
    fixedAt,
    lon,
    lat,
    accuracyMetres: readAccuracy(first(form['accuracy'])),
    speedMetresPerSecond: readSpeed(first(form['speed']), METRES_PER_SECOND_PER_KNOT),
    bearingDegrees: readBearing(first(form['bearing']) ?? first(form['heading'])),
    batteryPercent: readPercent(first(form['batt']), 1),
    valid: valid === undefined || valid === '1' || valid.toLowerCase() === 'true',
  }
}

function badNumber(field: string, text: string | undefined): Unreadable {
  return { unreadable: text === undefined || text === '' ? 'missing' : 'not-a-number', field }
}
