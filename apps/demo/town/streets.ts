import type { Chance } from '../../../foundation/core/chance.ts'
import {
  between,
  chanceFor,
  drawBetween,
  lineDistanceMetres,
  offsetLine,
  spanMetres,
  type Point,
} from './frame.ts'
import { streetNames, VILLAGES } from './names.ts'
import {
  AVENUES,
  bend,
  characterOf,
  COLUMNS,
  latticeX,
  latticeY,
  MARGIN_METRES,
  RAILWAY,
  railwayY,
  RIVER,
  RIVER_HALF_WIDTH_METRES,
  RIVERSIDE_METRES,
  riverX,
  ROWS,
  STREETS,
  type Character,
  type MainRoad,
} from './plan.ts'
import { crossingOf, keepLargestPart, startSketch, type Highway, type Sketch } from './sketch.ts'

export interface Village {
  readonly name: string
  readonly at: Point
}

/** Draws every street of the town. Deterministic by seed. */
export function drawStreets(seed: number): { sketch: Sketch; villages: Village[] } {
  const sketch = startSketch()
  const nameOf = streetNames(chanceFor(seed, 'street names'))
  const cells = planCells(chanceFor(seed, 'superblocks'))
  drawMainRoads(sketch, cells)
  drawInnerStreets(sketch, cells, chanceFor(seed, 'inner streets'), nameOf)
  drawRiversideRoads(sketch)
  cutAtRiverAndRailway(sketch)
  drawAlleys(sketch, cells, chanceFor(seed, 'alleys'), nameOf)
  const villages = drawVillages(sketch, chanceFor(seed, 'villages'))
  dropDoubles(sketch)
  keepLargestPart(sketch)
  return { sketch, villages }
}

const SPEED: Readonly<Record<Highway, number>> = {
  trunk: 60,
  primary: 60,
  secondary: 50,
  tertiary: 40,
  unclassified: 40,
  residential: 30,
  living_street: 15,
  service: 15,
}

/** One superblock: where its inner streets run, as shares of its width and height. */
interface Cell {
  readonly column: number
  readonly row: number
  readonly character: Character
  /** Shares from west to east; the streets run north and south. */
  readonly across: readonly number[]
  /** Shares from south to north; the streets run west and east. */
  readonly along: readonly number[]
  /** Nodes of the inner lattice, borders included: [0 … across.length + 1][0 … along.length + 1]. */
  readonly nodes: number[][]
}

const INNER_STREETS: Readonly<Record<Character, readonly [number, number]>> = {
  old: [4, 4],
  centre: [3, 3],
  residential: [3, 2],
  industry: [1, 2],
  park: [1, 1],
  campus: [1, 2],
  station: [2, 2],
}

function planCells(chance: Chance): Cell[][] {
  const rows: Cell[][] = []
  for (let row = 0; row < ROWS; row++) {
    rows.push([])
    for (let column = 0; column < COLUMNS; column++) {
      const character = characterOf(column, row) as Character
      const [acrossCount, alongCount] = INNER_STREETS[character]
      const across = evenShares(chance, acrossCount, rows[row - 1]?.[column]?.across ?? [])
      const along = evenShares(chance, alongCount, rows[row]?.[column - 1]?.along ?? [])
      rows[row]!.push({ column, row, character, across, along, nodes: [] })
    }
  }
  return rows
}

/** Roughly even, and often in line with the neighbour's streets, so that some crossings are crossroads and some are T. */
function evenShares(chance: Chance, count: number, neighbour: readonly number[]): number[] {
  const shares: number[] = []
  for (let i = 0; i < count; i++) {
    const share = (i + 1 + drawBetween(chance, -0.22, 0.22)) / (count + 1)
    const close = neighbour.find((other) => Math.abs(other - share) < 0.09)
    const isInLine = close !== undefined && (Math.abs(close - share) < 0.045 || chance.next() < 0.6)
    const own = isInLine ? close : share
    if (own - (shares.at(-1) ?? 0) > 0.07) shares.push(own)
  }
  return shares
}

