import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceMetres } from '../../../foundation/core/geo.ts'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import { fromWgs84, toWgs84 } from './coordinates.ts'
import type { Projection } from './projection.ts'
import { projectionOf } from './projection.ts'

const projection = (epsg: number): Projection => {
  const found = projectionOf(epsg)
  if (isRefusal(found)) throw new Error(`EPSG:${epsg} is not known`)
  return found
}

describe('shifted coordinates', () => {
  // Tiananmen: WGS-84 against what AMap and Baidu show there.
  const tiananmen = { lon: 116.391222, lat: 39.907348 }
  it('moves GCJ-02 by hundreds of metres in China', () => {
    const shown = fromWgs84(tiananmen, 'gcj-02')
    expect(distanceMetres(tiananmen, shown)).toBeGreaterThan(400)
    expect(distanceMetres(tiananmen, shown)).toBeLessThan(800)
    expect(shown.lon).toBeCloseTo(116.39747, 3)
    expect(shown.lat).toBeCloseTo(39.90875, 3)
  })
  it('comes back within half a metre', () => {
    const inChina = fc.record({
      lon: fc.double({ min: 85, max: 122, noNaN: true }),
      lat: fc.double({ min: 22, max: 46, noNaN: true }),
    })
    fc.assert(
      fc.property(inChina, fc.constantFrom('gcj-02' as const, 'bd-09' as const), (position, system) => {
        expect(distanceMetres(position, toWgs84(fromWgs84(position, system), system))).toBeLessThan(0.5)
      }),
    )
  })
  it('leaves positions outside China and CGCS2000 alone', () => {
    const portland = { lon: -122.67, lat: 45.52 }
    expect(toWgs84(portland, 'gcj-02')).toEqual(portland)
    expect(toWgs84(tiananmen, 'cgcs2000')).toEqual(tiananmen)
  })
})

/** From PROJ 9.1 (cs2cs), NAD83 and CGCS2000 taken as WGS-84: code, lon, lat, x, y. */
const ORACLE: readonly [number, number, number, number, number][] = [
  [2913, -122.67, 45.52, 7645971.56258, 683148.12618],
  [2269, -122.67, 45.52, 7645971.56258, 683148.12618],
  [102696, -90.2, 38.63, 905907.01556, 1018376.57465],
  [6512, -90.2, 38.63, 276121.01058, 310401.80065],
  [3435, -87.65, 41.88, 1170337.75528, 1899602.78783],
  [2263, -73.98, 40.75, 989791.45735, 212522.51924],
  [2229, -118.24, 34.05, 6488965.86377, 1840664.93447],
  [26985, -77.03, 38.9, 397397.68411, 136905.72898],
  [2276, -96.8, 32.78, 2490933.71874, 6970936.79206],
  [26910, -122.67, 45.52, 525772.71242, 5040771.40602],
  [32650, 116.39, 39.9, 447854.53078, 4416836.35247],
  [32756, 151.2, -33.86, 333491.22993, 6251909.20605],
  [25832, 8.69, 49.41, 477512.5289, 5473081.35897],
  [3857, 116.39, 39.9, 12956475.53343, 4851421.17518],
  [4490, 116.39, 39.9, 116.39, 39.9],
  [4498, 116.39, 39.9, 20447833.66425, 4418603.79388],
  [4509, 116.39, 39.9, 447833.66425, 4418603.79388],
  [4527, 116.39, 39.9, 39447833.66425, 4418603.79388],
  [4548, 116.39, 39.9, 447833.66425, 4418603.79388],
  [6339, -122.67, 45.52, 525772.71242, 5040771.40602],
]

describe('projections', () => {
  it.each(ORACLE)('EPSG:%i agrees with PROJ to a centimetre', (epsg, lon, lat, x, y) => {
    const position = projection(epsg).toWgs84(x, y)!
    expect(distanceMetres(position, { lon, lat })).toBeLessThan(0.01)
    const back = projection(epsg).fromWgs84({ lon, lat })
    // A degree is a hundred kilometres, so the last digits of the geographic codes are worth a hundredth of a millimetre.
    expect(back.x).toBeCloseTo(x, 1)
    expect(back.y).toBeCloseTo(y, 1)
  })
  it('refuses a code it does not know, by its number', () => {
    expect(projectionOf(2327)).toEqual({
      refused: 'projection-unknown',
      field: 'epsg',
      detail: { epsg: 2327 },
    })
    expect(isRefusal(projectionOf(0))).toBe(true)
    expect(isRefusal(projectionOf(NaN))).toBe(true)
  })
  it('gives nothing for numbers that are no place', () => {
    expect(projection(2913).toWgs84(NaN, 5)).toBeNull()
    expect(projection(4326).toWgs84(200, 5)).toBeNull()
  })

  const published: readonly [string, number][] = [
    ['../shared/data/portland/calls-2016-08-to-10.csv.gz', 2913],
    ['../shared/data/stlouis/incidents-2008-2018.csv.gz', 102696],
  ]
  it.for(published)('agrees with the agency on %s', ([file, epsg], { skip }) => {
    if (!existsSync(file)) skip(`${file} is not here`)
    const [head, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').split('\n')
    const columns = head!.trim().split(',')
    const [x, y, lon, lat] = ['x_ft', 'y_ft', 'lon', 'lat'].map(
      (name) => columns.length - columns.indexOf(name),
    )
    const plane = projection(epsg)
    let compared = 0
    for (const line of lines.slice(1, 2000)) {
      const cells = line.trim().split(',')
      const at = (fromEnd: number) => Number(cells[cells.length - fromEnd] || NaN)
      if (!(at(x!) > 0) || !Number.isFinite(at(lon!))) continue
      const position = plane.toWgs84(at(x!), at(y!))!
      // The files give five decimals of a degree and whole feet.
      expect(distanceMetres(position, { lon: at(lon!), lat: at(lat!) })).toBeLessThan(2.5)
      compared++
    }
    expect(compared).toBeGreaterThan(1000)
  })
})
