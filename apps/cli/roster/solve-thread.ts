import { parentPort, workerData } from 'node:worker_threads'
import type { SolveJob } from './solve-job.ts'
import { solveHere } from './solve-here.ts'

await solveHere(workerData as SolveJob, (news) => parentPort!.postMessage(news))
