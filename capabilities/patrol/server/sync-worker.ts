import { parentPort, workerData } from 'node:worker_threads'
import { reckonSync, type SyncJob } from '../core/index.ts'

parentPort!.postMessage((workerData as readonly SyncJob[]).map(reckonSync))
