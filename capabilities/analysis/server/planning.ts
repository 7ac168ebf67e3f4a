import { CALL_FACTS, ORIGINS } from '../../incident/core/index.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { inThread } from '../../../foundation/server/in-thread.ts'
import { planDay, type CircumstanceColumn, type DayJob, type DayOutcome } from '../core/index.ts'
import type { AnalysisNeeds, PastIncident, PastKey } from './needs.ts'

/** 630,000 incidents need a quarter of it. */
const MEMORY_MEGABYTES = 1_536

export interface GatheredHistory {
  readonly incidents: DayJob['incidents'] & { readonly circumstances: readonly CircumstanceColumn[] }
  /** Which incident each row is. */
  readonly keys: readonly PastKey[]
}

/** The history as columns. The server answers between two portions. */
export async function gatherHistory(
  needs: AnalysisNeeds,
  until: Instant,
  signal: AbortSignal,
): Promise<GatheredHistory> {
  const categories = numbering()
  const facts = CIRCUMSTANCES.map((name) => ({ name, codes: numbering() }))
  const portions: { columns: DayJob['incidents']; circumstances: Int32Array[] }[] = []
  const keys: PastKey[] = []
  for await (const portion of needs.readHistory(until)) {
    signal.throwIfAborted()
    for (const { key } of portion) keys.push(key)
    portions.push({
      columns: columnsOf(portion, categories),
      circumstances: facts.map(({ name, codes }) =>
        Int32Array.from(portion, (incident) => {
          const code = circumstanceOf(incident, name)
          return code === null ? -1 : codes.numberOf(code)
        }),
      ),
    })
  }
  const joined = emptyColumns(keys.length, categories.texts)
  const circumstances = facts.map(({ name, codes }) => ({
    name,
    values: new Int32Array(keys.length),
    codes: codes.texts,
  }))
  let from = 0
  for (const portion of portions) {
    for (const column of COLUMNS) joined[column].set(portion.columns[column], from)
    portion.circumstances.forEach((values, c) => circumstances[c]!.values.set(values, from))
    from += portion.columns.at.length
  }
  return { incidents: { ...joined, circumstances }, keys }
}

const CIRCUMSTANCES = [...CALL_FACTS, 'danger'] as const

function circumstanceOf(
  { facts, dangers }: PastIncident,
  name: (typeof CIRCUMSTANCES)[number],
): string | null {
  return name === 'danger' ? dangers : (facts?.[name] ?? null)
}

/** Numbers texts in the order in which they first come. */
function numbering() {
  const numbers = new Map<string, number>()
  const texts: string[] = []
  return {
    texts,
    numberOf(text: string): number {
      let number = numbers.get(text)
      if (number === undefined) {
        number = texts.length
        numbers.set(text, number)
        texts.push(text)
      }
      return number
    },
  }
}

const COLUMNS = ['at', 'hourKnown', 'lon', 'lat', 'category', 'origin'] as const

function emptyColumns(length: number, categories: readonly string[]): DayJob['incidents'] {
  return {
    at: new Float64Array(length),
    hourKnown: new Uint8Array(length),
    lon: new Float64Array(length),
    lat: new Float64Array(length),
    category: new Uint16Array(length),
    categories,
    origin: new Uint8Array(length),
  }
}

function columnsOf(
  portion: readonly PastIncident[],
  categories: ReturnType<typeof numbering>,
): DayJob['incidents'] {
  const columns = emptyColumns(portion.length, [])
  portion.forEach((incident, i) => {
    columns.at[i] = incident.at
    columns.hourKnown[i] = incident.isHourDrawn ? 0 : 1
    columns.lon[i] = incident.lon
    columns.lat[i] = incident.lat
    columns.category[i] = categories.numberOf(incident.category)
    columns.origin[i] = ORIGINS.indexOf(incident.origin)
  })
  return columns
}

/** Plans the day in a thread of its own, so that the server answers meanwhile. `signal` ends it. */
export function planDayInWorker(job: DayJob, signal: AbortSignal): Promise<DayOutcome> {
  const { incidents } = job
  return inThread({
    besideUrl: import.meta.url,
    script: './plan-worker',
    job,
    transfer: [
      ...COLUMNS.map((column) => incidents[column].buffer as ArrayBuffer),
      ...(incidents.circumstances ?? []).map(({ values }) => values.buffer as ArrayBuffer),
    ],
    memoryMegabytes: MEMORY_MEGABYTES,
    signal,
    here: planDay,
  })
}
