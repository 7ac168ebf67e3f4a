import { parentPort, workerData } from 'node:worker_threads'
import { planDay, type DayJob } from '../core/index.ts'

parentPort!.postMessage(planDay(workerData as DayJob))
