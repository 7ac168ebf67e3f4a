import proj4 from 'proj4'
import type { Position } from '../../../foundation/core/geo.ts'
import type { Refusal } from '../../../foundation/core/outcome.ts'
import { refuse } from '../../../foundation/core/outcome.ts'
import { STATE_PLANES } from './state-planes.ts'

/** Between the plane of an agency's file (x east, y north, in the units of its code) and WGS-84. */
export interface Projection {
  readonly epsg: number
  readonly name: string
  /** Null where the numbers lie outside the world: text read as a number, x and y exchanged, another code. */
  toWgs84(x: number, y: number): Position | null
  fromWgs84(position: Position): { readonly x: number; readonly y: number }
}

const WGS84 = '+proj=longlat +datum=WGS84 +no_defs'

/**
 * The projection of an EPSG code (or one of Esri's 102xxx). Known: geographic 4326, 4490 (CGCS2000), 4269, 4258;
 * web mercator 3857; UTM on WGS-84, NAD83 and ETRS89; CGCS2000 Gauss–Krüger in 6° and 3° zones, with and without
 * the zone number in the easting; the state planes of the United States. Any other code is refused by its number:
 * a datum that needs a secret or regional shift (Beijing 1954, Xi'an 1980) must be converted before import.
 */
export function projectionOf(epsg: number): Projection | Refusal {
  const definition = Number.isInteger(epsg) ? definitionOf(epsg) : null
  if (definition === null) return refuse('projection-unknown', { field: 'epsg', detail: { epsg } })
  const transform = proj4(WGS84, definition.proj)
  return {
    epsg,
    name: definition.name,
    toWgs84(x, y) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) return null
      const [lon, lat] = transform.inverse([x, y])
      return isOnEarth(lon!, lat!) ? { lon: lon!, lat: lat! } : null
    },
    fromWgs84({ lon, lat }) {
      const [x, y] = transform.forward([lon, lat])
      return { x: x!, y: y! }
    },
  }
}

const isOnEarth = (lon: number, lat: number) =>
  Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lon) <= 180 && Math.abs(lat) <= 90

interface Definition {
  readonly name: string
  readonly proj: string
}

function definitionOf(epsg: number): Definition | null {
  for (const rule of RULES) {
    const found = rule(epsg)
    if (found !== null) return found
  }
  return null
}

const GRS80 = '+ellps=GRS80 +towgs84=0,0,0 +no_defs'

const GEOGRAPHIC: ReadonlyMap<number, Definition> = new Map([
  [4326, { name: 'WGS 84', proj: WGS84 }],
  [4490, { name: 'CGCS2000', proj: `+proj=longlat ${GRS80}` }],
  [4269, { name: 'NAD83', proj: `+proj=longlat ${GRS80}` }],
  [4258, { name: 'ETRS89', proj: `+proj=longlat ${GRS80}` }],
])

const WEB_MERCATOR: Definition = {
  name: 'WGS 84 / Pseudo-Mercator',
  proj: '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs',
}

const RULES: readonly ((epsg: number) => Definition | null)[] = [
  (epsg) => GEOGRAPHIC.get(epsg) ?? null,
  (epsg) => ([3857, 900913, 102100, 102113].includes(epsg) ? WEB_MERCATOR : null),
  (epsg) => utm(epsg, 32601, 60, 'WGS 84', '+datum=WGS84', 1),
  (epsg) => utm(epsg, 32701, 60, 'WGS 84', '+datum=WGS84 +south', 1),
  (epsg) => utm(epsg, 26901, 23, 'NAD83', '+ellps=GRS80 +towgs84=0,0,0', 1),
  (epsg) => utm(epsg, 6330, 19, 'NAD83(2011)', '+ellps=GRS80 +towgs84=0,0,0', 1),
  (epsg) => utm(epsg, 3740, 10, 'NAD83(HARN)', '+ellps=GRS80 +towgs84=0,0,0', 10),
  (epsg) => utm(epsg, 25828, 11, 'ETRS89', '+ellps=GRS80 +towgs84=0,0,0', 28),
  (epsg) => gaussKruger(epsg, 4491, 11, 6, (zone) => 13 + zone),
  (epsg) => gaussKruger(epsg, 4502, 11, 6, null),
  (epsg) => gaussKruger(epsg, 4513, 21, 3, (zone) => 25 + zone),
  (epsg) => gaussKruger(epsg, 4534, 21, 3, null),
  statePlane,
]

function utm(epsg: number, first: number, count: number, datum: string, proj: string, firstZone: number) {
  const zone = epsg - first + firstZone
  if (epsg < first || epsg >= first + count) return null
  const half = proj.includes('+south') ? 'S' : 'N'
  return {
    name: `${datum} / UTM zone ${zone}${half}`,
    proj: `+proj=utm +zone=${zone} ${proj} +units=m +no_defs`,
  }
}

/** Zones lie side by side from 75° E; `prefix` gives the zone number that stands before the easting, if any does. */
function gaussKruger(
  epsg: number,
  first: number,
  count: number,
  width: 3 | 6,
  prefix: ((index: number) => number) | null,
): Definition | null {
  const index = epsg - first
  if (index < 0 || index >= count) return null
  const meridian = 75 + width * index
  const easting = 500_000 + (prefix === null ? 0 : prefix(index) * 1_000_000)
  return {
    name: `CGCS2000 / ${width}° Gauss–Krüger ${prefix === null ? `CM ${meridian}E` : `zone ${prefix(index)}`}`,
    proj: `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=${easting} +y_0=0 +units=m ${GRS80}`,
  }
}

const FOOT_METRES = 0.3048
const US_SURVEY_FOOT_METRES = 1200 / 3937

function statePlane(epsg: number): Definition | null {
  for (const { zone, projection, metres, feet, usSurveyFeet } of STATE_PLANES) {
    const unit = metres.includes(epsg)
      ? { name: 'm', metres: 1 }
      : feet.includes(epsg)
        ? { name: 'ft', metres: FOOT_METRES }
        : usSurveyFeet.includes(epsg)
          ? { name: 'ftUS', metres: US_SURVEY_FOOT_METRES }
          : null
    if (unit === null) continue
    const terms = projection
      .split(' ')
      .slice(1)
      .map((term) => `+${term}`)
    const proj = `+proj=${projection.split(' ')[0]} ${terms.join(' ')} +to_meter=${unit.metres} ${GRS80}`
    return { name: `NAD83 / ${zone} (${unit.name})`, proj }
  }
  return null
}
