import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useTypeName } from '../../incident/console/index.tsx'
import type { FoundWarning, KeptFindings } from '../core/index.ts'
import { PickBox } from './pick-box.tsx'
import type { Picked } from './picked.ts'

/** Counts of the week that are out of line, each beside what was expected of it. */
export function WarningsPanel({
  findings,
  shownId,
  picked,
  onToggle,
}: {
  findings: KeptFindings
  shownId: string | null
  picked: Picked
  onToggle: (id: string) => void
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const { warnings, watched } = findings
  const most = Math.max(...warnings.map(({ observed, high }) => Math.max(observed, high)), 1)
  const [called, noted] = (['warning', 'noted'] as const).map((outcome) =>
    warnings.filter((each) => each.outcome === outcome),
  )
  const rows = (of: readonly FoundWarning[]) => (
    <ol className="analysis-stops">
      {of.map((warning) => (
        <WarningRow
          key={warning.id}
          warning={warning}
          most={most}
          isOpen={warning.id === shownId}
          picked={picked}
          onToggle={() => onToggle(warning.id)}
        />
      ))}
    </ol>
  )
  return (
    <>
      <p className="muted analysis-lead">
        {t('warnings.lead', {
          judged: format.number(watched.judged),
          areas: watched.areas,
          thin: format.number(watched.tooThin),
        })}
      </p>
      {called!.length === 0 ? <Empty text={t('warnings.none')} /> : rows(called!)}
      {noted!.length > 0 && (
        <>
          <h3 className="analysis-subhead">{t('warnings.noted')}</h3>
          <p className="muted analysis-lead">{t('warnings.noted-why')}</p>
          {rows(noted!)}
        </>
      )}
    </>
  )
}

/** `盗窃 · 城关派出所辖区`, or the whole district. */
export function useWarningName() {
  const { t } = useTranslation('analysis')
  const typeName = useTypeName()
  return ({ category, areaName }: Pick<FoundWarning, 'category' | 'areaName'>) =>
    `${typeName(category)} · ${areaName ?? t('warnings.district')}`
}

function WarningRow({
  warning,
  most,
  isOpen,
  picked,
  onToggle,
}: {
  warning: FoundWarning
  most: number
  isOpen: boolean
  picked: Picked
  onToggle: () => void
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const name = useWarningName()(warning)
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isOpen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isOpen])
  const { observed, judged, low, high } = warning
  const id = `warning-${warning.id}`
  const at = (count: number) => `${(100 * count) / most}%`
  return (
    <li ref={row} className="analysis-stop" data-open={isOpen}>
      <PickBox pick={{ kind: 'warning', id: warning.id }} picked={picked} name={name} />
      <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={onToggle}>
        <span className="analysis-state" data-state={warning.outcome} aria-hidden>
          {warning.outcome === 'warning' ? '▲' : '△'}
        </span>
        <span>
          <strong>{name}</strong>
          <span className="analysis-bullet" aria-hidden>
            <i className="analysis-usual" style={{ left: at(low), width: at(high - low) }} />
            <i className="analysis-observed" style={{ width: at(observed) }} />
            <i className="analysis-expected" style={{ left: at(judged.expected) }} />
          </span>
          <span className="muted analysis-line">
            {t('warnings.counts', {
              observed: format.number(observed),
              expected: format.number(judged.expected, 1),
              low: format.number(low),
              high: format.number(high),
            })}
          </span>
        </span>
        <strong className="nowrap">
          {t('warnings.times', {
            times: format.number(judged.timesExpected, judged.timesExpected < 10 ? 1 : 0),
          })}
        </strong>
      </button>
      {isOpen && (
        <div id={id} className="analysis-why">
          <WarningDetail warning={warning} />
        </div>
      )}
    </li>
  )
}

function WarningDetail({ warning }: { warning: FoundWarning }) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const { judged, densest } = warning
  const ears = judged.ears && (['c1', 'c2', 'c3'] as const).filter((each) => judged.ears![each].alarms)
  return (
    <>
      <WeeksChart warning={warning} />
      <dl className="facts">
        <dt>{t('warnings.week')}</dt>
        <dd>
          {warning.fromDate} – {warning.lastDate}
        </dd>
        <dt>{t('warnings.chance')}</dt>
        <dd>
          p {smallNumber(judged.p)} · q {smallNumber(judged.falseDiscoveryRate)}{' '}
          <span className="muted">{t('warnings.chance-why')}</span>
        </dd>
        <dt>EARS</dt>
        <dd>
          {ears === null
            ? t('warnings.ears-none')
            : ears.length === 0
              ? t('warnings.ears-quiet')
              : t('warnings.ears-alarms', { which: ears.map((each) => each.toUpperCase()).join(', ') })}
        </dd>
        <dt>{t('warnings.densest')}</dt>
        <dd>
          {t('warnings.densest-holds', {
            holds: densest.holds,
            observed: warning.observed,
            metres: format.number(densest.radiusMetres),
          })}
        </dd>
      </dl>
    </>
  )
}

const smallNumber = (value: number) => (value >= 0.001 ? value.toFixed(3) : value.toExponential(0))

const [WIDTH, HEIGHT] = [280, 60]

/** The weeks up to the judged one, with the range that the judged one was expected in. */
function WeeksChart({ warning: { weeks, low, high, judged } }: { warning: FoundWarning }) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const most = Math.max(...weeks, high, 1)
  const bar = WIDTH / weeks.length
  const y = (count: number) => HEIGHT - (count / most) * HEIGHT
  return (
    <figure className="analysis-rhythm">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT + 2}`}
        role="img"
        aria-label={t('warnings.weeks', { count: weeks.length })}
      >
        <rect className="analysis-range" x={0} y={y(high)} width={WIDTH} height={y(low) - y(high)} />
        {weeks.map((count, week) => (
          <rect
            key={week}
            x={week * bar + 1}
            y={y(count)}
            width={bar - 2}
            height={HEIGHT - y(count)}
            data-shift={week === weeks.length - 1}
          />
        ))}
        <line x1={0} x2={WIDTH} y1={y(judged.expected)} y2={y(judged.expected)} />
      </svg>
      <figcaption>
        {t('warnings.weeks-says', { count: weeks.length, from: format.number(judged.alarmsFrom) })}
      </figcaption>
    </figure>
  )
}
