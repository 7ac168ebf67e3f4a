import type { Chance } from '../../../foundation/core/chance.ts'
import { drawBetween, lineDistanceMetres, spanMetres } from './frame.ts'
import { RAILWAY, RIVER, RIVERSIDE_METRES, type Character } from './plan.ts'
import { SPEED_KILOMETRES_PER_HOUR, type Highway, type Sketch } from './sketch.ts'
import { inCell, type Cell } from './superblocks.ts'

/** The streets within each superblock. */
export function drawInnerStreets(
  sketch: Sketch,
  cells: readonly (readonly Cell[])[],
  chance: Chance,
  nameOf: (suffix: string) => string,
): void {
  for (const cell of cells.flat()) {
    const { across, along, character } = cell
    const wander = character === 'old' ? 0.035 : 0.018
    const { border } = cell
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
    speedKilometresPerHour: SPEED_KILOMETRES_PER_HOUR[highway],
  })
  for (let i = 1; i < nodes.length; i++)
    if (chance.next() >= dropShare || oneway) sketch.addSegment(nodes[i - 1]!, nodes[i]!, road)
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
export function drawAlleys(
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
