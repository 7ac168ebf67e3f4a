import { parentPort, workerData } from 'node:worker_threads'
import type { OsmImport, WorkerMessage } from './import-osm.ts'
import { importOsm } from './import-osm.ts'

/** Steps of progress worth telling. */
const STEP = 0.01

const say = (message: WorkerMessage) => parentPort!.postMessage(message)
let told = 0
const done = importOsm(workerData as OsmImport, (share) => {
  if (share < told + STEP) return
  told = share
  say({ progress: share })
})
say({ done })
