import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import { byteRange } from './byte-range.ts'
import { DEFAULT_DISTRICT, districtFault } from './district.ts'
import type { LonLat } from './features.ts'
import type { Area, AreaId } from './register.ts'
import { areaAt, closedRing } from './register.ts'

describe('the ring of an area', () => {
  const corners: LonLat[] = [
    [116, 39],
    [117, 39],
    [117, 40],
  ]
  it('is closed, once', () => {
    expect(closedRing(corners)).toEqual([...corners, corners[0]])
    expect(closedRing([...corners, corners[0]!])).toEqual([...corners, corners[0]])
    expect(closedRing([corners[0]!, ...corners])).toEqual([...corners, corners[0]])
  })
  it('is refused where it has no inside', () => {
    for (const ring of [
      [],
      [[116, 39]],
      [
        [116, 39],
        [117, 39],
      ],
      [
        [116, 39],
        [117, 39],
        [118, 39],
      ],
    ] as LonLat[][]) {
      expect(isRefusal(closedRing(ring))).toBe(true)
    }
  })
  it('tells which station a place belongs to', () => {
    const area = (name: string, lon: number): Area => ({
      id: name as AreaId,
      kind: 'station',
      name,
      organisationId: null,
      version: 1,
      ring: [
        [lon, 39],
        [lon + 1, 39],
        [lon + 1, 40],
        [lon, 40],
        [lon, 39],
      ],
    })
    const areas = [area('西关派出所', 116), area('东关派出所', 117)]
    expect(areaAt(areas, 'station', { lon: 117.5, lat: 39.5 })?.name).toBe('东关派出所')
    expect(areaAt(areas, 'station', { lon: 119, lat: 39.5 })).toBeNull()
    expect(areaAt(areas, 'beat', { lon: 117.5, lat: 39.5 })).toBeNull()
  })
})

describe('a Range header', () => {
  it.each([
    ['bytes=0-99', { first: 0, last: 99 }],
    ['bytes=900-', { first: 900, last: 999 }],
    ['bytes=-100', { first: 900, last: 999 }],
    ['bytes=0-5000', { first: 0, last: 999 }],
    ['bytes=-5000', { first: 0, last: 999 }],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-3', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['bytes=-', 'whole'],
    ['lines=1-2', 'whole'],
    ['', 'whole'],
    [undefined, 'whole'],
  ] as const)('%s of 1000 bytes is %j', (header, expected) => {
    expect(byteRange(header, 1000)).toEqual(expected)
  })
  it('never leaves the thing, whatever is asked', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat(5000), (text, a, b, size) => {
        for (const header of [text, `bytes=${a}-${b}`, `bytes=-${a}`]) {
          const range = byteRange(header, size)
          if (typeof range === 'string') continue
          expect(range.first).toBeGreaterThanOrEqual(0)
          expect(range.last).toBeLessThan(size)
          expect(range.first).toBeLessThanOrEqual(range.last)
        }
      }),
    )
  })
})

describe('the district', () => {
  it('has a time zone that exists', () => {
    expect(districtFault(DEFAULT_DISTRICT)).toBeNull()
    expect(districtFault({ ...DEFAULT_DISTRICT, timeZone: 'Asia/Atlantis' })).toMatchObject({
      refused: 'invalid-time-zone',
      field: 'timeZone',
    })
  })
})
