import { feedbackYear, type FeedbackQuestion } from '../core/feedback-guard.ts'

/** Runs both years side by side, plan by plan, and tells each step as it is made. */
self.addEventListener('message', ({ data }: MessageEvent<{ seed: number }>) => {
  const years = (['guarded', 'naive'] as const).map((model) => ({
    model,
    year: feedbackYear({ seed: data.seed, model } satisfies FeedbackQuestion),
  }))
  for (let open = years; open.length > 0;) {
    open = open.filter(({ model, year }) => {
      const next = year.next()
      if (next.done !== true) self.postMessage({ model, step: next.value })
      return next.done !== true
    })
  }
  self.postMessage({ done: true })
})
