import type { RoadClass } from '../../../../solvers/routing/profile.ts'
import {
  DEFAULT_SPEED_KILOMETRES_PER_HOUR,
  isRoadClass,
  SHARE_OF_POSTED_LIMIT,
} from '../../../../solvers/routing/profile.ts'
import type { BasemapLayer } from '../features.ts'

/** The tags of one OpenStreetMap element. */
export type Tags = Readonly<Record<string, string>>

/** What a car makes of a way. */
export interface RoadTags {
  readonly class: RoadClass
  readonly oneWay: 'no' | 'forward' | 'backward'
  readonly speedKilometresPerHour: number
}

/**
 * Reads a way as a road for cars, or null where none may go. Private roads are kept, since patrols enter compounds;
 * what is closed to everybody (`no`) or not built yet is not.
 */
export function roadTags(tags: Tags): RoadTags | null {
  const highway = tags['highway']
  if (highway === undefined || !isRoadClass(highway) || tags['area'] === 'yes') return null
  const access = tags['motor_vehicle'] ?? tags['motorcar'] ?? tags['vehicle'] ?? tags['access']
  if (access === 'no' || access === 'agricultural' || access === 'forestry') return null
  return { class: highway, oneWay: oneWayOf(highway, tags), speedKilometresPerHour: speedOf(highway, tags) }
}

function oneWayOf(highway: RoadClass, tags: Tags): RoadTags['oneWay'] {
  const value = tags['oneway:motor_vehicle'] ?? tags['oneway']
  if (value === '-1' || value === 'reverse') return 'backward'
  if (value === 'yes' || value === 'true' || value === '1') return 'forward'
  if (value === 'no' || value === 'false' || value === '0') return 'no'
  const isImplied =
    tags['junction'] === 'roundabout' || tags['junction'] === 'circular' || highway === 'motorway'
  return isImplied ? 'forward' : 'no'
}

function speedOf(highway: RoadClass, tags: Tags): number {
  const limit = speedLimitKilometresPerHour(tags['maxspeed'])
  return limit === null ? DEFAULT_SPEED_KILOMETRES_PER_HOUR[highway] : limit * SHARE_OF_POSTED_LIMIT
}

/** `50`, `30 mph`, `20 knots`; anything else (`signals`, `none`, `RU:urban`) says nothing we can use. */
export function speedLimitKilometresPerHour(text: string | undefined): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\s*(km\/h|kmh|kph|mph|knots)?\s*$/.exec(text ?? '')
  if (found === null) return null
  const factor = found[2] === 'mph' ? 1.609344 : found[2] === 'knots' ? 1.852 : 1
  const limit = Number(found[1]) * factor
  return limit >= 5 && limit <= 150 ? limit : null
}

/** The name in the district's own language. */
export function nameOf(tags: Tags): string {
  return (tags['name'] ?? tags['name:zh'] ?? tags['name:en'] ?? '').trim()
}

export interface MapTags {
  readonly layer: BasemapLayer
  readonly kind: string
  /** A closed way of it is an area rather than a line. */
  readonly isArea: boolean
}

/** What is drawn of an element, or null for nothing. The first rule that fits decides. */
export function mapTags(tags: Tags): MapTags | null {
  for (const rule of MAP_RULES) {
    const found = rule(tags)
    if (found !== null) return found
  }
  return null
}

const area = (layer: BasemapLayer, kind: string | undefined): MapTags | null =>
  kind === undefined ? null : { layer, kind, isArea: true }
const line = (layer: BasemapLayer, kind: string | undefined): MapTags | null =>
  kind === undefined ? null : { layer, kind, isArea: false }

const WATERWAYS: Readonly<Record<string, string>> = {
  river: 'river',
  canal: 'canal',
  stream: 'stream',
  drain: 'stream',
  ditch: 'stream',
}

