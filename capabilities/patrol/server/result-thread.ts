import { parentPort, workerData } from 'node:worker_threads'
import { answerOrders, type OrderResultJob } from '../core/index.ts'

parentPort!.postMessage(answerOrders(workerData as OrderResultJob))
