import { distanceMetres, type Bounds, type Position } from '../../foundation/core/geo.ts'
import { seededChance } from '../../foundation/core/chance.ts'
import type { DistrictSettings, LonLat } from '../../capabilities/place/core/index.ts'
import type { MapPackage } from '../../capabilities/place/server/map-package.ts'
import { formUnits, putOnDuty, recruiter, type UnitKind } from './muster.ts'
import type { DistrictPlan } from './settle.ts'
import { personNames } from './town/names.ts'

/** What a real district lacks in public data and is therefore generated: it says so in every name. */
const GENERATED_ZH = '（生成）'
const GENERATED_EN = ' (generated)'

const STATION_UNITS: readonly UnitKind[] = [
  'car',
  'car',
  'car',
  'car',
  'car',
  'motorcycle',
  'motorcycle',
  'foot',
  'foot',
]
const SPECIAL_UNITS: readonly UnitKind[] = Array.from({ length: 9 }, () => 'special')
const STATION_ZH = ['西区', '中区', '东区']
const STATION_EN = ['West', 'Central', 'East']
const BEATS = 3
const KEY_PLACES = 5
/** About 220 m: the size of a busy corner. */
const HOT_CELL_DEGREES = 0.002
const FARTHEST_CROSSING_METRES = 200

/**
 * Three stations side by side with three beats each, all with equal shares of the calls (of the road junctions where
 * there are no calls), a special patrol unit, 36 units and 180 officers. Key places are where most calls come from,
 * named after the nearest crossing. Deterministic by seed and input.
 */
export function planForceOnRoads({
  settings,
  map,
  calls,
  seed,
}: {
  settings: DistrictSettings
  map: Pick<MapPackage, 'viewBounds' | 'bounds' | 'placeNames'>
  calls: readonly Position[]
  seed: number
}): DistrictPlan {
  const chance = seededChance(seed)
  const demand: readonly Position[] = calls.length > 0 ? calls : map.placeNames
  const strips = divide(map.bounds, demand, 'lon', STATION_EN.length)
  const crossingNear = (position: Position): Position => {
    const { lon, lat } = nearestCrossing(position, map.placeNames)
    return { lon, lat }
  }
  const recruit = recruiter(chance, personNames(chance))
  const officers = recruit('bureau', 8, 8, false)
  const organisations: DistrictPlan['organisations'][number][] = [
    {
      key: 'bureau',
      parentKey: null,
      kind: 'sub-bureau',
      nameZh: `${settings.nameZh}分局${GENERATED_ZH}`,
      nameEn: `${settings.nameEn} Sub-bureau${GENERATED_EN}`,
      position: crossingNear(middleOf(demand, map.viewBounds)),
    },
  ]
  const areas: DistrictPlan['areas'][number][] = []
  const units = []
  for (const [i, strip] of strips.entries()) {
    const key = `station-${i + 1}`
    const nameZh = `${STATION_ZH[i]}派出所${GENERATED_ZH}`
    organisations.push({
      key,
      parentKey: 'bureau',
      kind: 'station',
      nameZh,
      nameEn: `${STATION_EN[i]} Station${GENERATED_EN}`,
      position: crossingNear(middleOf(strip.demand, strip.bounds)),
    })
    areas.push({ kind: 'station', name: `${nameZh}辖区`, organisationKey: key, ring: ringOf(strip.bounds) })
    for (const [j, beat] of divide(strip.bounds, strip.demand, 'lat', BEATS).entries())
      areas.push({
        kind: 'beat',
        name: `${STATION_ZH[i]}${'一二三'[j]}巡区`,
        organisationKey: key,
        ring: ringOf(beat.bounds),
      })
    const people = recruit(key, 44, 20, true)
    units.push(...formUnits(key, STATION_ZH[i]!, STATION_UNITS, people))
    officers.push(...people)
  }
  organisations.push({
    key: 'special',
    parentKey: 'bureau',
    kind: 'special-patrol',
    nameZh: `巡特警大队${GENERATED_ZH}`,
    nameEn: `Special Patrol Unit${GENERATED_EN}`,
    position: crossingNear(middleOf(demand, map.viewBounds)),
  })
  const special = recruit('special', 40, 20, true)
  units.push(...formUnits('special', '特巡', SPECIAL_UNITS, special))
  officers.push(...special)
  const resting = Object.fromEntries(
    [...STATION_ZH.flatMap((name) => [`${name}05`, `${name}07`, `${name}09`]), '特巡08', '特巡09'].map(
      (sign, i) => [sign, i % 2 === 0 ? 'break' : 'briefing'] as const,
    ),
  )
  return {
    settings,
    organisations,
    areas,
    ...putOnDuty(officers, units, resting),
    sites: [],
    keyPlaces: calls.length > 0 ? hotCorners(calls, map.placeNames) : [],
  }
}

