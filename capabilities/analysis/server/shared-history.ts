import { startOfDay, type Instant } from '../../../foundation/core/instant.ts'
import type { DayJob } from '../core/index.ts'
import type { AnalysisNeeds } from './needs.ts'
import { gatherHistory } from './planning.ts'

type Columns = DayJob['incidents']

/** All incidents of the days that are over, in memory that threads share, read again when they have changed. */
export interface SharedHistory {
  read(now: Instant): Promise<{ readonly version: string; readonly incidents: Columns }>
}

export interface SharedHistoryNeeds extends AnalysisNeeds {
  /** Changes with any incident before a moment. */
  historyVersion(until: Instant): Promise<string>
}

const LONGEST_MILLISECONDS = 120_000

export function openSharedHistory(needs: SharedHistoryNeeds): SharedHistory {
  let kept: { version: string; incidents: Promise<Columns> } | null = null
  return {
    async read(now) {
      const until = startOfDay(now, needs.timeZone())
      const version = `${until} ${await needs.historyVersion(until)}`
      if (kept?.version !== version) {
        const incidents = gatherHistory(needs, until, AbortSignal.timeout(LONGEST_MILLISECONDS)).then(
          ({ incidents }) => shared(incidents),
        )
        const reading = { version, incidents }
        kept = reading
        incidents.catch(() => {
          if (kept === reading) kept = null
        })
      }
      return { version, incidents: await kept.incidents }
    },
  }
}

function shared(columns: Columns): Columns {
  return {
    categories: columns.categories,
    at: inSharedMemory(columns.at, Float64Array),
    hourKnown: inSharedMemory(columns.hourKnown, Uint8Array),
    lon: inSharedMemory(columns.lon, Float64Array),
    lat: inSharedMemory(columns.lat, Float64Array),
    category: inSharedMemory(columns.category, Uint16Array),
    origin: inSharedMemory(columns.origin, Uint8Array),
  }
}

function inSharedMemory<Column extends Float64Array | Uint8Array | Uint16Array>(
  column: Column,
  kind: new (memory: SharedArrayBuffer) => Column,
): Column {
  const copy = new kind(new SharedArrayBuffer(column.byteLength))
  copy.set(column)
  return copy
}
