import type { Refusal } from '../../foundation/core/outcome.ts'
import { refuse } from '../../foundation/core/outcome.ts'
import type { RoadEdges, RoadGraph, TurnRule } from './graph.ts'
import { assembleGraph } from './graph.ts'

/**
 * The stored form of a road graph: «XFRG», a version, then everything as little-endian base-128 numbers; positions
 * and shapes as differences, since neighbours lie close. What can be computed again is not stored.
 */
const MAGIC = [0x58, 0x46, 0x52, 0x47]
const VERSION = 1

export function encodeRoadGraph(graph: RoadEdges): Uint8Array {
  const out = new Writer()
  for (const byte of MAGIC) out.byte(byte)
  out.byte(VERSION)
  out.number(graph.nodeLon.length)
  out.differences(graph.nodeLon)
  out.differences(graph.nodeLat)
  out.number(graph.names.length)
  for (const name of graph.names) out.text(name)
  out.number(graph.edgeFrom.length)
  out.differences(graph.edgeFrom)
  out.differences(graph.edgeTo)
  out.numbers(graph.edgeClass)
  out.numbers(graph.edgeName)
  out.floats(graph.edgeMetres)
  out.floats(graph.directionSeconds)
  out.differences(graph.shapeStart)
  out.differences(graph.shapeLon)
  out.differences(graph.shapeLat)
  out.number(graph.turns.length)
  for (const turn of graph.turns) {
    out.number(turn.arriving)
    out.number(turn.leaving.length)
    for (const leaving of turn.leaving) out.number(leaving)
  }
  return out.finish()
}

/** Reads what `encodeRoadGraph` wrote. Refuses anything else, a cut-off graph included, with the place in bytes. */
export function decodeRoadGraph(bytes: Uint8Array): RoadGraph | Refusal {
  const source = new Reader(bytes)
  try {
    for (const byte of MAGIC) {
      if (source.byte() !== byte)
        return refuse('road-graph-unreadable', { detail: { reason: 'not-a-road-graph' } })
    }
    const version = source.byte()
    if (version !== VERSION) {
      return refuse('road-graph-unreadable', { detail: { reason: 'unknown-version', version } })
    }
    const edges = readEdges(source)
    if (source.left > 0) throw new RangeError('bytes after the end')
    return assembleGraph(edges)
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault
    return refuse('road-graph-unreadable', { detail: { reason: 'damaged', atByte: source.at } })
  }
}

function readEdges(source: Reader): RoadEdges {
  const nodeCount = source.count()
  const nodeLon = Int32Array.from(source.differences(nodeCount))
  const nodeLat = Int32Array.from(source.differences(nodeCount))
  const names = Array.from({ length: source.count() }, () => source.text())
  const edgeCount = source.count()
  const edgeFrom = Uint32Array.from(source.differences(edgeCount), below(nodeCount))
  const edgeTo = Uint32Array.from(source.differences(edgeCount), below(nodeCount))
  const edgeClass = Uint8Array.from(source.numbers(edgeCount))
  const edgeName = Uint32Array.from(source.numbers(edgeCount), below(names.length))
  const edgeMetres = source.floats(edgeCount)
  const directionSeconds = source.floats(2 * edgeCount)
  const shapeStart = Uint32Array.from(source.differences(edgeCount + 1), below(2 ** 32))
  for (let e = 0; e < edgeCount; e++) {
    if (shapeStart[e + 1]! < shapeStart[e]! + 2) throw new RangeError('edge without a shape')
  }
  const pointCount = shapeStart[edgeCount]!
  const shapeLon = Int32Array.from(source.differences(pointCount))
  const shapeLat = Int32Array.from(source.differences(pointCount))
  const direction = below(2 * edgeCount)
  const turns: TurnRule[] = Array.from({ length: source.count() }, () => ({
    arriving: direction(source.number()),
    leaving: Array.from({ length: source.count() }, () => direction(source.number())),
  }))
  return {
    nodeLon,
    nodeLat,
    edgeFrom,
    edgeTo,
    edgeMetres,
    directionSeconds,
    edgeClass,
    edgeName,
    names,
    shapeStart,
    shapeLon,
    shapeLat,
    turns,
  }
}

function below(limit: number) {
  return (value: number) => {
    if (value < 0 || value >= limit) throw new RangeError('number out of range')
    return value
  }
}

class Writer {
  private bytes = new Uint8Array(1 << 16)
  private at = 0

  byte(value: number): void {
    if (this.at === this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2)
      grown.set(this.bytes)
      this.bytes = grown
    }
    this.bytes[this.at++] = value
  }

  number(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      this.byte((rest % 128) | 0x80)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  numbers(values: Iterable<number>): void {
    for (const value of values) this.number(value)
  }

  differences(values: Iterable<number>): void {
    let before = 0
    for (const value of values) {
      const difference = value - before
      this.number(difference < 0 ? -2 * difference - 1 : 2 * difference)
      before = value
    }
  }

  floats(values: Float32Array): void {
    const scratch = new DataView(new ArrayBuffer(4))
    for (const value of values) {
      scratch.setFloat32(0, value, true)
      for (let i = 0; i < 4; i++) this.byte(scratch.getUint8(i))
    }
  }

  text(value: string): void {
    const codes = Array.from(value, (character) => character.codePointAt(0)!)
    this.number(codes.length)
    this.numbers(codes)
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.at)
  }
}

class Reader {
  private readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw new RangeError('cut off')
    return this.bytes[this.at++]!
  }

  number(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < 8; i++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
    throw new RangeError('number too long')
  }

  /** A number of things that follow, each of a byte at least: so a damaged one never asks for much memory. */
  count(): number {
    const value = this.number()
    if (value > this.left) throw new RangeError('cut off')
    return value
  }

  numbers(count: number): number[] {
    return Array.from({ length: count }, () => this.number())
  }

  differences(count: number): number[] {
    if (count > this.left) throw new RangeError('cut off')
    let before = 0
    return Array.from({ length: count }, () => {
      const coded = this.number()
      before += coded % 2 === 1 ? -(coded + 1) / 2 : coded / 2
      return before
    })
  }

  floats(count: number): Float32Array {
    if (count * 4 > this.left) throw new RangeError('cut off')
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, count * 4)
    this.at += count * 4
    return Float32Array.from({ length: count }, (_, i) => view.getFloat32(i * 4, true))
  }

  text(): string {
    return Array.from({ length: this.count() }, () => String.fromCodePoint(this.number())).join('')
  }
}
