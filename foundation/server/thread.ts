import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

/**
 * The script of a worker as this Node can run it: compiled, or the TypeScript itself where Node reads that (from 22.18
 * on); null where it can do neither, and the work is done in the caller's own thread. `from` is the caller's
 * `import.meta.url`, `name` without an ending.
 */
export function threadScript(name: string, from: string): URL | null {
  const compiled = new URL(`./${name}.js`, from)
  if (existsSync(fileURLToPath(compiled))) return compiled
  const readsTypeScript = Boolean((process.features as { typescript?: unknown }).typescript)
  return readsTypeScript ? new URL(`./${name}.ts`, from) : null
}

/** Gives the first message of a thread of its own. `signal` ends it: the promise then rejects with the signal's reason. */
export function inThread<Outcome>(
  script: URL,
  workerData: unknown,
  { signal, memoryMegabytes }: { signal: AbortSignal; memoryMegabytes: number },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = new Worker(script, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
    })
    const abort = () => {
      void worker.terminate()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', abort, { once: true })
    worker.on('message', resolve)
    worker.on('error', reject)
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', abort)
      reject(new Error(`the thread ended with code ${code} before it was done`))
    })
  })
}
