import { describe, expect, it } from 'vitest'
import {
  DEFAULT_COST_RATES,
  DEFAULT_ROSTER_RULES,
  previewPattern,
  SHIPPED_PATTERNS,
} from '../../core/index.ts'
import { binned, figureLines, meanLength, pairBars, verdictOf } from './preview-figures.ts'

const preview = (code: string) =>
  previewPattern(
    SHIPPED_PATTERNS.find((pattern) => pattern.code === code)!,
    {
      fromDate: '2026-12-07',
      days: 112,
      officers: Array.from({ length: 16 }, (_, index) => ({
        ...{ id: `o${index}`, organisationId: 'station', sworn: index % 2 === 0, patrolCapable: true },
      })),
      rules: DEFAULT_ROSTER_RULES,
      rates: DEFAULT_COST_RATES,
    },
  )

describe('two patterns side by side', () => {
  const lines = figureLines(preview('three-shift'), preview('four-plus-one'))
  const find = (key: string) => lines.find((line) => line.key === key)!

  it('show one patrol in 16 days an officer on platoons of four, and none where nothing is drawn', () => {
    expect(find('draws-between')).toMatchObject({ left: null, right: 16 })
    expect(find('draws-gini').left).toBeNull()
    expect(find('draws-range').right).toBeLessThanOrEqual(1)
  })

  it('say which is better only where one can be', () => {
    expect(verdictOf(find('hours-mean'))).toBeNull()
    expect(verdictOf(find('nights'))).toBe('better')
    expect(verdictOf({ ...find('nights'), left: 1, right: 2 })).toBe('worse')
    expect(verdictOf({ ...find('nights'), left: 2.01, right: 2.02 })).toBeNull()
    expect(verdictOf({ ...find('nights'), left: null })).toBeNull()
  })
})

describe('the charts of a comparison', () => {
  it('begin and end where either side has something, with nothing left out between', () => {
    expect(pairBars([0, 0, 5], [0, 1, 0, 0, 2])).toEqual([
      { label: '1', left: 0, right: 1 },
      { label: '2', left: 5, right: 0 },
      { label: '3', left: 0, right: 0 },
      { label: '4', left: 0, right: 2 },
    ])
    expect(pairBars([0], [])).toEqual([])
  })

  it('put each officer into one bin', () => {
    expect(binned([40, 41.9, 42], [44], 2)).toEqual([
      { label: '40–42', left: 2, right: 0 },
      { label: '42–44', left: 1, right: 0 },
      { label: '44–46', left: 0, right: 1 },
    ])
    expect(binned([7], [6], 1).map(({ label }) => label)).toEqual(['6', '7'])
  })

  it('have a mean where they have anything', () => {
    expect(meanLength([0, 2, 1])).toBeCloseTo(4 / 3)
    expect(meanLength([0, 0])).toBeNull()
  })
})
