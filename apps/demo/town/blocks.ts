import { centroid, isInside, lineDistanceMetres, signedArea, type Point } from './frame.ts'
import { characterOf, cellRing, COLUMNS, RIVER, RIVERSIDE_METRES, ROWS, type Character } from './plan.ts'
import type { Sketch } from './sketch.ts'

/** A piece of ground with streets all around it. */
export interface Block {
  readonly ring: readonly Point[]
  readonly centre: Point
  readonly areaSquareMetres: number
  readonly character: Character
  /** Between the two riverside roads. */
  readonly isRiverbank: boolean
}

const LARGEST_BLOCK_SQUARE_METRES = 600_000

/**
 * The blocks of the town: the faces of the drawing, found by always turning at the next street to the right.
 * Dead ends are left out first, so that each ring is a simple one.
 */
export function findBlocks(sketch: Sketch): Block[] {
  const cells = cellRings()
  const blocks: Block[] = []
  for (const ring of faces(sketch)) {
    const area = signedArea(ring)
    if (area < 600 || area > LARGEST_BLOCK_SQUARE_METRES) continue
    const centre = centroid(ring)
    const cell = cells.find((candidate) => isInside(candidate.ring, centre))
    if (!cell) continue
    blocks.push({
      ring,
      centre,
      areaSquareMetres: area,
      character: cell.character,
      isRiverbank: lineDistanceMetres(centre, RIVER) < RIVERSIDE_METRES - 10,
    })
  }
  return blocks
}

function cellRings(): { ring: Point[]; character: Character }[] {
  const rings = []
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      rings.push({
        ring: cellRing(column, row, column + 1, row + 1),
        character: characterOf(column, row) as Character,
      })
    }
  }
  return rings
}

function faces(sketch: Sketch): Point[][] {
  const neighbours = new Map<number, Set<number>>()
  const join = (a: number, b: number) => {
    if (!neighbours.has(a)) neighbours.set(a, new Set())
    neighbours.get(a)!.add(b)
  }
  for (const { from, to } of sketch.segments) {
    join(from, to)
    join(to, from)
  }
  const ends = [...neighbours].filter(([, others]) => others.size === 1).map(([node]) => node)
  while (ends.length > 0) {
    const end = ends.pop()!
    for (const other of neighbours.get(end) ?? []) {
      const others = neighbours.get(other)!
      others.delete(end)
      if (others.size === 1) ends.push(other)
    }
    neighbours.delete(end)
  }
  const around = new Map<number, number[]>()
  for (const [node, others] of neighbours) {
    const here = sketch.nodes[node]!
    const angle = (other: number) =>
      Math.atan2(sketch.nodes[other]!.y - here.y, sketch.nodes[other]!.x - here.x)
    around.set(
      node,
      [...others].sort((a, b) => angle(a) - angle(b)),
    )
  }
  const walked = new Set<string>()
  const rings: Point[][] = []
  for (const [start, others] of around) {
    for (const first of others) {
      if (walked.has(`${start}>${first}`)) continue
      const ring: Point[] = []
      let from = start
      let to = first
      while (!walked.has(`${from}>${to}`)) {
        walked.add(`${from}>${to}`)
        ring.push(sketch.nodes[from]!)
        const choices = around.get(to)!
        // The street just before ours in the turn of the clock keeps the face on our left.
        const next = choices[(choices.indexOf(from) - 1 + choices.length) % choices.length]!
        from = to
        to = next
      }
      rings.push(ring)
    }
  }
  return rings
}
