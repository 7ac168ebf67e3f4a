import { useEffect, useRef, useState } from 'react'
import type { FeedbackStep } from '../core/feedback-guard.ts'

export interface FeedbackRun {
  readonly seed: number
  readonly state: 'running' | 'done' | 'failed' | 'stopped'
  readonly guarded: readonly FeedbackStep[]
  readonly naive: readonly FeedbackStep[]
}

type Told = { readonly model: 'guarded' | 'naive'; readonly step: FeedbackStep } | { readonly done: true }

/** A desk that is too slow for it is told so, instead of waiting for ever. */
const LONGEST_MILLISECONDS = 90_000

/** Both years of a seed in a thread of the browser, shown while they are made. */
export function useFeedbackRun(): {
  run: FeedbackRun | null
  start: (seed: number) => void
  stop: () => void
} {
  const [run, setRun] = useState<FeedbackRun | null>(null)
  const worker = useRef<Worker | null>(null)
  const timer = useRef<number | undefined>(undefined)
  const end = () => {
    worker.current?.terminate()
    worker.current = null
    window.clearTimeout(timer.current)
  }
  const endAs = (state: FeedbackRun['state']) => {
    end()
    setRun((now) => (now?.state === 'running' ? { ...now, state } : now))
  }
  useEffect(() => end, [])
  return {
    run,
    stop: () => endAs('stopped'),
    start(seed) {
      end()
      setRun({ seed, state: 'running', guarded: [], naive: [] })
      const started = new Worker(new URL('./feedback-worker.ts', import.meta.url), { type: 'module' })
      worker.current = started
      timer.current = window.setTimeout(() => endAs('failed'), LONGEST_MILLISECONDS)
      started.addEventListener('error', () => endAs('failed'))
      started.addEventListener('message', ({ data }: MessageEvent<Told>) => {
        if ('done' in data) return endAs('done')
        setRun((now) => now && { ...now, [data.model]: [...now[data.model], data.step] })
      })
      started.postMessage({ seed })
    },
  }
}
