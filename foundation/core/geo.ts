/** WGS-84 degrees. The only coordinates inside the house; GCJ-02 and BD-09 are converted at the edges. */
export interface Position {
  readonly lon: number
  readonly lat: number
}

/** West, south, east, north in WGS-84 degrees. */
export interface Bounds {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

/** Mean earth radius in metres (IUGG R1). */
export const EARTH_RADIUS_METRES = 6_371_008.8

const RADIANS = Math.PI / 180

/** Great-circle distance in metres (haversine). */
export function distanceMetres(a: Position, b: Position): number {
  const sinLat = Math.sin(((b.lat - a.lat) * RADIANS) / 2)
  const sinLon = Math.sin(((b.lon - a.lon) * RADIANS) / 2)
  const h = sinLat * sinLat + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * sinLon * sinLon
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** Initial bearing from a to b in degrees, 0 north, clockwise, in [0, 360). */
export function bearingDegrees(a: Position, b: Position): number {
  const dLon = (b.lon - a.lon) * RADIANS
  const y = Math.sin(dLon) * Math.cos(b.lat * RADIANS)
  const x =
    Math.cos(a.lat * RADIANS) * Math.sin(b.lat * RADIANS) -
    Math.sin(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * Math.cos(dLon)
  return (Math.atan2(y, x) / RADIANS + 360) % 360
}

/** The place reached from `from` after `metres` on a bearing. Good to a millimetre over a district. */
export function destination(from: Position, bearing: number, metres: number): Position {
  const angular = metres / EARTH_RADIUS_METRES
  const lat = from.lat * RADIANS
  const toLat = Math.asin(
    Math.sin(lat) * Math.cos(angular) + Math.cos(lat) * Math.sin(angular) * Math.cos(bearing * RADIANS),
  )
  const toLon =
    from.lon * RADIANS +
    Math.atan2(
      Math.sin(bearing * RADIANS) * Math.sin(angular) * Math.cos(lat),
      Math.cos(angular) - Math.sin(lat) * Math.sin(toLat),
    )
  return { lon: ((toLon / RADIANS + 540) % 360) - 180, lat: toLat / RADIANS }
}

/** A circle as a closed ring of so many corners, clockwise from north; in degrees, longitude first. */
export function circleRing(centre: Position, metres: number, corners: number): [number, number][] {
  return Array.from({ length: corners + 1 }, (_, corner) => {
    const { lon, lat } = destination(centre, (corner % corners) * (360 / corners), metres)
    return [lon, lat]
  })
}

export function isWithin(bounds: Bounds, { lon, lat }: Position): boolean {
  return lon >= bounds.west && lon <= bounds.east && lat >= bounds.south && lat <= bounds.north
}

/** A ring is closed or open, in degrees; holes are not looked at. Even–odd rule. */
export function isInsideRing(ring: readonly (readonly [number, number])[], { lon, lat }: Position): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!
    const [xj, yj] = ring[j]!
    if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

export function boundsOf(positions: Iterable<Position>): Bounds | null {
  let west = Infinity
  let south = Infinity
  let east = -Infinity
  let north = -Infinity
  for (const { lon, lat } of positions) {
    if (lon < west) west = lon
    if (lon > east) east = lon
    if (lat < south) south = lat
    if (lat > north) north = lat
  }
  return west === Infinity ? null : { west, south, east, north }
}