/** A place in a superblock, from shares of its width and height. */
function inCell(column: number, row: number, across: number, along: number): Point {
  return bend({
    x: latticeX(column) + across * (latticeX(column + 1) - latticeX(column)),
    y: latticeY(row) + along * (latticeY(row + 1) - latticeY(row)),
  })
}

function drawMainRoads(sketch: Sketch, cells: readonly (readonly Cell[])[]): void {
  const corners = new Map<string, number>()
  const cornerNode = (column: number, row: number): number => {
    const key = `${column},${row}`
    const known = corners.get(key)
    if (known !== undefined) return known
    const node = sketch.addNode(bend({ x: latticeX(column), y: latticeY(row) }))
    corners.set(key, node)
    return node
  }
  const drawLine = (
    road: MainRoad,
    name: string,
    at: (i: number) => number,
    sharesOf: (i: number) => number[],
    place: (i: number, share: number) => Point,
    from: number,
    to: number,
    remember: (i: number, share: number, node: number) => void,
  ) => {
    const id = sketch.addRoad({
      name,
      highway: road.highway,
      oneway: false,
      speedKilometresPerHour: road.speedKilometresPerHour,
    })
    for (let i = from; i < to; i++) {
      let last = at(i)
      for (const share of sharesOf(i)) {
        const node = sketch.addNode(place(i, share))
        remember(i, share, node)
        sketch.addSegment(last, node, id, true)
        last = node
      }
      sketch.addSegment(last, at(i + 1), id, true)
    }
  }

  AVENUES.forEach((avenue, column) => {
    const west = (row: number) => cells[row]?.[column - 1]
    const east = (row: number) => cells[row]?.[column]
    drawLine(
      avenue,
      avenue.name,
      (row) => cornerNode(column, row),
      (row) => merged(west(row)?.along ?? [], east(row)?.along ?? []),
      (row, share) => inCell(column, row, 0, share),
      0,
      ROWS,
      (row, share, node) => {
        keepBorderNode(west(row), 'east', share, node)
        keepBorderNode(east(row), 'west', share, node)
      },
    )
    if (!avenue.radial) return
    const road = sketch.addRoad({
      name: avenue.radialName!,
      highway: 'primary',
      oneway: false,
      speedKilometresPerHour: 70,
    })
    drawRadial(sketch, road, cornerNode(column, 0), (share) =>
      bend({ x: latticeX(column), y: latticeY(0) - share * MARGIN_METRES }),
    )
    drawRadial(sketch, road, cornerNode(column, ROWS), (share) =>
      bend({ x: latticeX(column), y: latticeY(ROWS) + share * MARGIN_METRES }),
    )
  })
  STREETS.forEach((street, row) => {
    const south = (column: number) => cells[row - 1]?.[column]
    const north = (column: number) => cells[row]?.[column]
    drawLine(
      street,
      street.name,
      (column) => cornerNode(column, row),
      (column) => merged(south(column)?.across ?? [], north(column)?.across ?? []),
      (column, share) => inCell(column, row, share, 0),
      0,
      COLUMNS,
      (column, share, node) => {
        keepBorderNode(south(column), 'north', share, node)
        keepBorderNode(north(column), 'south', share, node)
      },
    )
    if (!street.radial) return
    const road = sketch.addRoad({
      name: street.radialName!,
      highway: 'primary',
      oneway: false,
      speedKilometresPerHour: 70,
    })
    drawRadial(sketch, road, cornerNode(0, row), (share) =>
      bend({ x: latticeX(0) - share * MARGIN_METRES, y: latticeY(row) }),
    )
    drawRadial(sketch, road, cornerNode(COLUMNS, row), (share) =>
      bend({ x: latticeX(COLUMNS) + share * MARGIN_METRES, y: latticeY(row) }),
    )
  })
}

function drawRadial(sketch: Sketch, road: number, from: number, at: (share: number) => Point): void {
  let last = from
  for (const share of [0.25, 0.5, 0.75, 1]) {
    const node = sketch.addNode(at(share))
    sketch.addSegment(last, node, road, true)
    last = node
  }
}

