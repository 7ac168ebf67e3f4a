import { countRange } from '../../../solvers/density/negative-binomial.ts'

/** One stop in one period: what it was expected to catch and what it caught. */
export interface Expectation {
  readonly expected: number
  readonly caught: number
}

/** Stops of like expectation, a tenth of all. */
export interface CalibrationBin {
  readonly stops: number
  /** Mean of what was expected, and of what was caught. */
  readonly expected: number
  readonly caught: number
  /** Share of stops whose count lay within its range of nine in ten. */
  readonly withinRange: number
}

const BINS = 10
const TAIL = 0.05

/** Whether what was expected came, from the least expecting tenth of the stops to the most expecting. */
export function calibrate(expectations: readonly Expectation[], dispersion: number): CalibrationBin[] {
  const inOrder = [...expectations].sort((a, b) => a.expected - b.expected || a.caught - b.caught)
  return Array.from({ length: BINS }, (_, bin) =>
    inOrder.slice(Math.floor((bin * inOrder.length) / BINS), Math.floor(((bin + 1) * inOrder.length) / BINS)),
  )
    .filter((bin) => bin.length > 0)
    .map((bin) => {
      const mean = (of: (each: Expectation) => number) =>
        bin.reduce((sum, each) => sum + of(each), 0) / bin.length
      return {
        stops: bin.length,
        expected: mean((each) => each.expected),
        caught: mean((each) => each.caught),
        withinRange: mean(({ expected, caught }) => {
          const { low, high } = countRange(expected, dispersion, TAIL)
          return caught >= low && caught <= high ? 1 : 0
        }),
      }
    })
}
