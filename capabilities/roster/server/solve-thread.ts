import { parentPort, workerData } from 'node:worker_threads'
import { solveHere, type HeldJob } from './solve-here.ts'

parentPort!.postMessage(await solveHere(workerData as HeldJob, (note) => parentPort!.postMessage({ note })))
