import type { Position } from '../../../foundation/core/geo.ts'

export type Corner = readonly [lon: number, lat: number]

/** The ring as it is drawn: without the last point, which repeats the first. */
export function openRing(ring: readonly Corner[]): readonly Corner[] {
  const [first, last] = [ring[0], ring.at(-1)]
  return ring.length > 1 && first![0] === last![0] && first![1] === last![1] ? ring.slice(0, -1) : ring
}

/** Six digits are a tenth of a metre. */
export const cornerAt = ({ lon, lat }: Position): Corner => [Number(lon.toFixed(6)), Number(lat.toFixed(6))]

/** How much longer the way gets that passes a corner between two others; degrees, longitudes as wide as they are there. */
function detour(from: Corner, over: Corner, to: Corner): number {
  const narrow = Math.cos((over[1] * Math.PI) / 180)
  const apart = (a: Corner, b: Corner) => Math.hypot((a[0] - b[0]) * narrow, a[1] - b[1])
  return apart(from, over) + apart(over, to) - apart(from, to)
}

/** A corner more in the edge that it lies nearest to: for a ring that is drawn already. */
export function withCornerInEdge(ring: readonly Corner[], corner: Corner): readonly Corner[] {
  if (ring.length < 3) return [...ring, corner]
  let best = ring.length
  let least = Infinity
  ring.forEach((from, index) => {
    const more = detour(from, corner, ring[(index + 1) % ring.length]!)
    if (more < least) [least, best] = [more, index + 1]
  })
  return [...ring.slice(0, best), corner, ...ring.slice(best)]
}

export function moveCorner(ring: readonly Corner[], index: number, corner: Corner): readonly Corner[] {
  return ring.map((each, position) => (position === index ? corner : each))
}

/** What the ring encloses, in square kilometres, on a sphere small enough to be flat. */
export function areaSquareKilometres(ring: readonly Corner[]): number {
  if (ring.length < 3) return 0
  const middle = ring.reduce((sum, [, lat]) => sum + lat, 0) / ring.length
  const kilometresPerDegree = 111.195
  const narrow = Math.cos((middle * Math.PI) / 180)
  const [originLon, originLat] = ring[0]!
  const flat = ring.map(([lon, lat]) => [
    (lon - originLon) * narrow * kilometresPerDegree,
    (lat - originLat) * kilometresPerDegree,
  ])
  const doubled = flat.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = flat[(index + 1) % flat.length]!
    return sum + x! * nextY! - nextX! * y!
  }, 0)
  return Math.abs(doubled) / 2
}
