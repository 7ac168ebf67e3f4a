import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { displacementKey, signedPercent, verdictWording } from '../core/result-wording.ts'
import { MonthsChart } from './months-chart.tsx'
import {
  resultDetailQuery,
  type ChangeShown,
  type ComparedShown,
  type DisplacementShown,
  type JudgedShown,
  type ResultDetailShown,
  type ResultRowShown,
  type ResultsAsked,
} from './results-api.ts'

const WANTED = 10
const TOLD = 0.05

/** What is behind a row: its months, both verdicts in words, and how each was come by. */
export function ResultDetail({
  asked,
  row,
  tests,
  counted,
}: {
  asked: ResultsAsked
  row: ResultRowShown
  tests: number
  counted: { from: string; last: string; days: number }
}) {
  const { t } = useTranslation('analysis')
  const detail = useQuery(resultDetailQuery(asked, row))
  return (
    <div className="results-detail">
      <Shown query={detail} rows={6}>
        {(data) => (
          <>
            <MonthsChart
              months={data.months}
              marked={[
                { label: t('results.months.counted'), span: counted },
                ...row.compared
                  .filter(({ before }) => before !== null)
                  .map(({ comparison, span }) => ({ label: t(`results.months.${comparison}`), span })),
              ]}
            />
            <div className="results-pair">
              {row.compared.map((compared) => (
                <ComparedInWords key={compared.comparison} {...{ compared, row, tests, detail: data }} />
              ))}
            </div>
          </>
        )}
      </Shown>
    </div>
  )
}

function ComparedInWords({
  compared,
  row,
  tests,
  detail,
}: {
  compared: ComparedShown
  row: ResultRowShown
  tests: number
  detail: ResultDetailShown
}) {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  const { comparison, span, judged } = compared
  const { key, values } = verdictWording({ ...compared, count: row.count, tests }, number)
  const squares = detail.comparedWith.find((each) => each.comparison === comparison)?.squares ?? []
  return (
    <section aria-label={t(`results.${comparison}`)}>
      <h3>
        {t(`results.${comparison}`)} <small className="muted">{`${span.from} – ${span.last}`}</small>
      </h3>
      <p className="results-verdict">{t(key, values)}</p>
      {judged && (
        <>
          {judged.caution && (
            <p className="results-caution">
              <span aria-hidden>▲</span>{' '}
              {t('caution.regression-to-mean', {
                expectedFallPercent: number(Math.round(judged.caution.expectedFallPercent)),
                expectedByChance: number(Math.round(judged.caution.expectedByChance)),
              })}
            </p>
          )}
          {judged.displacement && (
            <DisplacementInWords displacement={judged.displacement} ringMetres={detail.ringMetres} />
          )}
          <h4>{t('results.how')}</h4>
          <HowCompared judged={judged} />
          <NaiveInWords naive={judged.naive} verdict={compared.verdict} />
          {squares.length > 0 && <Squares squares={squares} />}
        </>
      )}
    </section>
  )
}

function HowCompared({ judged }: { judged: JudgedShown }) {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  const { comparedMetres, comparedWith, quietPairs, quietPercent } = judged
  return (
    <>
      <p>
        {comparedMetres === null
          ? t('results.compared-none')
          : t('results.compared-with', { places: number(comparedWith), metres: number(comparedMetres) })}{' '}
        {comparedMetres !== null &&
          comparedWith < WANTED &&
          t('results.compared-few', { places: number(comparedWith) })}
      </p>
      <QuietInWords quietPairs={quietPairs} quietPercent={quietPercent} />
    </>
  )
}

export function QuietInWords({ quietPairs, quietPercent }: { quietPairs: number; quietPercent: number }) {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  return (
    <p>
      {quietPairs === 0
        ? t('results.quiet-unlearned')
        : t('results.quiet', { percent: number(quietPercent), pairs: number(quietPairs) })}
    </p>
  )
}

/** The comparison that everybody makes, called what it is. */
export function NaiveInWords({ naive, verdict }: { naive: ChangeShown; verdict: string }) {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  const { changePercent, lowPercent, highPercent, p } = naive
  const percent = (value: number | null) => (value === null ? '∞' : signedPercent(value, number))
  const differs = p <= TOLD && !/fell|rose/.test(verdict)
  return (
    <p className="muted">
      {t('results.naive', {
        change: percent(changePercent),
        low: percent(lowPercent),
        high: percent(highPercent),
      })}{' '}
      {differs && <strong>{t('results.naive-differs')}</strong>}
    </p>
  )
}

export function DisplacementInWords({
  displacement,
  ringMetres,
}: {
  displacement: DisplacementShown
  ringMetres: number
}) {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  const { quotient, low, high, prevented } = displacement
  const figure = (value: number | null) => (value === null ? '—' : number(value, 2).replace('-', '−'))
  const whole = (value: number) => number(Math.round(value)).replace('-', '−')
  return (
    <p>
      {t('results.ring', { metres: number(ringMetres) })}
      {': '}
      {t(displacementKey(displacement), { quotient: figure(quotient), low: figure(low), high: figure(high) })}
      {quotient !== null &&
        low !== null &&
        ` ${t('results.prevented', {
          value: whole(prevented.value),
          low: whole(prevented.low),
          high: whole(prevented.high),
        })}`}
    </p>
  )
}

function Squares({ squares }: { squares: ResultDetailShown['comparedWith'][number]['squares'] }) {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  return (
    <details className="results-squares">
      <summary>{t('results.squares')}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('results.squares')}</th>
            <th scope="col">{t('results.square-before')}</th>
            <th scope="col">{t('results.square-after')}</th>
          </tr>
        </thead>
        <tbody>
          {squares.map(({ ring, before, after }, n) => {
            const [lon, lat] = [(ring[0]![0] + ring[2]![0]) / 2, (ring[0]![1] + ring[2]![1]) / 2]
            return (
              <tr key={n}>
                <th scope="row">
                  {t('results.square', { number: n + 1 })}{' '}
                  <span className="mono faint">{`${lat.toFixed(4)}, ${lon.toFixed(4)}`}</span>
                </th>
                <td>{number(before)}</td>
                <td>{number(after)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </details>
  )
}