function merged(one: readonly number[], two: readonly number[]): number[] {
  return [...new Set([...one, ...two])].sort((a, b) => a - b)
}

/** Border nodes of a cell, kept under the share of the street that ends there. */
const borders = new WeakMap<Cell, Record<'east' | 'west' | 'north' | 'south', Map<number, number>>>()

function bordersOf(cell: Cell) {
  let own = borders.get(cell)
  if (!own) {
    own = { east: new Map(), west: new Map(), north: new Map(), south: new Map() }
    borders.set(cell, own)
  }
  return own
}

function keepBorderNode(
  cell: Cell | undefined,
  side: 'east' | 'west' | 'north' | 'south',
  share: number,
  node: number,
): void {
  if (cell) bordersOf(cell)[side].set(share, node)
}

function drawInnerStreets(
  sketch: Sketch,
  cells: readonly (readonly Cell[])[],
  chance: Chance,
  nameOf: (suffix: string) => string,
): void {
  for (const cell of cells.flat()) {
    const { across, along, character } = cell
    const wander = character === 'old' ? 0.035 : 0.018
    const border = bordersOf(cell)
    for (let i = 0; i <= across.length + 1; i++) {
      cell.nodes.push([])
      for (let j = 0; j <= along.length + 1; j++) {
        const isCorner = (i === 0 || i > across.length) && (j === 0 || j > along.length)
        const node = isCorner
          ? -1
          : i === 0
            ? border.west.get(along[j - 1]!)!
            : i > across.length
              ? border.east.get(along[j - 1]!)!
              : j === 0
                ? border.south.get(across[i - 1]!)!
                : j > along.length
                  ? border.north.get(across[i - 1]!)!
                  : sketch.addNode(
                      inCell(
                        cell.column,
                        cell.row,
                        across[i - 1]! + drawBetween(chance, -wander, wander),
                        along[j - 1]! + drawBetween(chance, -wander, wander),
                      ),
                    )
        cell.nodes[i]!.push(node)
      }
    }
    const lastAcross = across.length + 1
    const lastAlong = along.length + 1
    const dropShare = character === 'old' ? 0.16 : character === 'centre' ? 0.06 : 0.11
    for (let i = 1; i < lastAcross; i++) {
      const isMiddle = i === Math.ceil(across.length / 2)
      drawInnerStreet(
        sketch,
        chance,
        nameOf,
        isMiddle,
        isMiddle ? 0 : dropShare,
        Array.from({ length: lastAlong + 1 }, (_, j) => cell.nodes[i]![j]!),
        character,
      )
    }
    for (let j = 1; j < lastAlong; j++) {
      const isMiddle = j === Math.ceil(along.length / 2)
      drawInnerStreet(
        sketch,
        chance,
        nameOf,
        isMiddle,
        isMiddle ? 0 : dropShare,
        Array.from({ length: lastAcross + 1 }, (_, i) => cell.nodes[i]![j]!),
        character,
      )
    }
  }
}

/** One inner street, with pieces left out by chance: a town that grew has T junctions and streets that stop. */
function drawInnerStreet(
  sketch: Sketch,
  chance: Chance,
  nameOf: (suffix: string) => string,
  isMiddle: boolean,
  dropShare: number,
  nodes: readonly number[],
  character: Character,
): void {
  const highway: Highway = isMiddle ? 'tertiary' : 'residential'
  const oneway = character === 'centre' && !isMiddle && chance.next() < 0.22
  const road = sketch.addRoad({
    name: nameOf(isMiddle ? '路' : chance.next() < 0.6 ? '街' : '路'),
    highway,
    oneway,
    speedKilometresPerHour: SPEED[highway],
  })
  for (let i = 1; i < nodes.length; i++)
    if (chance.next() >= dropShare || oneway) sketch.addSegment(nodes[i - 1]!, nodes[i]!, road)
}

