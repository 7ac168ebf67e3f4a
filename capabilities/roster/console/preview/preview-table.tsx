import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import type { CostRates, PatternPreview } from '../../core/index.ts'
import { useOfficerWords } from '../roster-words.ts'
import { figureLines, verdictOf } from './preview-figures.ts'

const MARK = { better: '▲', worse: '▼' } as const

/** Figure by figure, with the difference and whether it is for the better. */
export function PreviewTable({
  left,
  right,
  names,
  rates,
}: {
  left: PatternPreview
  right: PatternPreview
  names: { readonly left: string; readonly right: string }
  rates: CostRates
}) {
  const { t } = useTranslation('roster')
  const format = useFormat()
  const officerWords = useOfficerWords()
  const signed = (value: number, digits: number) => `${value > 0 ? '+' : ''}${format.number(value, digits)}`
  return (
    <div className="preview-scroll">
      <table className="preview-table">
        <caption className="visually-hidden">{t('preview.table')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('preview.figure')}</th>
            <th scope="col" data-side="left">
              {names.left}
            </th>
            <th scope="col" data-side="right">
              {names.right}
            </th>
            <th scope="col">{t('preview.difference')}</th>
          </tr>
        </thead>
        <tbody>
          {figureLines(left, right).map((line) => {
            const verdict = verdictOf(line)
            return (
              <tr key={line.key}>
                <th scope="row">{t(`preview.line.${line.key}`)}</th>
                <td>{format.number(line.left, line.digits)}</td>
                <td>{format.number(line.right, line.digits)}</td>
                <td data-verdict={verdict ?? undefined}>
                  {line.left === null || line.right === null
                    ? '—'
                    : signed(line.right - line.left, line.digits)}
                  {verdict && (
                    <>
                      {' '}
                      <span aria-hidden>{MARK[verdict]}</span>{' '}
                      <small>{t(`preview.verdict.${verdict}`)}</small>
                    </>
                  )}
                </td>
              </tr>
            )
          })}
          {left.violations.map(({ rule, count, officers, example }, index) => {
            const other = right.violations[index]!
            return (
              (count > 0 || other.count > 0) && (
                <tr key={rule} className="preview-rule">
                  <th scope="row">
                    <code>{rule}</code> {t(`rule.${rule}`)}
                  </th>
                  {[
                    { count, officers, example },
                    { count: other.count, officers: other.officers, example: other.example },
                  ].map((side, position) => (
                    <td key={position}>
                      {side.count === 0
                        ? '0'
                        : t('preview.violation', { count: side.count, officers: side.officers })}
                      {side.example && (
                        <small className="muted">
                          {' '}
                          {t('preview.example', {
                            officer: officerWords(side.example.officerId).badge,
                            date: side.example.date,
                          })}
                        </small>
                      )}
                    </td>
                  ))}
                  <td />
                </tr>
              )
            )
          })}
          {left.cost.money !== null && right.cost.money !== null && (
            <tr>
              <th scope="row">{t('preview.line.money')}</th>
              <td>{format.number(left.cost.money)}</td>
              <td>{format.number(right.cost.money)}</td>
              <td>{signed(right.cost.money - left.cost.money, 0)}</td>
            </tr>
          )}
        </tbody>
      </table>
      <p className="muted preview-cost">
        {t('preview.cost-note', {
          week: format.number(rates.weekMinutes / 60),
          overtime: format.number(rates.overtimeFactor, 1),
          night: format.percent(rates.nightSupplement),
        })}
      </p>
    </div>
  )
}
