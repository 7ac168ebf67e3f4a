import type { Chance } from '../../../foundation/core/chance.ts'
import { between, drawBetween, spanMetres, type Point } from './frame.ts'
import { VILLAGES } from './names.ts'
import {
  bend,
  COLUMNS,
  latticeX,
  latticeY,
  MARGIN_METRES,
  RAILWAY,
  railwayY,
  RIVER,
  riverX,
  ROWS,
} from './plan.ts'
import { crossingOf, SPEED_KILOMETRES_PER_HOUR, type Sketch } from './sketch.ts'

export interface Village {
  readonly name: string
  readonly at: Point
}

/** Villages around the town, each with a few lanes and a road to the nearest street. */
export function drawVillages(sketch: Sketch, chance: Chance): Village[] {
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
    speedKilometresPerHour: SPEED_KILOMETRES_PER_HOUR.unclassified,
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
    speedKilometresPerHour: SPEED_KILOMETRES_PER_HOUR.residential,
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
