import { chanceFor, lineDistanceMetres, offsetLine, type Point } from './frame.ts'
import { drawAlleys, drawInnerStreets } from './inner-streets.ts'
import { drawMainRoads } from './main-roads.ts'
import { streetNames } from './names.ts'
import { bend, latticeY, RAILWAY, RIVER, RIVER_HALF_WIDTH_METRES, RIVERSIDE_METRES, ROWS } from './plan.ts'
import { crossingOf, keepLargestPart, startSketch, type Sketch } from './sketch.ts'
import { planCells } from './superblocks.ts'
import { drawVillages, type Village } from './villages.ts'

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
