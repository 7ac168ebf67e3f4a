import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { destination, distanceMetres } from '../../../foundation/core/geo.ts'
import { DEFAULT_DUPLICATE_POLICY, suggestDuplicates } from './duplicates.ts'

const place = { lon: 121.47, lat: 31.23 }
const report = { typeCode: '0201', position: place, at: 1_000_000 }
const known = (id: string, metres: number, secondsBefore: number, typeCode = '0201') => ({
  id,
  typeCode,
  position: destination(place, 90, metres),
  at: report.at - secondsBefore * 1000,
})

describe('duplicate suggestion', () => {
  it('puts the nearest, latest and most alike first, with its reasons', () => {
    const suggestions = suggestDuplicates(
      report,
      [known('far', 300, 600), known('near', 40, 120), known('kind', 40, 120, '0202')],
      DEFAULT_DUPLICATE_POLICY,
    )
    expect(suggestions.map(({ incident }) => incident.id)).toEqual(['near', 'kind', 'far'])
    expect(suggestions[0]!.reasons).toEqual([
      { id: 'near', distanceMetres: 40 },
      { id: 'soon', apartSeconds: 120 },
      { id: 'same-type' },
    ])
    expect(suggestions[1]!.reasons.at(-1)).toEqual({ id: 'same-class' })
  })

  it('leaves out what is too far or too old, however alike', () => {
    expect(
      suggestDuplicates(report, [known('far', 501, 0), known('old', 0, 3601)], DEFAULT_DUPLICATE_POLICY),
    ).toEqual([])
  })

  it('never suggests beyond the limits, and scores between the least score and 1, falling', () => {
    const anyKnown = fc.record({
      metres: fc.nat(1500),
      seconds: fc.nat(9000),
      code: fc.constantFrom('0201', '0203', '0501'),
    })
    fc.assert(
      fc.property(fc.array(anyKnown, { maxLength: 20 }), (many) => {
        const incidents = many.map(({ metres, seconds, code }, index) =>
          known(String(index), metres, seconds, code),
        )
        const suggestions = suggestDuplicates(report, incidents, DEFAULT_DUPLICATE_POLICY)
        let last = 1
        for (const { incident, score } of suggestions) {
          expect(distanceMetres(incident.position, place)).toBeLessThanOrEqual(
            DEFAULT_DUPLICATE_POLICY.withinMetres,
          )
          expect(Math.abs(incident.at - report.at)).toBeLessThanOrEqual(
            DEFAULT_DUPLICATE_POLICY.withinSeconds * 1000,
          )
          expect(score).toBeGreaterThanOrEqual(DEFAULT_DUPLICATE_POLICY.leastScore)
          expect(score).toBeLessThanOrEqual(last)
          last = score
        }
      }),
    )
  })
})