const LANDUSE: Readonly<Record<string, string>> = {
  forest: 'forest',
  grass: 'grass',
  meadow: 'grass',
  village_green: 'park',
  recreation_ground: 'park',
  cemetery: 'cemetery',
  farmland: 'farmland',
  farmyard: 'farmland',
  orchard: 'farmland',
  vineyard: 'farmland',
  allotments: 'farmland',
  residential: 'residential',
  commercial: 'commercial',
  retail: 'commercial',
  industrial: 'industrial',
  railway: 'industrial',
  construction: 'industrial',
}
const LEISURE: Readonly<Record<string, string>> = {
  park: 'park',
  garden: 'park',
  golf_course: 'park',
  playground: 'park',
  pitch: 'pitch',
  stadium: 'pitch',
  sports_centre: 'pitch',
  nature_reserve: 'forest',
}
const NATURAL: Readonly<Record<string, string>> = {
  wood: 'forest',
  scrub: 'forest',
  grassland: 'grass',
  heath: 'grass',
  beach: 'sand',
  sand: 'sand',
  wetland: 'wetland',
}
const RAILWAYS: Readonly<Record<string, string>> = {
  rail: 'rail',
  light_rail: 'light_rail',
  subway: 'subway',
  tram: 'tram',
  narrow_gauge: 'rail',
  monorail: 'light_rail',
}
const PATHS = new Set(['footway', 'path', 'pedestrian', 'cycleway', 'steps', 'track', 'bridleway'])

const MAP_RULES: readonly ((tags: Tags) => MapTags | null)[] = [
  (tags) =>
    area('water', tags['natural'] === 'water' || tags['landuse'] === 'reservoir' ? 'water' : undefined),
  (tags) =>
    area('water', tags['waterway'] === 'riverbank' || tags['waterway'] === 'dock' ? 'water' : undefined),
  (tags) => (tags['tunnel'] === 'culvert' ? null : line('water', WATERWAYS[tags['waterway'] ?? ''])),
  (tags) => {
    const highway = tags['highway'] ?? ''
    if (isRoadClass(highway)) return { layer: 'roads', kind: highway, isArea: tags['area'] === 'yes' }
    return PATHS.has(highway) ? { layer: 'roads', kind: 'path', isArea: tags['area'] === 'yes' } : null
  },
  (tags) => line('railways', RAILWAYS[tags['railway'] ?? '']),
  (tags) =>
    area('buildings', tags['building'] === undefined || tags['building'] === 'no' ? undefined : 'building'),
  (tags) => area('landuse', LEISURE[tags['leisure'] ?? '']),
  (tags) => area('landuse', NATURAL[tags['natural'] ?? '']),
  (tags) => area('landuse', LANDUSE[tags['landuse'] ?? '']),
  (tags) =>
    area(
      'landuse',
      ['school', 'university', 'college', 'hospital'].find((kind) => tags['amenity'] === kind),
    ),
]

const SETTLEMENTS = new Set([
  'city',
  'town',
  'village',
  'hamlet',
  'borough',
  'suburb',
  'quarter',
  'neighbourhood',
  'locality',
])

/** Points of interest that a caller names to say where they are, by key, in the words of the source. */
const POINTS_OF_INTEREST: Readonly<Record<string, ReadonlySet<string>>> = {
  amenity: new Set([
    'police',
    'fire_station',
    'hospital',
    'clinic',
    'pharmacy',
    'school',
    'kindergarten',
    'university',
    'college',
    'library',
    'townhall',
    'courthouse',
    'embassy',
    'bank',
    'post_office',
    'marketplace',
    'bus_station',
    'fuel',
    'parking',
    'place_of_worship',
    'theatre',
    'cinema',
    'nightclub',
    'bar',
    'pub',
    'restaurant',
    'cafe',
    'fast_food',
    'community_centre',
    'arts_centre',
    'prison',
    'ferry_terminal',
  ]),
  tourism: new Set(['hotel', 'hostel', 'motel', 'museum', 'attraction', 'zoo', 'guest_house', 'gallery']),
  shop: new Set(['mall', 'supermarket', 'department_store', 'convenience', 'jewelry', 'car']),
  leisure: new Set(['park', 'stadium', 'sports_centre', 'playground', 'marina']),
  aeroway: new Set(['aerodrome', 'terminal']),
}

/** Kind of a named place in the type-ahead and on the map, or null for what is no such place. */
export function placeKind(tags: Tags): string | null {
  const place = tags['place'] ?? ''
  if (SETTLEMENTS.has(place)) return place
  const railway = tags['railway'] ?? ''
  if (railway === 'station' || railway === 'halt' || tags['public_transport'] === 'station') return 'station'
  if (railway === 'tram_stop' || railway === 'subway_entrance') return 'stop'
  for (const [key, kinds] of Object.entries(POINTS_OF_INTEREST)) {
    const value = tags[key]
    if (value !== undefined && kinds.has(value)) return value
  }
  const building = tags['building']
  return building !== undefined && building !== 'no' && nameOf(tags) !== '' ? 'building' : null
}
