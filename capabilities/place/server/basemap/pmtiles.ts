import { gzipSync } from 'node:zlib'
import { zxyToTileId } from 'pmtiles'
import type { Bounds } from '../../../../foundation/core/geo.ts'

/** One tile, already compressed with gzip. */
export interface ArchiveTile {
  readonly z: number
  readonly x: number
  readonly y: number
  readonly data: Uint8Array
}

export interface ArchiveAbout {
  readonly bounds: Bounds
  readonly minZoom: number
  readonly maxZoom: number
  /** Written as JSON: name, attribution, vector_layers. */
  readonly metadata: Readonly<Record<string, unknown>>
}

interface Entry {
  readonly tileId: number
  readonly offset: number
  readonly length: number
  runLength: number
}

const HEADER_BYTES = 127
/** Header and root directory must fit the first 16 KiB that every reader fetches. */
const ROOT_LIMIT_BYTES = 16_384 - HEADER_BYTES
const COMPRESSION_GZIP = 2
const TILE_TYPE_MVT = 1

/**
 * Writes one PMTiles archive, version 3 (github.com/protomaps/PMTiles, spec/v3): tiles in Hilbert order, equal
 * neighbours stored once with a run length, equal tiles elsewhere stored once, directories compressed.
 */
export function writePmtiles(tiles: readonly ArchiveTile[], about: ArchiveAbout): Uint8Array {
  const { entries, data, contents } = layOutTiles(tiles)
  const { root, leaves } = writeDirectories(entries)
  const metadata = gzipSync(JSON.stringify(about.metadata), { level: 9 })
  const rootAt = HEADER_BYTES
  const metadataAt = rootAt + root.length
  const leavesAt = metadataAt + metadata.length
  const dataAt = leavesAt + leaves.length

  const archive = Buffer.alloc(dataAt + data.reduce((sum, tile) => sum + tile.length, 0))
  archive.write('PMTiles', 0, 'latin1')
  archive.writeUInt8(3, 7)
  const sections: readonly (readonly [number, number])[] = [
    [rootAt, root.length],
    [metadataAt, metadata.length],
    [leavesAt, leaves.length],
    [dataAt, archive.length - dataAt],
  ]
  sections.forEach(([at, length], i) => {
    archive.writeBigUInt64LE(BigInt(at), 8 + 16 * i)
    archive.writeBigUInt64LE(BigInt(length), 16 + 16 * i)
  })
  archive.writeBigUInt64LE(BigInt(entries.reduce((sum, entry) => sum + entry.runLength, 0)), 72)
  archive.writeBigUInt64LE(BigInt(entries.length), 80)
  archive.writeBigUInt64LE(BigInt(contents), 88)
  archive.writeUInt8(1, 96)
  archive.writeUInt8(COMPRESSION_GZIP, 97)
  archive.writeUInt8(COMPRESSION_GZIP, 98)
  archive.writeUInt8(TILE_TYPE_MVT, 99)
  archive.writeUInt8(about.minZoom, 100)
  archive.writeUInt8(about.maxZoom, 101)
  const { west, south, east, north } = about.bounds
  writeDegrees(archive, 102, west, south)
  writeDegrees(archive, 110, east, north)
  archive.writeUInt8(Math.min(about.maxZoom, Math.max(about.minZoom, 12)), 118)
  writeDegrees(archive, 119, (west + east) / 2, (south + north) / 2)
  archive.set(root, rootAt)
  archive.set(metadata, metadataAt)
  archive.set(leaves, leavesAt)
  let at = dataAt
  for (const tile of data) {
    archive.set(tile, at)
    at += tile.length
  }
  return new Uint8Array(archive.buffer, archive.byteOffset, archive.length)
}

function writeDegrees(archive: Buffer, at: number, lon: number, lat: number): void {
  archive.writeInt32LE(Math.round(lon * 1e7), at)
  archive.writeInt32LE(Math.round(lat * 1e7), at + 4)
}

function layOutTiles(tiles: readonly ArchiveTile[]) {
  const ordered = tiles
    .map((tile) => ({ tileId: zxyToTileId(tile.z, tile.x, tile.y), data: tile.data }))
    .sort((a, b) => a.tileId - b.tileId)
  const entries: Entry[] = []
  const data: Uint8Array[] = []
  const known = new Map<string, { offset: number; length: number }>()
  let end = 0
  for (const tile of ordered) {
    const key = Buffer.from(tile.data).toString('latin1')
    let stored = known.get(key)
    if (stored === undefined) {
      stored = { offset: end, length: tile.data.length }
      known.set(key, stored)
      data.push(tile.data)
      end += tile.data.length
    }
    const last = entries[entries.length - 1]
    if (last && last.offset === stored.offset && last.tileId + last.runLength === tile.tileId)
      last.runLength++
    else entries.push({ tileId: tile.tileId, ...stored, runLength: 1 })
  }
  return { entries, data, contents: known.size }
}

/** One root directory, or, where it would be too large, a root that points to leaves of equal size. */
function writeDirectories(entries: readonly Entry[]): { root: Uint8Array; leaves: Uint8Array } {
  const root = writeDirectory(entries)
  if (root.length <= ROOT_LIMIT_BYTES) return { root, leaves: new Uint8Array() }
  for (let leafSize = 4096; ; leafSize *= 2) {
    const leaves: Uint8Array[] = []
    const pointers: Entry[] = []
    let offset = 0
    for (let i = 0; i < entries.length; i += leafSize) {
      const leaf = writeDirectory(entries.slice(i, i + leafSize))
      pointers.push({ tileId: entries[i]!.tileId, offset, length: leaf.length, runLength: 0 })
      leaves.push(leaf)
      offset += leaf.length
    }
    const pointing = writeDirectory(pointers)
    if (pointing.length <= ROOT_LIMIT_BYTES) return { root: pointing, leaves: Buffer.concat(leaves) }
  }
}

/** Columns of base-128 numbers: ids as differences, run lengths, lengths, offsets (0 where one follows the last). */
function writeDirectory(entries: readonly Entry[]): Uint8Array {
  const bytes: number[] = []
  const write = (value: number) => {
    let rest = value
    while (rest > 0x7f) {
      bytes.push((rest % 128) | 0x80)
      rest = Math.floor(rest / 128)
    }
    bytes.push(rest)
  }
  write(entries.length)
  entries.forEach((entry, i) => write(entry.tileId - (entries[i - 1]?.tileId ?? 0)))
  entries.forEach((entry) => write(entry.runLength))
  entries.forEach((entry) => write(entry.length))
  entries.forEach((entry, i) => {
    const before = entries[i - 1]
    write(before && entry.offset === before.offset + before.length ? 0 : entry.offset + 1)
  })
  return gzipSync(Uint8Array.from(bytes), { level: 9 })
}
