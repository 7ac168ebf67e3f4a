import { wallClock } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { IncidentColumns } from '../../../capabilities/analysis/core/index.ts'
import { ORIGINS } from '../../../capabilities/incident/core/index.ts'
import { checkColumns, type CallMapping } from '../../../capabilities/incident/core/import/mapping.ts'
import {
  callReader,
  isRejection,
  type CallReader,
  type RejectCause,
} from '../../../capabilities/incident/core/import/read-call.ts'
import type { MappingRefusal } from '../../../capabilities/incident/server/import/import-calls.ts'
import { inspectFile } from '../../../capabilities/incident/server/import/read-file.ts'
import { headerOf, isDamage, itemsOfFile } from '../../../capabilities/incident/server/import/read-rows.ts'

export interface IncidentFile {
  readonly columns: IncidentColumns
  readonly rows: number
  /** Rows with a place and a time that another row repeats in full; kept where the mapping keeps them. */
  readonly duplicates: number
  readonly rejected: Readonly<Partial<Record<RejectCause, number>>>
  /** Days on which the zone's clock changed and something happened. */
  readonly clockChangeDays: ReadonlySet<number>
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/**
 * Reads a calls-for-service file as a forecast wants it: by the same mapping and with the same rules as the import, on
 * the wall clock of the mapping's zone. A category that the file does not name is the empty text.
 */
export async function readIncidents(
  path: string,
  mapping: CallMapping,
  now: number,
): Promise<IncidentFile | Refusal | MappingRefusal> {
  const file = await inspectFile(path)
  if (isRefusal(file)) return file
  const day: number[] = []
  const hourKnown: number[] = []
  const lon: number[] = []
  const lat: number[] = []
  const category: number[] = []
  const origin: number[] = []
  const numberOf = new Map<string, number>()
  const rejected: Partial<Record<RejectCause, number>> = {}
  const seen = new Set<string>()
  const dropsRepeats = 'column' in mapping.key || mapping.key.repeats === 'drop'
  const clockChangeDays = new Set<number>()
  const toWallClock = wallClockReader(mapping.time.zone, clockChangeDays)
  let reader: CallReader | null = null
  let rows = 0
  let duplicates = 0
  try {
    for await (const items of itemsOfFile(file, mapping)) {
      for (const item of items) {
        if (reader === null) {
          const header = headerOf(item)
          const faults = checkColumns(mapping, header)
          if (faults.length > 0) return { refused: 'mapping-does-not-fit', faults }
          reader = callReader({ ...mapping, keep: [] }, header, { now, isInArea: null })
          continue
        }
        rows++
        const call = item.kind === 'fault' ? ({ rejected: item.cause } as const) : reader(item.cells)
        if ('rejected' in call) {
          rejected[call.rejected] = (rejected[call.rejected] ?? 0) + 1
          continue
        }
        if (isRejection(call)) continue
        if (seen.has(call.key)) {
          duplicates++
          if (dropsRepeats) continue
        } else seen.add(call.key)
        const name = call.category ?? ''
        let number = numberOf.get(name)
        if (number === undefined) numberOf.set(name, (number = numberOf.size))
        day.push(call.when.kind === 'moment' ? toWallClock(call.when.at) : dateOf(call.when.clock))
        hourKnown.push(call.when.kind === 'moment' ? 1 : 0)
        lon.push(call.lon)
        lat.push(call.lat)
        category.push(number)
        origin.push(ORIGINS.indexOf(call.origin))
      }
    }
  } catch (fault) {
    if (!isDamage(fault)) throw fault
    return refuse('file-damaged', { field: 'file', detail: { path, message: (fault as Error).message } })
  }
  if (reader === null) return refuse('file-empty', { field: 'file', detail: { path } })
  return {
    columns: {
      day: Float64Array.from(day),
      hourKnown: Uint8Array.from(hourKnown),
      lon: Float64Array.from(lon),
      lat: Float64Array.from(lat),
      category: Uint16Array.from(category),
      categories: [...numberOf.keys()],
      origin: Uint8Array.from(origin),
    },
    rows,
    duplicates,
    rejected,
    clockChangeDays,
  }
}

const dateOf = ({ year, month, day }: { year: number; month: number; day: number }): number =>
  Date.UTC(year, month - 1, day) / DAY_MS

/** Moments to days of the wall clock. The calendar is asked twice a day, and each hour of a day that changes its clock. */
function wallClockReader(timeZone: string, clockChangeDays: Set<number>): (at: number) => number {
  const hours = new Map<number, number>()
  const days = new Map<number, number | null>()
  const shiftAt = (at: number): number => {
    const clock = wallClock(at, timeZone)
    return Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second) - at
  }
  return (at) => {
    const day = Math.floor(at / DAY_MS)
    let shift = days.get(day)
    if (shift === undefined) {
      const begins = shiftAt(day * DAY_MS)
      shift = begins === shiftAt((day + 1) * DAY_MS) ? begins : null
      days.set(day, shift)
    }
    if (shift !== null) return (at + shift) / DAY_MS
    const hour = Math.floor(at / HOUR_MS)
    let ofHour = hours.get(hour)
    if (ofHour === undefined) hours.set(hour, (ofHour = shiftAt(hour * HOUR_MS)))
    const wallClockDay = (at + ofHour) / DAY_MS
    const begins = Math.floor(wallClockDay) * DAY_MS - ofHour
    if (shiftAt(begins) !== shiftAt(begins + DAY_MS)) clockChangeDays.add(Math.floor(wallClockDay))
    return wallClockDay
  }
}
