import { parentPort, workerData } from 'node:worker_threads'
import { playDemonstration, type DemonstrationOptions, type PlayerMessage } from './demonstration.ts'

const tell = (message: PlayerMessage) => parentPort!.postMessage(message)
const TELL_MILLISECONDS = 10_000

const playing = await playDemonstration(workerData as DemonstrationOptions, Date.now, (fault) =>
  tell({ fault: String(fault) }),
)
setInterval(() => tell({ counts: { ...playing.counts } }), TELL_MILLISECONDS)
