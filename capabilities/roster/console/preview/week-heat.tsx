import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import type { PatternPreview } from '../../core/index.ts'

type Show = 'both' | 'difference'

/** Strength in each of the 168 hours: two maps beside each other, or where the right one has more or fewer. */
export function WeekHeat({
  left,
  right,
  names,
}: {
  left: PatternPreview
  right: PatternPreview
  names: { readonly left: string; readonly right: string }
}) {
  const { t } = useTranslation('roster')
  const [show, setShow] = useState<Show>('both')
  const highest = Math.max(1, ...[...left.strength, ...right.strength].map(({ mean }) => mean))
  const differences = right.strength.map(({ mean }, hour) => mean - left.strength[hour]!.mean)
  const widest = Math.max(1, ...differences.map(Math.abs))
  return (
    <section className="preview-heat" aria-label={t('preview.strength')}>
      <div className="page-head">
        <h2>{t('preview.strength')}</h2>
        <Segmented<Show>
          className="preview-controls"
          size="small"
          value={show}
          aria-label={t('preview.show')}
          options={[
            { value: 'both', label: t('preview.both') },
            { value: 'difference', label: t('preview.difference') },
          ]}
          onChange={setShow}
        />
      </div>
      {show === 'both' ? (
        <div className="heat-pair">
          {(['left', 'right'] as const).map((side) => (
            <Heat
              key={side}
              title={names[side]}
              side={side}
              values={(side === 'left' ? left : right).strength.map(({ mean }) => mean)}
              least={(side === 'left' ? left : right).strength.map(({ least }) => least)}
              tone={(value) => ({ '--heat': `${Math.round((value / highest) * 78)}%` })}
            />
          ))}
        </div>
      ) : (
        <Heat
          title={t('preview.more-or-fewer', { left: names.left, right: names.right })}
          side="difference"
          values={differences}
          isSigned
          tone={(value) => ({
            '--heat': `${Math.round((Math.abs(value) / widest) * 70)}%`,
            '--tone': value < 0 ? 'var(--danger)' : 'var(--ok)',
          })}
        />
      )}
    </section>
  )
}

function Heat({
  title,
  side,
  values,
  least,
  isSigned = false,
  tone,
}: {
  title: string
  side: string
  values: readonly number[]
  least?: readonly number[]
  isSigned?: boolean
  tone: (value: number) => Record<string, string>
}) {
  const { t } = useTranslation('roster')
  const format = useFormat()
  return (
    <div className="heat" data-side={side} tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t('preview.weekday')}</span>
            </th>
            {Array.from({ length: 24 }, (_, hour) => (
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: 7 }, (_, day) => (
            <tr key={day}>
              <th scope="row">{t(`weekday.${day + 1}`)}</th>
              {values.slice(day * 24, day * 24 + 24).map((value, hour) => (
                <td
                  key={hour}
                  style={tone(value)}
                  title={
                    least
                      ? t('preview.hour', {
                          mean: format.number(value, 1),
                          least: least[day * 24 + hour],
                        })
                      : undefined
                  }
                >
                  {isSigned && value > 0.05 ? '+' : ''}
                  {format.number(value, Number.isInteger(Number(value.toFixed(1))) ? 0 : 1)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
