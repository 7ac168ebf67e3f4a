import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { CategoryKnox } from '../core/index.ts'

const SIGNIFICANT = 0.05
/** A ratio from which a cell is as full as it gets. */
const FULL_RATIO = 5

/** A category's significance map: how many times as many pairs as chance puts at each distance and time. */
export function KnoxChart({ knox }: { knox: CategoryKnox }) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const { distanceMetres, days } = knox.bands
  const band = (limits: readonly number[], at: number) =>
    at === 0 ? `0–${limits[0]! - 1}` : `${limits[at - 1]!}–${limits[at]! - 1}`
  const metres = (at: number) =>
    at === 0 ? t('knox.same-place') : `${at === 1 ? 0 : distanceMetres[at - 1]}–${distanceMetres[at]} m`
  return (
    <figure className="analysis-knox">
      <table>
        <caption>{t('knox.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('knox.distance')}</th>
            {days.map((_, time) => (
              <th key={time} scope="col">
                {t('knox.days', { days: band(days, time) })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {knox.cells.map((row, distance) => (
            <tr key={distance}>
              <th scope="row">{metres(distance)}</th>
              {row.map((cell, time) => {
                const isSignificant = cell.p <= SIGNIFICANT && (cell.ratio ?? 0) > 1
                const fullness = isSignificant ? Math.min(1, Math.log(cell.ratio!) / Math.log(FULL_RATIO)) : 0
                return (
                  <td
                    key={time}
                    data-significant={isSignificant}
                    style={{ '--full': `${Math.round(12 + 60 * fullness)}%` } as never}
                    title={t('knox.cell', {
                      observed: format.number(cell.observed),
                      expected: format.number(cell.expected, 1),
                      p: format.number(cell.p, 2),
                    })}
                  >
                    {cell.ratio === null ? '—' : format.number(cell.ratio, cell.ratio < 10 ? 1 : 0)}
                    {isSignificant && <span aria-hidden>*</span>}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <figcaption>
        {t('knox.says', {
          events: format.number(knox.events),
          from: knox.fromDate,
          until: knox.untilDate,
          permutations: knox.permutations,
        })}
      </figcaption>
    </figure>
  )
}
