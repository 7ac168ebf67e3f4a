import type { Chance } from '../../../foundation/core/chance.ts'
import type { Block } from './blocks.ts'
import {
  centroid,
  chanceFor,
  drawBetween,
  isInside,
  lineDistanceMetres,
  offsetLine,
  segmentDistanceMetres,
  spanMetres,
  type Point,
} from './frame.ts'
import { compoundNames } from './names.ts'
import {
  bend,
  latticeX,
  latticeY,
  RAILWAY,
  railwayY,
  RIVER,
  RIVER_HALF_WIDTH_METRES,
  RIVERSIDE_METRES,
} from './plan.ts'
import type { Village } from './villages.ts'

export type LandUse =
  | 'residential'
  | 'commercial'
  | 'industrial'
  | 'park'
  | 'school'
  | 'college'
  | 'hospital'
  | 'government'
  | 'square'
  | 'sports'
  | 'riverbank'
  | 'railway'

export interface Lot {
  readonly use: LandUse
  readonly name: string | null
  readonly block: Block
}

/** A residential compound with its gate on a street. */
export interface Compound {
  readonly name: string
  readonly lot: Lot
}

export interface Building {
  readonly ring: readonly Point[]
  readonly use: LandUse
}

export interface Land {
  readonly lots: readonly Lot[]
  readonly compounds: readonly Compound[]
  readonly buildings: readonly Building[]
  readonly riverRing: readonly Point[]
  readonly lakes: readonly { name: string | null; ring: readonly Point[] }[]
  readonly fields: readonly (readonly Point[])[]
  readonly stationBuilding: readonly Point[]
  readonly stationAt: Point
}

export const COMPOUND_COUNT = 32
export const STATION_NAME = '颍宁站'

/** Gives every block its use, its buildings and, where it has one, its name. */
export function settleLand(seed: number, blocks: readonly Block[], villages: readonly Village[]): Land {
  const lots = useBlocks(chanceFor(seed, 'land use'), blocks)
  const compounds = nameCompounds(chanceFor(seed, 'compounds'), lots)
  const named = lots.map((lot) => {
    const compound = compounds.find((each) => each.lot === lot)
    return compound ? { ...lot, name: compound.name } : lot
  })
  const stationAt = stationPlace()
  return {
    lots: named,
    compounds: compounds.map(({ name, lot }) => ({ name, lot: named[lots.indexOf(lot)]! })),
    buildings: [
      ...raiseBuildings(chanceFor(seed, 'buildings'), named),
      ...raiseVillages(chanceFor(seed, 'farmhouses'), villages),
    ],
    riverRing: [
      ...offsetLine(RIVER, RIVER_HALF_WIDTH_METRES),
      ...offsetLine(RIVER, -RIVER_HALF_WIDTH_METRES).reverse(),
    ],
    lakes: digLakes(named),
    fields: ploughFields(chanceFor(seed, 'fields')),
    stationBuilding: box(stationAt, 150, 34, 0),
    stationAt,
  }
}

/** South of the tracks, between 建设路 and 中山路, facing 站前大街. */
function stationPlace(): Point {
  const x = (latticeX(2) + latticeX(3)) / 2
  return bend({ x, y: railwayY(x) - 42 })
}

/** Uses that are set by hand: the block nearest to the place named takes them. */
const LANDMARKS: readonly { use: LandUse; name: string; at: Point; smallest: number }[] = [
  { use: 'park', name: '人民公园', at: { x: latticeX(2) + 300, y: latticeY(3) + 650 }, smallest: 80_000 },
  { use: 'square', name: '人民广场', at: { x: latticeX(2) + 260, y: latticeY(2) + 560 }, smallest: 15_000 },
  { use: 'sports', name: '市体育中心', at: { x: latticeX(5) + 620, y: latticeY(2) + 620 }, smallest: 60_000 },
  { use: 'park', name: '城东森林公园', at: { x: latticeX(5) + 250, y: latticeY(2) + 250 }, smallest: 60_000 },
  {
    use: 'college',
    name: '颍宁职业技术学院',
    at: { x: latticeX(0) + 250, y: latticeY(1) + 600 },
    smallest: 60_000,
  },
  {
    use: 'college',
    name: '颍宁师范专科学校',
    at: { x: latticeX(5) + 500, y: latticeY(3) + 300 },
    smallest: 60_000,
  },
  {
    use: 'hospital',
    name: '市中心医院',
    at: { x: latticeX(3) + 300, y: latticeY(1) + 650 },
    smallest: 15_000,
  },
  {
    use: 'hospital',
    name: '青河区人民医院',
    at: { x: latticeX(0) + 600, y: latticeY(2) + 400 },
    smallest: 12_000,
  },
  {
    use: 'government',
    name: '青河区人民政府',
    at: { x: latticeX(4) + 350, y: latticeY(2) + 550 },
    smallest: 15_000,
  },
  {
    use: 'school',
    name: '颍宁市第一中学',
    at: { x: latticeX(3) + 620, y: latticeY(1) + 250 },
    smallest: 15_000,
  },
  {
    use: 'school',
    name: '颍宁市第三中学',
    at: { x: latticeX(0) + 300, y: latticeY(3) + 300 },
    smallest: 15_000,
  },
  { use: 'school', name: '实验小学', at: { x: latticeX(2) + 300, y: latticeY(1) + 250 }, smallest: 10_000 },
  {
    use: 'school',
    name: '青河区第二小学',
    at: { x: latticeX(4) + 400, y: latticeY(1) + 300 },
    smallest: 10_000,
  },
  {
    use: 'commercial',
    name: '长途汽车站',
    at: { x: latticeX(2) + 620, y: latticeY(4) + 120 },
    smallest: 8_000,
  },
]

