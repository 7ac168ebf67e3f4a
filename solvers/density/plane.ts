import { EARTH_RADIUS_METRES, type Position } from '../../foundation/core/geo.ts'

/**
 * A flat map of a district: metres east and north of an origin (equirectangular at the origin's latitude). Over 40 km
 * its distances differ from those on the sphere by less than 0.2 %.
 */
export interface Plane {
  readonly origin: Position
  readonly metresPerDegreeLon: number
  readonly metresPerDegreeLat: number
}

const METRES_PER_DEGREE = (EARTH_RADIUS_METRES * Math.PI) / 180

export function planeAt(origin: Position): Plane {
  return {
    origin,
    metresPerDegreeLon: METRES_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180),
    metresPerDegreeLat: METRES_PER_DEGREE,
  }
}

export const eastMetres = (plane: Plane, lon: number): number =>
  (lon - plane.origin.lon) * plane.metresPerDegreeLon

export const northMetres = (plane: Plane, lat: number): number =>
  (lat - plane.origin.lat) * plane.metresPerDegreeLat

/** Back to degrees, to seven decimals (a centimetre). */
export function positionOn(plane: Plane, east: number, north: number): Position {
  return {
    lon: Math.round((plane.origin.lon + east / plane.metresPerDegreeLon) * 1e7) / 1e7,
    lat: Math.round((plane.origin.lat + north / plane.metresPerDegreeLat) * 1e7) / 1e7,
  }
}
