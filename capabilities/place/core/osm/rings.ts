import { isInsideRing } from '../../../../foundation/core/geo.ts'
import type { LonLat } from '../features.ts'

/** A way that takes part in an outline: node ids for joining, points for drawing, in the same order. */
export interface RingPiece {
  readonly nodeIds: readonly number[]
  readonly points: readonly LonLat[]
}

/**
 * Joins pieces end to end into closed rings, in whatever order and direction they come. Pieces that close no ring
 * (cut off at the edge of an extract, say) are given back as `open`, their number.
 */
export function joinRings(pieces: readonly RingPiece[]): { rings: LonLat[][]; open: number } {
  const rings: LonLat[][] = []
  const byEnd = new Map<number, number[]>()
  const used = new Uint8Array(pieces.length)
  const register = (node: number, piece: number) => {
    const list = byEnd.get(node)
    if (list) list.push(piece)
    else byEnd.set(node, [piece])
  }
  pieces.forEach(({ nodeIds }, i) => {
    if (nodeIds.length < 2) {
      used[i] = 1
      return
    }
    register(nodeIds[0]!, i)
    register(nodeIds[nodeIds.length - 1]!, i)
  })
  let open = 0
  for (let start = 0; start < pieces.length; start++) {
    if (used[start]) continue
    used[start] = 1
    const first = pieces[start]!
    const ring = [...first.points]
    const startNode = first.nodeIds[0]!
    let endNode = first.nodeIds[first.nodeIds.length - 1]!
    let taken = 1
    while (endNode !== startNode) {
      const next = byEnd.get(endNode)?.find((piece) => !used[piece])
      if (next === undefined) break
      used[next] = 1
      taken++
      const { nodeIds, points } = pieces[next]!
      const forwards = nodeIds[0] === endNode
      ring.push(...(forwards ? points : [...points].reverse()).slice(1))
      endNode = forwards ? nodeIds[nodeIds.length - 1]! : nodeIds[0]!
    }
    if (endNode === startNode && ring.length >= 4) rings.push(ring)
    else open += taken
  }
  return { rings, open }
}

/** Puts each hole into the outline it lies in: one polygon an outline. Holes outside every outline are dropped. */
export function polygonsOf(outlines: readonly LonLat[][], holes: readonly LonLat[][]): LonLat[][][] {
  const polygons = outlines.map((outline) => [outline])
  for (const hole of holes) {
    const [lon, lat] = hole[0]!
    const owner = polygons.find(([outline]) => isInsideRing(outline!, { lon, lat }))
    owner?.push(hole)
  }
  return polygons
}