function useBlocks(chance: Chance, blocks: readonly Block[]): Lot[] {
  const landmarkOf = new Map<Block, (typeof LANDMARKS)[number]>()
  for (const landmark of LANDMARKS) {
    const at = bend(landmark.at)
    const fitting = blocks.filter(
      (block) =>
        block.areaSquareMetres >= landmark.smallest &&
        block.areaSquareMetres < landmark.smallest * 6 &&
        !block.isRiverbank &&
        !landmarkOf.has(block),
    )
    const nearest = fitting.reduce<Block | null>(
      (best, block) =>
        best === null || spanMetres(block.centre, at) < spanMetres(best.centre, at) ? block : best,
      null,
    )
    if (nearest) landmarkOf.set(nearest, landmark)
  }
  return blocks.map((block) => {
    const landmark = landmarkOf.get(block)
    if (landmark) return { use: landmark.use, name: landmark.name, block }
    if (block.isRiverbank) return { use: 'riverbank', name: null, block }
    return { use: usualUse(chance, block), name: null, block }
  })
}

function usualUse(chance: Chance, block: Block): LandUse {
  const draw = chance.next()
  switch (block.character) {
    case 'industry':
      return draw < 0.8 ? 'industrial' : 'residential'
    case 'centre':
      return draw < 0.5 ? 'commercial' : 'residential'
    case 'station':
      return draw < 0.35 ? 'commercial' : draw < 0.5 ? 'industrial' : 'residential'
    case 'campus':
      return draw < 0.3 ? 'school' : 'residential'
    case 'park':
      return draw < 0.4 ? 'park' : 'residential'
    case 'old':
      return draw < 0.2 ? 'commercial' : 'residential'
    default:
      return draw < 0.1 ? 'commercial' : draw < 0.14 ? 'park' : 'residential'
  }
}

function nameCompounds(chance: Chance, lots: readonly Lot[]): Compound[] {
  const homes = lots
    .filter(
      ({ use, block }) =>
        use === 'residential' && block.character !== 'old' && block.areaSquareMetres > 12_000,
    )
    .sort((a, b) => b.block.areaSquareMetres - a.block.areaSquareMetres)
    .slice(0, COMPOUND_COUNT * 2)
  const chosen: Lot[] = []
  while (chosen.length < COMPOUND_COUNT && homes.length > 0)
    chosen.push(...homes.splice(chance.below(homes.length), 1))
  return compoundNames(chance, chosen.length).map((name, i) => ({ name, lot: chosen[i]! }))
}

/** A rectangle around its centre, turned by `angle` radians. Open ring, counter-clockwise. */
function box(at: Point, width: number, depth: number, angle: number): Point[] {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([i, j]) => {
    const dx = (i! * width) / 2
    const dy = (j! * depth) / 2
    return { x: at.x + dx * cos - dy * sin, y: at.y + dx * sin + dy * cos }
  })
}

interface BuildingStyle {
  readonly width: readonly [number, number]
  readonly depth: readonly [number, number]
  readonly gap: readonly [number, number]
  readonly setbackMetres: number
  readonly leftOut: number
}

const STYLES: Partial<Record<LandUse | 'old', BuildingStyle>> = {
  // Slab blocks in rows that face south, as far apart as the winter sun asks.
  residential: { width: [38, 60], depth: [11, 14], gap: [9, 24], setbackMetres: 12, leftOut: 0.1 },
  old: { width: [9, 16], depth: [7, 11], gap: [3, 6], setbackMetres: 6, leftOut: 0.18 },
  commercial: { width: [28, 55], depth: [22, 34], gap: [14, 18], setbackMetres: 14, leftOut: 0.12 },
  industrial: { width: [55, 95], depth: [24, 40], gap: [20, 26], setbackMetres: 16, leftOut: 0.3 },
  school: { width: [45, 70], depth: [14, 18], gap: [26, 40], setbackMetres: 22, leftOut: 0.35 },
  college: { width: [55, 80], depth: [16, 20], gap: [40, 50], setbackMetres: 30, leftOut: 0.4 },
  hospital: { width: [40, 70], depth: [18, 24], gap: [22, 26], setbackMetres: 18, leftOut: 0.15 },
  government: { width: [50, 80], depth: [16, 20], gap: [36, 40], setbackMetres: 24, leftOut: 0.2 },
}

