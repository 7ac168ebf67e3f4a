import type { Instant } from '../../../foundation/core/instant.ts'

/** How many moments of each device are remembered to tell a repetition without asking the database. */
export const REMEMBERED_FIXES = 32

/**
 * What is known of every device, one column a property, indexed by the device's number.
 *
 * It changes in place, for speed, and can be taken back: a pass that the database refuses must leave no trace,
 * or the sender's second try would be taken for a duplicate and be lost.
 */
export interface FixMemory {
  /** Each device's own number: the column that names the rows of the others. */
  number: Int32Array
  /** The latest position; -Infinity where there is none. */
  latestAt: Float64Array
  latestReceivedAt: Float64Array
  latestLon: Float64Array
  latestLat: Float64Array
  latestAccuracyMetres: Float32Array
  latestSpeedMetresPerSecond: Float32Array
  latestBearingDegrees: Float32Array
  latestBatteryPercent: Float32Array
  latestFlags: Uint16Array
  /** The newest moment stored, latest or not. */
  newestAt: Float64Array
  /** The last fix that jumped too far; a second one near it proves it right. -Infinity where there is none. */
  suspectAt: Float64Array
  suspectLon: Float64Array
  suspectLat: Float64Array
  /** REMEMBERED_FIXES moments a device, a ring. */
  recentAt: Float64Array
  recentNext: Uint8Array
  /** Devices touched in this pass, with how they were before. */
  touched: Map<number, DeviceBefore>
  /** Places of `recentAt` written in this pass. */
  remembered: number[]
}

interface DeviceBefore {
  readonly latestAt: number
  readonly latestReceivedAt: number
  readonly latestLon: number
  readonly latestLat: number
  readonly latestAccuracyMetres: number
  readonly latestSpeedMetresPerSecond: number
  readonly latestBearingDegrees: number
  readonly latestBatteryPercent: number
  readonly latestFlags: number
  readonly newestAt: number
  readonly suspectAt: number
  readonly suspectLon: number
  readonly suspectLat: number
}

const COLUMNS = [
  'latestAt',
  'latestReceivedAt',
  'latestLon',
  'latestLat',
  'latestAccuracyMetres',
  'latestSpeedMetresPerSecond',
  'latestBearingDegrees',
  'latestBatteryPercent',
  'latestFlags',
  'newestAt',
  'suspectAt',
  'suspectLon',
  'suspectLat',
] as const

/** An empty memory with room for the devices numbered below `capacity`. */
export function createMemory(capacity = 64): FixMemory {
  return {
    number: Int32Array.from({ length: capacity }, (_, device) => device),
    latestAt: new Float64Array(capacity).fill(-Infinity),
    latestReceivedAt: new Float64Array(capacity),
    latestLon: new Float64Array(capacity),
    latestLat: new Float64Array(capacity),
    latestAccuracyMetres: new Float32Array(capacity),
    latestSpeedMetresPerSecond: new Float32Array(capacity),
    latestBearingDegrees: new Float32Array(capacity),
    latestBatteryPercent: new Float32Array(capacity).fill(NaN),
    latestFlags: new Uint16Array(capacity),
    newestAt: new Float64Array(capacity).fill(-Infinity),
    suspectAt: new Float64Array(capacity).fill(-Infinity),
    suspectLon: new Float64Array(capacity),
    suspectLat: new Float64Array(capacity),
    recentAt: new Float64Array(capacity * REMEMBERED_FIXES).fill(NaN),
    recentNext: new Uint8Array(capacity),
    touched: new Map(),
    remembered: [],
  }
}

/** Makes room for a device of this number. */
export function makeRoom(memory: FixMemory, device: number): void {
  if (device < memory.latestAt.length) return
  const wider = createMemory(Math.max(device + 1, memory.latestAt.length * 2))
  for (const name of [...COLUMNS, 'recentAt', 'recentNext'] as const) {
    const column = wider[name] as Float64Array
    column.set(memory[name] as Float64Array)
    Object.assign(memory, { [name]: column })
  }
  memory.number = wider.number
}

/** Notes how the device was before this pass first changed it. */
export function touch(memory: FixMemory, device: number): void {
  if (memory.touched.has(device)) return
  const before: Record<string, number> = {}
  for (const name of COLUMNS) before[name] = memory[name][device]!
  memory.touched.set(device, before as unknown as DeviceBefore)
}

/** Remembers that this moment of the device is taken. */
export function rememberMoment(memory: FixMemory, device: number, fixedAt: Instant): void {
  const next = memory.recentNext[device]!
  const place = device * REMEMBERED_FIXES + next
  memory.recentAt[place] = fixedAt
  memory.remembered.push(place)
  memory.recentNext[device] = (next + 1) % REMEMBERED_FIXES
}

export function isRemembered(memory: FixMemory, device: number, fixedAt: Instant): boolean {
  const begin = device * REMEMBERED_FIXES
  for (let place = begin; place < begin + REMEMBERED_FIXES; place++) {
    if (memory.recentAt[place] === fixedAt) return true
  }
  return false
}

/** The pass is committed: what it changed stays. */
export function keepPass(memory: FixMemory): void {
  memory.touched.clear()
  memory.remembered.length = 0
}

/** The pass failed: every device is as it was. Moments pushed out of a ring stay forgotten; the database still knows them. */
export function takeBackPass(memory: FixMemory): void {
  for (const [device, before] of memory.touched) {
    for (const name of COLUMNS) memory[name][device] = before[name]
  }
  for (const place of memory.remembered) memory.recentAt[place] = NaN
  keepPass(memory)
}

/** The latest position before this pass, for a device that the pass has touched. */
export function latestAtBefore(memory: FixMemory, device: number): number {
  return memory.touched.get(device)?.latestAt ?? memory.latestAt[device]!
}
