import gcoordModule from 'gcoord'
import type { Position } from '../../../foundation/core/geo.ts'

/**
 * The coordinate systems in which maps and devices in China report: `gcj-02` (国测局, AMap and Tencent) and `bd-09`
 * (Baidu). Both are shifted from WGS-84 by up to some 700 m; CGCS2000 is WGS-84 to a few centimetres.
 */
export const COORDINATE_SYSTEMS = ['wgs-84', 'cgcs2000', 'gcj-02', 'bd-09'] as const
export type CoordinateSystem = (typeof COORDINATE_SYSTEMS)[number]

/** The package is CommonJS with types of an ES module, so Node and a bundler would disagree on its shape. */
const { transform } = gcoordModule as unknown as {
  transform(position: [number, number], from: string, to: string): [number, number]
}
const GCOORD = { 'gcj-02': 'GCJ02', 'bd-09': 'BD09' } as const

/** A position as a device or a file gave it, into the WGS-84 of the house. Good to half a metre. */
export function toWgs84(position: Position, from: CoordinateSystem): Position {
  if (from === 'wgs-84' || from === 'cgcs2000') return position
  const [lon, lat] = transform([position.lon, position.lat], GCOORD[from], 'WGS84')
  return { lon, lat }
}

/** A position of the house for a map or a device that wants another system. */
export function fromWgs84(position: Position, to: CoordinateSystem): Position {
  if (to === 'wgs-84' || to === 'cgcs2000') return position
  const [lon, lat] = transform([position.lon, position.lat], 'WGS84', GCOORD[to])
  return { lon, lat }
}
