import { describe, expect, it } from 'vitest'
import { simulateFeedback, type FeedbackStep } from './feedback-guard.ts'

const SEEDS = [1, 2, 3, 4, 5, 6]
const farthest = (steps: readonly FeedbackStep[]) =>
  Math.max(...steps.map(({ forecastShare }) => Math.abs(forecastShare - 0.5)))
const patrolOfYear = (steps: readonly FeedbackStep[]) =>
  steps.reduce((sum, { patrolShare }) => sum + patrolShare, 0) / steps.length

describe('two areas with equal true rates, patrol following the forecast for a year', () => {
  it.each(SEEDS)(
    'stay within five points of one half all year, and so does the patrol of the year (seed %i)',
    (seed) => {
      const year = simulateFeedback({ seed, model: 'guarded' })
      expect(year).toHaveLength(53)
      expect(farthest(year)).toBeLessThanOrEqual(0.05)
      expect(Math.abs(patrolOfYear(year) - 0.5)).toBeLessThanOrEqual(0.05)
    },
  )

  it('part in most years where the forecast learns from what patrol discovers: the control', () => {
    const ends = SEEDS.map((seed) => simulateFeedback({ seed, model: 'naive' }).at(-1)!)
    expect(ends.filter(({ forecastShare }) => Math.abs(forecastShare - 0.5) > 0.2).length).toBeGreaterThan(3)
    expect(ends.filter(({ patrolShare }) => Math.abs(patrolShare - 0.5) > 0.45).length).toBeGreaterThan(3)
  })

  it('run the same from the same seed', () => {
    const run = () => simulateFeedback({ seed: 3, model: 'naive', days: 60 })
    expect(run()).toEqual(run())
  })
})
