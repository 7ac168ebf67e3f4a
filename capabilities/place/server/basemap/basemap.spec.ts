import { gzipSync } from 'node:zlib'
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import { PMTiles } from 'pmtiles'
import { describe, expect, it } from 'vitest'
import type { BasemapFeature, LonLat } from '../../core/features.ts'
import { buildBasemap } from './basemap.ts'
import { writePmtiles } from './pmtiles.ts'

/** The reader of the `pmtiles` package over bytes in memory. */
const open = (bytes: Uint8Array) =>
  new PMTiles({
    getKey: () => 'memory',
    getBytes: async (offset, length) => ({
      data: bytes.slice(offset, offset + length).buffer as ArrayBuffer,
    }),
  })

const square = (lon: number, lat: number, size: number): LonLat[] => [
  [lon, lat],
  [lon + size, lat],
  [lon + size, lat + size],
  [lon, lat + size],
  [lon, lat],
]
const bounds = { west: 116.3, south: 39.8, east: 116.5, north: 40 }
const about = { name: '示范区', bounds, attribution: 'generated' }
const features: BasemapFeature[] = [
  {
    layer: 'roads',
    kind: 'primary',
    name: '人民路',
    oneWay: true,
    geometry: {
      type: 'LineString',
      line: [
        [116.3, 39.9],
        [116.5, 39.9],
      ],
    },
  },
  {
    layer: 'roads',
    kind: 'residential',
    name: '棉纺巷',
    geometry: {
      type: 'LineString',
      line: [
        [116.4, 39.9],
        [116.4, 39.91],
      ],
    },
  },
  {
    layer: 'water',
    kind: 'water',
    name: '翠湖',
    geometry: { type: 'Polygon', rings: [square(116.35, 39.85, 0.02), square(116.355, 39.855, 0.005)] },
  },
  {
    layer: 'buildings',
    kind: 'building',
    name: '',
    geometry: { type: 'Polygon', rings: [square(116.401, 39.901, 0.001)] },
  },
  { layer: 'places', kind: 'station', name: '火车站', geometry: { type: 'Point', point: [116.402, 39.902] } },
]

const tileAt = (lon: number, lat: number, z: number): [number, number, number] => {
  const sine = Math.sin((lat * Math.PI) / 180)
  return [
    z,
    Math.floor(((lon + 180) / 360) * 2 ** z),
    Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z),
  ]
}

async function layersAt(archive: PMTiles, lon: number, lat: number, z: number) {
  const tile = await archive.getZxy(...tileAt(lon, lat, z))
  return new VectorTile(new PbfReader(new Uint8Array(tile!.data))).layers
}

describe('the base map', () => {
  const archive = open(buildBasemap(features, about))

  it('is read back by the pmtiles package with its bounds and names', async () => {
    const header = await archive.getHeader()
    expect(header).toMatchObject({ specVersion: 3, minZoom: 5, maxZoom: 14, tileType: 1, clustered: true })
    expect([header.minLon, header.minLat, header.maxLon, header.maxLat]).toEqual([116.3, 39.8, 116.5, 40])
    expect(await archive.getMetadata()).toMatchObject({ name: '示范区', attribution: 'generated' })
  })
  it('holds streets with class, name and direction', async () => {
    const { roads, buildings, places } = await layersAt(archive, 116.4005, 39.9005, 14)
    const found = Array.from({ length: roads!.length }, (_, i) => roads!.feature(i).properties)
    expect(found).toContainEqual({ class: 'primary', name: '人民路', oneway: true })
    expect(found).toContainEqual({ class: 'residential', name: '棉纺巷', oneway: false })
    expect(buildings!.length).toBe(1)
    expect(places!.feature(0).properties).toEqual({ kind: 'station', name: '火车站' })
  })
  it('puts a point where it is', async () => {
    const [z, x, y] = tileAt(116.402, 39.902, 14)
    const { places } = await layersAt(archive, 116.402, 39.902, 14)
    const { geometry } = places!.feature(0).toGeoJSON(x, y, z) as { geometry: { coordinates: number[] } }
    expect(geometry.coordinates[0]).toBeCloseTo(116.402, 4)
    expect(geometry.coordinates[1]).toBeCloseTo(39.902, 4)
  })
  it('keeps holes, and winds outlines as the vector tile specification asks', async () => {
    const { water } = await layersAt(archive, 116.351, 39.851, 14)
    const [z, x, y] = tileAt(116.351, 39.851, 14)
    const lake = await layersAt(archive, 116.36, 39.86, 10)
    const [outline, hole] = lake['water']!.feature(0).loadGeometry()
    const area = (ring: { x: number; y: number }[]) =>
      ring.reduce((sum, p, i) => {
        const q = ring[(i + 1) % ring.length]!
        return sum + p.x * q.y - q.x * p.y
      }, 0)
    expect(area(outline!)).toBeGreaterThan(0)
    expect(area(hole!)).toBeLessThan(0)
    expect(water!.feature(0).toGeoJSON(x, y, z).geometry.type).toBe('Polygon')
  })
  it('leaves small things out of far views', async () => {
    expect(Object.keys(await layersAt(archive, 116.4, 39.9, 8))).toEqual(['water', 'roads'])
    expect((await layersAt(archive, 116.4, 39.9, 8))['roads']!.length).toBe(1)
  })
  it('of nothing is an archive all the same', async () => {
    const empty = open(buildBasemap([], about))
    expect((await empty.getHeader()).numAddressedTiles).toBe(0)
    expect(await empty.getZxy(14, 0, 0)).toBeUndefined()
  })
})

/** Bytes of many lengths that no two numbers share and that do not compress, as real tiles are. */
function scrambled(seed: number): Uint8Array {
  let state = seed
  const next = () => (state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 24
  const length = 1 + next()
  return Uint8Array.from([seed & 255, seed >> 8, ...Array.from({ length }, next)])
}

describe('a PMTiles archive', () => {
  const side = 256
  const all = Array.from({ length: side * side }, (_, i) => ({
    z: 8,
    x: i % side,
    y: Math.floor(i / side),
    // Half of the world is one sea.
    data: i % side < side / 2 ? Uint8Array.of(0) : scrambled(i),
  }))
  const bytes = writePmtiles(
    all.map((tile) => ({ ...tile, data: gzipSync(tile.data) })),
    { bounds: { west: -180, south: -85, east: 180, north: 85 }, minZoom: 8, maxZoom: 8, metadata: {} },
  )
  const archive = open(bytes)

  it('of many tiles uses leaves and finds each of them', async () => {
    const header = await archive.getHeader()
    expect(header.leafDirectoryLength).toBeGreaterThan(0)
    expect(header.rootDirectoryOffset + header.rootDirectoryLength).toBeLessThanOrEqual(16_384)
    expect(header.numAddressedTiles).toBe(side * side)
    for (let i = 0; i < all.length; i += 997) {
      const { z, x, y, data } = all[i]!
      expect(new Uint8Array((await archive.getZxy(z, x, y))!.data)).toEqual(data)
    }
    expect(await archive.getZxy(7, 3, 3)).toBeUndefined()
  })
  it('stores equal tiles once', async () => {
    const header = await archive.getHeader()
    expect(header.numTileContents).toBe((side * side) / 2 + 1)
    expect(header.numTileEntries).toBeLessThan(header.numAddressedTiles)
  })
})