/** Parts of a box along one axis with equal shares of the demand. */
function divide(
  bounds: Bounds,
  demand: readonly Position[],
  axis: 'lon' | 'lat',
  count: number,
): { bounds: Bounds; demand: Position[] }[] {
  const sorted = demand.map((position) => position[axis]).sort((a, b) => a - b)
  const [low, high] = axis === 'lon' ? [bounds.west, bounds.east] : [bounds.south, bounds.north]
  const cuts = [
    low,
    ...Array.from(
      { length: count - 1 },
      (_, i) =>
        sorted[Math.floor((sorted.length * (i + 1)) / count)] ?? low + ((high - low) * (i + 1)) / count,
    ),
    high,
  ]
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [cuts[i]!, cuts[i + 1]!]
    const part = axis === 'lon' ? { ...bounds, west: from, east: to } : { ...bounds, south: from, north: to }
    return {
      bounds: part,
      demand: demand.filter((position) => position[axis] >= from && position[axis] < to),
    }
  })
}

function middleOf(demand: readonly Position[], bounds: Bounds): Position {
  if (demand.length === 0)
    return { lon: (bounds.west + bounds.east) / 2, lat: (bounds.south + bounds.north) / 2 }
  const median = (axis: 'lon' | 'lat') =>
    demand.map((position) => position[axis]).sort((a, b) => a - b)[demand.length >> 1]!
  return { lon: median('lon'), lat: median('lat') }
}

function ringOf({ west, south, east, north }: Bounds): LonLat[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
}

/** The cells with most calls, none beside another that was taken. */
function hotCorners(calls: readonly Position[], names: MapPackage['placeNames']): DistrictPlan['keyPlaces'] {
  const cells = new Map<string, { count: number; lon: number; lat: number }>()
  for (const { lon, lat } of calls) {
    const key = `${Math.floor(lon / HOT_CELL_DEGREES)},${Math.floor(lat / HOT_CELL_DEGREES)}`
    const cell = cells.get(key) ?? { count: 0, lon: 0, lat: 0 }
    cells.set(key, { count: cell.count + 1, lon: cell.lon + lon, lat: cell.lat + lat })
  }
  const middles = [...cells.values()]
    .map(({ count, lon, lat }) => ({ count, lon: lon / count, lat: lat / count }))
    .sort((a, b) => b.count - a.count)
  const taken: { lon: number; lat: number; name: string }[] = []
  for (const middle of middles) {
    if (taken.length === KEY_PLACES) break
    if (
      taken.some((other) => Math.hypot(other.lon - middle.lon, other.lat - middle.lat) < 3 * HOT_CELL_DEGREES)
    )
      continue
    const { name, metres, lon, lat } = nearestCrossing(middle, names)
    // The extract holds calls where it holds no roads: nobody could keep a place there.
    if (metres > FARTHEST_CROSSING_METRES || taken.some((other) => other.name === name)) continue
    taken.push({ lon, lat, name })
  }
  return taken.map((place) => ({
    ...place,
    radiusMetres: 250,
    requiredUnits: 1,
    limitSeconds: 1800,
    activeHours: [],
  }))
}

interface Crossing extends Position {
  readonly name: string
  readonly metres: number
}

/** The nearest crossing of two named streets; the place itself, far from everything, where there is none. */
function nearestCrossing(position: Position, names: MapPackage['placeNames']): Crossing {
  let best: Crossing = { ...position, name: '—', metres: Infinity }
  for (const { name, kind, lon, lat } of names) {
    if (kind !== 'intersection') continue
    const metres = distanceMetres({ lon, lat }, position)
    if (metres < best.metres) best = { lon, lat, name, metres }
  }
  return best
}
