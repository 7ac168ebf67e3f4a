import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

export interface ThreadWork<Job, Outcome, Note = never> {
  /** `import.meta.url` of the caller, and the script beside it, without its ending: `./result-thread`. */
  readonly besideUrl: string
  readonly script: string
  /** Plain data. Columns over shared memory are not copied. */
  readonly job: Job
  /** Buffers of the job that this thread gives away in place of copying them. */
  readonly transfer?: readonly ArrayBuffer[]
  readonly memoryMegabytes: number
  readonly signal: AbortSignal
  /** What the script posts as `{ note }` while it works. */
  onNote?(note: Note): void
  /** The same work in this thread, for a Node that cannot read TypeScript where there is nothing compiled. */
  here(job: Job, tell: (note: Note) => void): Outcome | Promise<Outcome>
}

/**
 * Does work that takes its time in a thread of its own, so that the server answers meanwhile. The script takes
 * `workerData` and posts its outcome, and before it notes if it likes. `signal` ends it: the promise then rejects with
 * the signal's reason.
 */
export function inThread<Job, Outcome, Note = never>(work: ThreadWork<Job, Outcome, Note>): Promise<Outcome> {
  const { job, signal } = work
  const tell = (note: Note) => work.onNote?.(note)
  const script = scriptOf(work.script, work.besideUrl)
  if (script === null) return Promise.resolve().then(() => work.here(job, tell))
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, {
      workerData: job,
      transferList: [...(work.transfer ?? [])],
      resourceLimits: { maxOldGenerationSizeMb: work.memoryMegabytes },
    })
    const abort = () => {
      void worker.terminate()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    worker.on('message', (message: Outcome | { readonly note: Note }) => {
      if (work.onNote && typeof message === 'object' && message !== null && 'note' in message)
        tell(message.note)
      else resolve(message as Outcome)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', abort)
      reject(new Error(`the thread of ${work.script} ended with code ${code} before it was done`))
    })
  })
}

function scriptOf(script: string, besideUrl: string): URL | null {
  const compiled = new URL(`${script}.js`, besideUrl)
  if (existsSync(fileURLToPath(compiled))) return compiled
  // Set by Node from 22.18 on, where it runs TypeScript itself.
  const readsTypeScript = Boolean((process.features as { typescript?: unknown }).typescript)
  return readsTypeScript ? new URL(`${script}.ts`, besideUrl) : null
}