/** Small streets end at the water and at the tracks; main roads go over the one and under the other. */
function cutAtRiverAndRailway(sketch: Sketch): void {
  const crosses = (line: readonly Point[], a: Point, b: Point) =>
    line.some((p, i) => i > 0 && crossingOf(a, b, line[i - 1]!, p) !== null)
  const isInBed = (p: Point) =>
    lineDistanceMetres(p, RIVER) < RIVER_HALF_WIDTH_METRES + 25 || lineDistanceMetres(p, RAILWAY) < 30
  sketch.keep((segment) => {
    if (segment.bridge) return true
    const a = sketch.nodes[segment.from]!
    const b = sketch.nodes[segment.to]!
    return !isInBed(a) && !isInBed(b) && !crosses(RIVER, a, b) && !crosses(RAILWAY, a, b)
  })
}

function drawRiversideRoads(sketch: Sketch): void {
  const south = bend({ x: 0, y: latticeY(0) }).y
  const north = bend({ x: 0, y: latticeY(ROWS) }).y
  const isInTown = (p: Point) => p.y > south - 40 && p.y < north + 60
  for (const [name, metres] of [
    ['滨河东路', RIVERSIDE_METRES],
    ['滨河西路', -RIVERSIDE_METRES],
  ] as const) {
    // The river is drawn from north to south, so its left bank is the eastern one.
    const line = offsetLine(RIVER, metres).filter(isInTown)
    const road = sketch.addRoad({ name, highway: 'tertiary', oneway: false, speedKilometresPerHour: 40 })
    for (const piece of clearOfRailway(line)) sketch.draw(piece, road)
  }
}

/** The pieces of a line that stay clear of the tracks. */
function clearOfRailway(line: readonly Point[]): Point[][] {
  const pieces: Point[][] = [[]]
  for (const p of line) {
    if (lineDistanceMetres(p, RAILWAY) < 45) pieces.push([])
    else pieces.at(-1)!.push(p)
  }
  return pieces.filter((piece) => piece.length > 1)
}

const ALLEYS_PER_CELL: Readonly<Record<Character, number>> = {
  old: 26,
  centre: 9,
  residential: 7,
  industry: 2,
  park: 0,
  campus: 2,
  station: 5,
}

/** Lanes from the middle of one street to the next, or ending in the block. */
function drawAlleys(
  sketch: Sketch,
  cells: readonly (readonly Cell[])[],
  chance: Chance,
  nameOf: (suffix: string) => string,
): void {
  for (const cell of cells.flat()) {
    const suffixes = cell.character === 'old' ? ['巷', '胡同', '里'] : ['巷']
    for (let k = 0; k < ALLEYS_PER_CELL[cell.character]; k++) {
      const i = chance.below(cell.across.length + 1)
      const j = chance.below(cell.along.length + 1)
      const runsNorth = chance.next() < 0.5
      const side = drawBetween(chance, 0.3, 0.7)
      const drift = drawBetween(chance, -0.1, 0.1)
      const reach = chance.next() < 0.55 ? 1 : drawBetween(chance, 0.45, 0.75)
      const shareX = [0, ...cell.across, 1]
      const shareY = [0, ...cell.along, 1]
      const at = (u: number, v: number) =>
        inCell(
          cell.column,
          cell.row,
          shareX[i]! + u * (shareX[i + 1]! - shareX[i]!),
          shareY[j]! + v * (shareY[j + 1]! - shareY[j]!),
        )
      const line = runsNorth
        ? [at(side, 0), at(side + drift, reach / 2), at(side, reach)]
        : [at(0, side), at(reach / 2, side + drift), at(reach, side)]
      const isClear = line.every(
        (p) => lineDistanceMetres(p, RIVER) > RIVERSIDE_METRES + 15 && lineDistanceMetres(p, RAILWAY) > 45,
      )
      if (!isClear || spanMetres(line[0]!, line.at(-1)!) < 50) continue
      const highway: Highway =
        cell.character === 'old' ? 'living_street' : chance.next() < 0.5 ? 'living_street' : 'service'
      const road = sketch.addRoad({
        name: highway === 'service' ? null : nameOf(chance.pick(suffixes)),
        highway,
        oneway: false,
        speedKilometresPerHour: 15,
      })
      sketch.draw(line, road)
    }
  }
}