function raiseBuildings(chance: Chance, lots: readonly Lot[]): Building[] {
  const buildings: Building[] = []
  for (const { use, block } of lots) {
    const style = STYLES[use === 'residential' && block.character === 'old' ? 'old' : use]
    if (!style) continue
    const angle = mostEasterlyEdge(block.ring)
    const cos = Math.cos(angle)
    const sin = Math.sin(angle)
    const turned = block.ring.map(({ x, y }) => ({ x: x * cos + y * sin, y: -x * sin + y * cos }))
    const west = Math.min(...turned.map((p) => p.x))
    const east = Math.max(...turned.map((p) => p.x))
    const south = Math.min(...turned.map((p) => p.y))
    const north = Math.max(...turned.map((p) => p.y))
    let y = south + style.setbackMetres
    while (y < north) {
      const depth = drawBetween(chance, ...style.depth)
      let x = west + style.setbackMetres + drawBetween(chance, 0, 8)
      while (x < east) {
        const width = drawBetween(chance, ...style.width)
        const middle = { x: x + width / 2, y: y + depth / 2 }
        const ring = box(
          { x: middle.x * cos - middle.y * sin, y: middle.x * sin + middle.y * cos },
          width,
          depth,
          angle,
        )
        if (chance.next() >= style.leftOut && fits(ring, block.ring, style.setbackMetres))
          buildings.push({ ring, use })
        x += width + style.gap[0]
      }
      y += depth + style.gap[1]
    }
  }
  return buildings
}

/** The direction of the longest side that runs roughly west to east. */
function mostEasterlyEdge(ring: readonly Point[]): number {
  let angle = 0
  let longest = 0
  for (let i = 0; i < ring.length; i++) {
    const a = ring[i]!
    const b = ring[(i + 1) % ring.length]!
    const slope = Math.atan((b.y - a.y) / (b.x - a.x || 1e-9))
    if (Math.abs(slope) > 0.5) continue
    const length = spanMetres(a, b)
    if (length <= longest) continue
    longest = length
    angle = slope
  }
  return angle
}

function fits(ring: readonly Point[], block: readonly Point[], setbackMetres: number): boolean {
  for (const corner of ring) {
    if (!isInside(block, corner)) return false
    for (let i = 0, j = block.length - 1; i < block.length; j = i++) {
      if (segmentDistanceMetres(corner, block[j]!, block[i]!) < setbackMetres * 0.8) return false
    }
  }
  const middle = centroid(ring)
  return lineDistanceMetres(middle, RIVER) > RIVERSIDE_METRES && lineDistanceMetres(middle, RAILWAY) > 48
}

function raiseVillages(chance: Chance, villages: readonly Village[]): Building[] {
  return villages.flatMap(({ at }) => {
    const houses: Building[] = []
    for (let i = -5; i <= 5; i++) {
      for (let j = -3; j <= 3; j++) {
        if (chance.next() < 0.45) continue
        const middle = { x: at.x + i * 26 + drawBetween(chance, -4, 4), y: at.y + j * 30 + 12 }
        houses.push({ ring: box(middle, 13, 9, 0), use: 'residential' })
      }
    }
    return houses
  })
}

function digLakes(lots: readonly Lot[]): { name: string; ring: Point[] }[] {
  return lots
    .filter(({ use, name }) => use === 'park' && name !== null)
    .map(({ name, block }) => {
      const room = Math.sqrt(block.areaSquareMetres)
      const ring = Array.from({ length: 28 }, (_, i) => {
        const turn = (i / 28) * 2 * Math.PI
        const reach = room * 0.2 * (1 + 0.28 * Math.sin(2 * turn + 0.5) + 0.12 * Math.sin(5 * turn))
        return {
          x: block.centre.x + reach * 1.15 * Math.cos(turn),
          y: block.centre.y + reach * 0.85 * Math.sin(turn),
        }
      })
      return { name: name === '人民公园' ? '莲花湖' : '东湖', ring }
    })
}

/** Strips of farmland beyond the ring road. */
function ploughFields(chance: Chance): Point[][] {
  const fields: Point[][] = []
  const west = latticeX(-1)
  const east = latticeX(7)
  const south = latticeY(-1)
  const north = latticeY(6)
  for (let x = west; x < east; x += 260) {
    for (let y = south; y < north; y += 200) {
      const isTown = x > latticeX(0) - 260 && x < latticeX(6) && y > latticeY(0) - 200 && y < latticeY(5)
      if (isTown || chance.next() < 0.12) continue
      const ring = [
        [10, 10],
        [250, 10],
        [250, 190],
        [10, 190],
      ].map(([dx, dy]) => bend({ x: x + dx!, y: y + dy! }))
      if (ring.some((p) => lineDistanceMetres(p, RIVER) < 90)) continue
      fields.push(ring)
    }
  }
  return fields
}
