import { distanceMetres, EARTH_RADIUS_METRES } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'

export interface TrackPoint {
  readonly at: Instant
  readonly lon: number
  readonly lat: number
  readonly accuracyMetres: number
  readonly speedMetresPerSecond: number
}

/** Silence in a track: from the last point before to the first after it. */
export interface TrackGap {
  readonly fromAt: Instant
  readonly untilAt: Instant
  readonly distanceMetres: number
}

export interface Track {
  readonly segments: readonly (readonly TrackPoint[])[]
  readonly gaps: readonly TrackGap[]
  /** Points before simplification. */
  readonly fixes: number
  /** Length in metres of all segments, before simplification; gaps are not counted as driven. */
  readonly distanceMetres: number
}

/** Cuts the points, in order of time, wherever nothing was heard for longer than `gapSeconds`, and keeps at most `limit` of them. */
export function trackOf(points: readonly TrackPoint[], gapSeconds: number, limit: number): Track {
  const segments = cutAtGaps(points, gapSeconds)
  const gaps: TrackGap[] = []
  for (let i = 1; i < segments.length; i++) {
    const before = segments[i - 1]!.at(-1)!
    const after = segments[i]![0]!
    gaps.push({ fromAt: before.at, untilAt: after.at, distanceMetres: distanceMetres(before, after) })
  }
  let driven = 0
  for (const segment of segments) {
    for (let i = 1; i < segment.length; i++) driven += distanceMetres(segment[i - 1]!, segment[i]!)
  }
  return { segments: simplify(segments, limit), gaps, fixes: points.length, distanceMetres: driven }
}

function cutAtGaps(points: readonly TrackPoint[], gapSeconds: number): TrackPoint[][] {
  const segments: TrackPoint[][] = []
  let last: TrackPoint | undefined
  for (const point of points) {
    if (!last || point.at - last.at > gapSeconds * 1000) segments.push([])
    segments.at(-1)!.push(point)
    last = point
  }
  return segments
}

/**
 * Keeps the `limit` points that matter most for where the unit was when: top-down time ratio (TD-TR; Meratnia and
 * de By, «Spatiotemporal Compression Techniques for Moving Point Objects», EDBT 2004), which measures each point
 * against where even motion would have been at its moment, so that halts survive as well as corners.
 */
export function simplify(segments: readonly (readonly TrackPoint[])[], limit: number): TrackPoint[][] {
  const total = segments.reduce((sum, segment) => sum + segment.length, 0)
  if (total <= limit) return segments.map((segment) => [...segment])
  const weights = segments.map(weightsOf)
  const ranked = weights.flatMap((column) => [...column]).sort((a, b) => b - a)
  const least = ranked[limit - 1] ?? Infinity
  let tiesLeft = limit - ranked.findIndex((weight) => weight === least)
  return segments
    .map((segment, s) =>
      segment.filter((_, i) => {
        const weight = weights[s]![i]!
        return weight > least || (weight === least && tiesLeft-- > 0)
      }),
    )
    .filter((segment) => segment.length > 0)
}

/** For each point of a segment the error, in metres, that leaving it out would make; both ends are infinitely dear. */
function weightsOf(points: readonly TrackPoint[]): Float64Array {
  const weights = new Float64Array(points.length)
  weights[0] = Infinity
  weights[points.length - 1] = Infinity
  const metresPerDegree = (EARTH_RADIUS_METRES * Math.PI) / 180
  const shrink = Math.cos(((points[0]?.lat ?? 0) * Math.PI) / 180)
  const work: [number, number, number][] = [[0, points.length - 1, Infinity]]
  for (let span = work.pop(); span; span = work.pop()) {
    const [begin, end, dearest] = span
    const a = points[begin]!
    const b = points[end]!
    let worst = -1
    let where = -1
    for (let i = begin + 1; i < end; i++) {
      const p = points[i]!
      const share = (p.at - a.at) / (b.at - a.at || 1)
      const x = (p.lon - (a.lon + (b.lon - a.lon) * share)) * metresPerDegree * shrink
      const y = (p.lat - (a.lat + (b.lat - a.lat) * share)) * metresPerDegree
      const error = x * x + y * y
      if (error > worst) {
        worst = error
        where = i
      }
    }
    if (where < 0) continue
    // A point within a span is never dearer than the one that cut the span off.
    const weight = Math.min(dearest, Math.sqrt(worst))
    weights[where] = weight
    work.push([begin, where, weight], [where, end, weight])
  }
  return weights
}
