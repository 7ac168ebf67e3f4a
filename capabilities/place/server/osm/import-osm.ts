import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Refusal } from '../../../../foundation/core/outcome.ts'
import { isRefusal } from '../../../../foundation/core/outcome.ts'
import type { MapPackage } from '../map-package.ts'
import { packMap } from '../map-package.ts'
import { readOsm } from './read-osm.ts'

export const OSM_ATTRIBUTION = '© OpenStreetMap contributors, ODbL'

export interface OsmImport {
  readonly path: string
  /** Name of the map: the district's. */
  readonly name: string
}

/** An .osm.pbf file as a package to store, in this thread. Refuses what `readOsm` refuses. */
export function importOsm(
  job: OsmImport,
  onProgress: (share: number) => void = () => {},
): MapPackage | Refusal {
  const extract = readOsm(job.path, (share) => onProgress(share / 2))
  if (isRefusal(extract)) return extract
  return packMap({ ...extract, name: job.name, attribution: OSM_ATTRIBUTION }, (share) =>
    onProgress((1 + share) / 2),
  )
}

/** What the worker thread says: how far it is, then what it has made. */
export type WorkerMessage = { readonly progress: number } | { readonly done: MapPackage | Refusal }

/**
 * The same in a worker thread, so that the server answers meanwhile. `signal` ends it: the promise then rejects with
 * the signal's reason. Run from TypeScript source on a Node that cannot read it, the work is done in this thread.
 */
export function importOsmInWorker(
  job: OsmImport,
  options: { onProgress?: (share: number) => void; signal?: AbortSignal } = {},
): Promise<MapPackage | Refusal> {
  const script = workerScript()
  if (script === null) return Promise.resolve().then(() => importOsm(job, options.onProgress))
  options.signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: job })
    const abort = () => {
      void worker.terminate()
      reject(options.signal!.reason as Error)
    }
    options.signal?.addEventListener('abort', abort, { once: true })
    worker.on('message', (message: WorkerMessage) => {
      if ('progress' in message) options.onProgress?.(message.progress)
      else resolve(message.done)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => {
      options.signal?.removeEventListener('abort', abort)
      reject(new Error(`the import thread ended with code ${code} before it was done`))
    })
  })
}

function workerScript(): URL | null {
  const compiled = new URL('./import-worker.js', import.meta.url)
  if (existsSync(fileURLToPath(compiled))) return compiled
  // Set by Node from 22.18 on, where it runs TypeScript itself.
  const readsTypeScript = Boolean((process.features as { typescript?: unknown }).typescript)
  return readsTypeScript ? new URL('./import-worker.ts', import.meta.url) : null
}
