import { parentPort, workerData } from 'node:worker_threads'
import { answerResults, type ResultJob } from '../core/index.ts'

parentPort!.postMessage(answerResults(workerData as ResultJob))
