import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { ORIGINS } from '../../incident/core/index.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { planDay, type DayJob, type DayOutcome } from '../core/index.ts'
import type { AnalysisNeeds, PastIncident } from './needs.ts'

/** 630,000 incidents need a quarter of it. */
const MEMORY_MEGABYTES = 1_536

/** The history as columns. The server answers between two portions. */
export async function gatherHistory(
  needs: AnalysisNeeds,
  until: Instant,
  signal: AbortSignal,
): Promise<DayJob['incidents']> {
  const categories = new Map<string, number>()
  const portions: DayJob['incidents'][] = []
  for await (const portion of needs.readHistory(until)) {
    signal.throwIfAborted()
    portions.push(columnsOf(portion, categories))
  }
  const length = portions.reduce((sum, { at }) => sum + at.length, 0)
  const joined = emptyColumns(length, [...categories.keys()])
  let from = 0
  for (const portion of portions) {
    for (const column of COLUMNS) joined[column].set(portion[column], from)
    from += portion.at.length
  }
  return joined
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

function columnsOf(portion: readonly PastIncident[], categories: Map<string, number>): DayJob['incidents'] {
  const columns = emptyColumns(portion.length, [])
  portion.forEach((incident, i) => {
    let category = categories.get(incident.category)
    if (category === undefined) {
      category = categories.size
      categories.set(incident.category, category)
    }
    columns.at[i] = incident.at
    columns.hourKnown[i] = incident.isHourDrawn ? 0 : 1
    columns.lon[i] = incident.lon
    columns.lat[i] = incident.lat
    columns.category[i] = category
    columns.origin[i] = ORIGINS.indexOf(incident.origin)
  })
  return columns
}

/**
 * Plans the day in a thread of its own, so that the server answers meanwhile. `signal` ends it: the promise then rejects
 * with the signal's reason. Run from TypeScript source on a Node that cannot read it, the work is done in this thread.
 */
export function planDayInWorker(job: DayJob, signal: AbortSignal): Promise<DayOutcome> {
  const script = workerScript()
  if (script === null) return Promise.resolve().then(() => planDay(job))
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, {
      workerData: job,
      transferList: COLUMNS.map((column) => job.incidents[column].buffer as ArrayBuffer),
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEGABYTES },
    })
    const abort = () => {
      void worker.terminate()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    worker.on('message', resolve)
    worker.on('error', reject)
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', abort)
      reject(new Error(`the planning thread ended with code ${code} before it was done`))
    })
  })
}

function workerScript(): URL | null {
  const compiled = new URL('./plan-worker.js', import.meta.url)
  if (existsSync(fileURLToPath(compiled))) return compiled
  // Set by Node from 22.18 on, where it runs TypeScript itself.
  const readsTypeScript = Boolean((process.features as { typescript?: unknown }).typescript)
  return readsTypeScript ? new URL('./plan-worker.ts', import.meta.url) : null
}
