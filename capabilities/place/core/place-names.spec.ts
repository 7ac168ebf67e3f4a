import { describe, expect, it } from 'vitest'
import type { RoadWay } from '../../../solvers/routing/build.ts'
import type { BasemapFeature } from './features.ts'
import { centreOfRing } from './features.ts'
import { intersectionName, placeNamesOf } from './place-names.ts'
import { queryWords, searchText } from './place-query.ts'

let id = 1
const way = (name: string, ...nodes: [id: number, lon: number, lat: number][]): RoadWay => ({
  id: id++,
  class: 'residential',
  name,
  oneWay: 'no',
  nodes: nodes.map(([nodeId, lon, lat]) => ({ id: nodeId, lon, lat })),
})
const named = (kind: string, list: ReturnType<typeof placeNamesOf>) =>
  list.filter((place) => place.kind === kind).map((place) => place.name)

describe('place names', () => {
  const ways = [
    way('人民路', [1, 116, 39.9], [2, 116.001, 39.9], [3, 116.002, 39.9]),
    way('解放路', [4, 116.001, 39.899], [2, 116.001, 39.9], [5, 116.001, 39.901]),
    way('', [5, 116.001, 39.901], [6, 116.002, 39.901]),
  ]
  it('hold each street once and each crossing of two names', () => {
    const names = placeNamesOf(ways, [])
    expect(named('street', names).sort()).toEqual(['人民路', '解放路'])
    expect(named('intersection', names)).toEqual([intersectionName('人民路', '解放路')])
    const crossing = names.find((place) => place.kind === 'intersection')!
    expect([crossing.lon, crossing.lat]).toEqual([116.001, 39.9])
  })
  it('hold a street of the same name in the next village apart', () => {
    const names = placeNamesOf(
      [
        way('Landstrasse', [1, 9.5, 47.1], [2, 9.501, 47.1]),
        way('Landstrasse', [3, 9.6, 47.2], [4, 9.601, 47.2]),
      ],
      [],
    )
    expect(named('street', names)).toEqual(['Landstrasse', 'Landstrasse'])
  })
  it('hold a crossing of a dual carriageway once', () => {
    const names = placeNamesOf(
      [
        way('Main Street', [1, 9.5, 47.1], [2, 9.501, 47.1]),
        way('Main Street', [3, 9.5, 47.1002], [4, 9.501, 47.1002]),
        way('1st Avenue', [1, 9.5, 47.1], [3, 9.5, 47.1002]),
      ],
      [],
    )
    expect(named('intersection', names)).toEqual(['1st Avenue & Main Street'])
  })
  it('hold named places once, though drawn as outline and as point', () => {
    const station = (lon: number): BasemapFeature => ({
      layer: 'places',
      kind: 'station',
      name: '火车站',
      geometry: { type: 'Point', point: [lon, 39.9] },
    })
    expect(
      named('station', placeNamesOf([], [station(116), station(116.0005), station(116.1)])),
    ).toHaveLength(2)
  })
})

describe('comparing names', () => {
  it.each([
    ['人民路与解放路', '人民路 解放路'],
    ['人民路和解放路交叉口', '人民路 解放路'],
    ['1st Avenue & Main Street', '1st avenue main street'],
    ['1st Avenue and Main Street', '1st avenue main street'],
    ['SW 5th/Oak', 'sw 5th oak'],
    ['Städtle', 'stadtle'],
    ['ＡＢＣ大厦', 'abc大厦'],
    ['和平路', '和平路'],
  ])('%s is %s', (name, text) => {
    expect(searchText(name)).toBe(text)
  })
  it('takes the words of a query, each once', () => {
    expect(queryWords(' Main  main & 1ST ')).toEqual(['main', '1st'])
    expect(queryWords('  &  ')).toEqual([])
    expect(queryWords('人民路解放路交叉口')).toEqual(['人民路', '解放路'])
  })
})

describe('the middle of an outline', () => {
  it('is its centre of gravity', () => {
    const centre = centreOfRing([
      [0, 0],
      [4, 0],
      [4, 2],
      [0, 2],
      [0, 0],
    ])
    expect([centre.lon, centre.lat]).toEqual([2, 1])
  })
  it('is the mean of the corners where it has no area', () => {
    expect(
      centreOfRing([
        [1, 1],
        [3, 1],
        [1, 1],
      ]).lat,
    ).toBeCloseTo(1)
  })
})