/** Villages around the town, each with a few lanes and a road to the nearest street. */
function drawVillages(sketch: Sketch, chance: Chance): Village[] {
  const villages: Village[] = []
  const west = latticeX(0)
  const east = latticeX(COLUMNS)
  const south = latticeY(0)
  const north = latticeY(ROWS)
  for (const name of VILLAGES) {
    for (let attempt = 0; attempt < 40; attempt++) {
      const side = chance.below(4)
      const depth = drawBetween(chance, 450, MARGIN_METRES - 350)
      const flat =
        side < 2
          ? { x: side === 0 ? west - depth : east + depth, y: drawBetween(chance, south - 700, north + 700) }
          : { x: drawBetween(chance, west - 700, east + 700), y: side === 2 ? south - depth : north + depth }
      const at = bend(flat)
      const isAlone = villages.every((other) => spanMetres(other.at, at) > 900)
      const isDry = Math.abs(flat.x - riverX(flat.y)) > 350 && Math.abs(flat.y - railwayY(flat.x)) > 350
      if (!isAlone || !isDry) continue
      villages.push({ name, at })
      drawVillage(sketch, chance, name, at)
      break
    }
  }
  return villages
}

function drawVillage(sketch: Sketch, chance: Chance, name: string, at: Point): void {
  const target = nearestReachable(sketch, at)
  if (!target) return
  const approach = sketch.addRoad({
    name: `${name.slice(0, 2)}路`,
    highway: 'unclassified',
    oneway: false,
    speedKilometresPerHour: SPEED.unclassified,
  })
  const middle = between(at, target, 0.5)
  const wobble = { x: middle.x + drawBetween(chance, -60, 60), y: middle.y + drawBetween(chance, -60, 60) }
  sketch.draw([at, wobble, target], approach)
  const lanes = 3 + chance.below(3)
  const turn = drawBetween(chance, -0.3, 0.3)
  const along = (dx: number, dy: number): Point => ({
    x: at.x + dx * Math.cos(turn) - dy * Math.sin(turn),
    y: at.y + dx * Math.sin(turn) + dy * Math.cos(turn),
  })
  const half = 60 + lanes * 22
  const main = sketch.addRoad({
    name: `${name.slice(0, 2)}村中街`,
    highway: 'residential',
    oneway: false,
    speedKilometresPerHour: SPEED.residential,
  })
  sketch.draw([along(-half, 0), at, along(half, 0)], main)
  for (let lane = 0; lane < lanes; lane++) {
    const dx = -half + ((lane + 0.5) * 2 * half) / lanes
    const road = sketch.addRoad({
      name: null,
      highway: 'living_street',
      oneway: false,
      speedKilometresPerHour: 15,
    })
    sketch.draw(
      [along(dx, -drawBetween(chance, 80, 150)), along(dx, 0), along(dx, drawBetween(chance, 80, 150))],
      road,
    )
  }
}

/** The nearest node of the town that a road can reach without a bridge of its own. */
function nearestReachable(sketch: Sketch, from: Point): Point | null {
  let best: Point | null = null
  let bestMetres = Infinity
  const used = new Set<number>()
  for (const { from: a, to: b, road } of sketch.segments) {
    const { highway } = sketch.roads[road]!
    if (highway !== 'trunk' && highway !== 'primary' && highway !== 'unclassified') continue
    used.add(a)
    used.add(b)
  }
  for (const node of used) {
    const to = sketch.nodes[node]!
    const metres = spanMetres(from, to)
    if (metres >= bestMetres) continue
    const isBlocked = [RIVER, RAILWAY].some((line) =>
      line.some((p, i) => i > 0 && crossingOf(from, to, line[i - 1]!, p) !== null),
    )
    if (isBlocked) continue
    best = to
    bestMetres = metres
  }
  return best
}

/** Two streets on one pair of nodes are one street: the first drawn stays. Stubs of a few metres go. */
function dropDoubles(sketch: Sketch): void {
  const seen = new Set<string>()
  sketch.keep(({ from, to }) => {
    const key = from < to ? `${from}-${to}` : `${to}-${from}`
    if (from === to || seen.has(key)) return false
    seen.add(key)
    return true
  })
}
