import { Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import {
  FAIRNESS_KINDS,
  fairnessOf,
  spreadOf,
  type FairnessKind,
  type OpenGround,
  type RosterGrid,
} from '../../core/index.ts'
import type { RosterWords } from '../roster-words.ts'
import { histogram } from './histogram.ts'

/** How draws, nights, weekends and holidays are shared out: stored, and as edited now. */
export function FairnessPanel({
  open,
  words,
  stored,
  edited,
  onOfficer,
}: {
  open: OpenGround
  words: RosterWords
  stored: RosterGrid
  /** Null where nothing is edited. */
  edited: RosterGrid | null
  onOfficer: (officerId: string) => void
}) {
  const { t } = useTranslation('roster')
  const format = useFormat()
  const [kind, setKind] = useState<FairnessKind>('draws')
  const [isOwn, setOwn] = useState(true)
  const before = useMemo(() => fairnessOf(open, stored), [open, stored])
  const after = useMemo(() => (edited ? fairnessOf(open, edited) : null), [open, edited])
  const now = after ?? before
  const side = isOwn ? 'own' : 'total'
  const counts = (report: typeof now) => report.officers.map((each) => each[side][kind])
  const bars = histogram(counts(now), after ? counts(before) : null)
  const highest = Math.max(1, ...bars.flatMap(({ now: n, before: b }) => [n, b ?? 0]))
  const extremes = now.officers.toSorted((a, b) => b[side][kind] - a[side][kind])
  const spread = (report: typeof now) => spreadOf(counts(report))
  return (
    <div className="fairness">
      <Segmented
        block
        size="small"
        value={kind}
        aria-label={t('fairness.kind')}
        options={FAIRNESS_KINDS.map((value) => ({ value, label: t(`fairness.${value}`) }))}
        onChange={setKind}
      />
      <Segmented
        block
        size="small"
        value={isOwn ? 'own' : 'total'}
        aria-label={t('fairness.span')}
        options={[
          { value: 'own', label: t('fairness.own') },
          { value: 'total', label: t('fairness.total') },
        ]}
        onChange={(value) => setOwn(value === 'own')}
      />
      <figure>
        <svg
          viewBox="0 0 300 130"
          role="img"
          aria-label={t('fairness.chart', { kind: t(`fairness.${kind}`) })}
        >
          {bars.map(({ count, now: officers, before: had }, index) => {
            const step = 284 / bars.length
            const x = 8 + index * step
            const y = (of: number) => 104 - (of / highest) * 88
            return (
              <g key={count}>
                <title>{t('fairness.bar', { count, officers })}</title>
                <rect
                  className="fairness-bar"
                  x={x + 1}
                  width={Math.max(1, step - 2)}
                  y={y(officers)}
                  height={104 - y(officers)}
                />
                {had !== null && <path className="fairness-before" d={`M${x} ${y(had)}h${step}`} />}
                {officers > 0 && (
                  <text x={x + step / 2} y={y(officers) - 3} textAnchor="middle">
                    {officers}
                  </text>
                )}
                {(bars.length < 16 || index % 2 === 0) && (
                  <text x={x + step / 2} y={116} textAnchor="middle">
                    {count}
                  </text>
                )}
              </g>
            )
          })}
          <text x={292} y={128} textAnchor="end">
            {t('fairness.axis')}
          </text>
        </svg>
        {after && <figcaption>{t('fairness.before-line')}</figcaption>}
      </figure>
      <table className="fairness-table">
        <thead>
          <tr>
            <th />
            <th>{t('fairness.gini')}</th>
            <th>{t('fairness.range')}</th>
            <th>{t('fairness.mean')}</th>
          </tr>
        </thead>
        <tbody>
          {(after ? (['before', 'after'] as const) : (['now'] as const)).map((when) => {
            const { gini, least, most, mean } = spread(when === 'before' ? before : now)
            return (
              <tr key={when}>
                <th>{t(`fairness.${when}`)}</th>
                <td>{format.number(gini, 3)}</td>
                <td>{`${least}–${most}`}</td>
                <td>{format.number(mean, 2)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <div className="fairness-ends">
        {(['most', 'least'] as const).map((end) => (
          <section key={end} aria-label={t(`fairness.${end}`)}>
            <h3>{t(`fairness.${end}`)}</h3>
            <ol>
              {(end === 'most' ? extremes.slice(0, 5) : extremes.slice(-5).reverse()).map((each) => (
                <li key={each.officerId}>
                  <button type="button" onClick={() => onOfficer(each.officerId)}>
                    {words.officer(each.officerId)}
                  </button>
                  <b>{each[side][kind]}</b>
                </li>
              ))}
            </ol>
          </section>
        ))}
      </div>
      <p className="muted">{t('fairness.explained')}</p>
    </div>
  )
}
