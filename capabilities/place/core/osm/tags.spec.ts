import { describe, expect, it } from 'vitest'
import { mapTags, nameOf, placeKind, roadTags, speedLimitKilometresPerHour } from './tags.ts'
import type { RingPiece } from './rings.ts'
import { joinRings, polygonsOf } from './rings.ts'

describe('reading a road', () => {
  it('takes what a car may use and nothing else', () => {
    expect(roadTags({ highway: 'residential' })).toEqual({
      class: 'residential',
      oneWay: 'no',
      speedKilometresPerHour: 25,
    })
    for (const highway of ['footway', 'steps', 'cycleway', 'proposed', 'bus_stop']) {
      expect(roadTags({ highway })).toBeNull()
    }
    expect(roadTags({ highway: 'service', area: 'yes' })).toBeNull()
    expect(roadTags({ building: 'yes' })).toBeNull()
  })
  it('enters private roads, since patrols do, but not roads closed to all', () => {
    expect(roadTags({ highway: 'service', access: 'private' })).not.toBeNull()
    expect(roadTags({ highway: 'service', access: 'no' })).toBeNull()
    expect(roadTags({ highway: 'service', access: 'no', motor_vehicle: 'yes' })).not.toBeNull()
  })
  it.each([
    [{ oneway: 'yes' }, 'forward'],
    [{ oneway: '-1' }, 'backward'],
    [{ junction: 'roundabout' }, 'forward'],
    [{ junction: 'roundabout', oneway: 'no' }, 'no'],
    [{ highway: 'motorway' }, 'forward'],
    [{}, 'no'],
  ])('reads %j as one-way «%s»', (tags, oneWay) => {
    expect(roadTags({ highway: 'primary', ...tags })!.oneWay).toBe(oneWay)
  })
  it('reads a posted limit in its unit and drives four fifths of it', () => {
    expect(roadTags({ highway: 'primary', maxspeed: '50' })!.speedKilometresPerHour).toBeCloseTo(40)
    expect(speedLimitKilometresPerHour('30 mph')).toBeCloseTo(48.28, 2)
    for (const text of ['signals', 'none', 'RU:urban', '', '0', '999', undefined]) {
      expect(speedLimitKilometresPerHour(text)).toBeNull()
    }
  })
})

describe('what is drawn', () => {
  it.each([
    [{ natural: 'water' }, 'water', 'water', true],
    [{ waterway: 'river' }, 'water', 'river', false],
    [{ leisure: 'park' }, 'landuse', 'park', true],
    [{ landuse: 'residential' }, 'landuse', 'residential', true],
    [{ building: 'yes' }, 'buildings', 'building', true],
    [{ railway: 'rail' }, 'railways', 'rail', false],
    [{ highway: 'primary' }, 'roads', 'primary', false],
    [{ highway: 'footway' }, 'roads', 'path', false],
  ])('%j belongs to %s as %s', (tags, layer, kind, isArea) => {
    expect(mapTags(tags as Record<string, string>)).toEqual({ layer, kind, isArea })
  })
  it('is nothing for a culvert or a razed railway', () => {
    expect(mapTags({ waterway: 'stream', tunnel: 'culvert' })).toBeNull()
    expect(mapTags({ railway: 'razed' })).toBeNull()
  })
  it('finds stations, settlements and places that a caller names', () => {
    expect(placeKind({ railway: 'station' })).toBe('station')
    expect(placeKind({ place: 'suburb' })).toBe('suburb')
    expect(placeKind({ amenity: 'hospital' })).toBe('hospital')
    expect(placeKind({ amenity: 'bench' })).toBeNull()
    expect(placeKind({ building: 'yes', name: '工人文化宫' })).toBe('building')
    expect(nameOf({ name: ' 人民路 ' })).toBe('人民路')
  })
})

describe('joining outlines', () => {
  const piece = (...nodeIds: number[]): RingPiece => ({
    nodeIds,
    points: nodeIds.map((id) => [id % 10, Math.floor(id / 10)] as const),
  })
  it('takes pieces in any order and direction', () => {
    const { rings, open } = joinRings([piece(0, 9), piece(90, 99, 9), piece(90, 0)])
    expect(open).toBe(0)
    expect(rings).toHaveLength(1)
    expect(rings[0]).toHaveLength(5)
    expect(rings[0]![0]).toEqual(rings[0]![4])
  })
  it('counts pieces that close nothing', () => {
    expect(joinRings([piece(0, 9), piece(9, 99)])).toEqual({ rings: [], open: 2 })
    expect(joinRings([piece(5)]).rings).toEqual([])
  })
  it('gives each hole to the outline around it', () => {
    const square = (x: number, y: number, size: number) =>
      [
        [x, y],
        [x + size, y],
        [x + size, y + size],
        [x, y + size],
        [x, y],
      ] as [number, number][]
    const polygons = polygonsOf([square(0, 0, 10), square(20, 0, 10)], [square(22, 2, 2), square(50, 50, 1)])
    expect(polygons.map((rings) => rings.length)).toEqual([1, 2])
  })
})
