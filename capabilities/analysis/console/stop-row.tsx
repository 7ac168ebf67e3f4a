import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useTypeName } from '../../incident/console/index.tsx'
import type { KeptStop } from '../core/index.ts'
import type { ShiftShown } from './analysis-api.ts'
import { PickBox } from './pick-box.tsx'
import type { Pick, Picked } from './picked.ts'
import { RhythmChart } from './rhythm-chart.tsx'

/** The rest are a few per cent each. */
const SHOWN_MEMORIES = 6

/** A stop in the ranked list; opened, it says why it is one. */
export function StopRow({
  stop,
  shift,
  pick,
  picked,
  isOfHour,
  timeZone,
  isOpen,
  onToggle,
}: {
  stop: KeptStop
  shift: ShiftShown
  pick: Pick
  picked: Picked
  /** What is expected is that of one hour, which has no range of its own. */
  isOfHour: boolean
  timeZone: string
  isOpen: boolean
  onToggle: () => void
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isOpen) row.current?.scrollIntoView({ block: 'start' })
  }, [isOpen])
  const id = `stop-${stop.rank}`
  return (
    <li ref={row} className="analysis-stop" data-open={isOpen}>
      <PickBox pick={pick} picked={picked} name={t('stop-name', { rank: stop.rank })} />
      <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={onToggle}>
        <span className="analysis-rank">{stop.rank}</span>
        <span>
          <strong>{format.number(stop.expected, 2)}</strong> <span className="muted">{t('expected')}</span>
          {stop.busyPlace && <span className="analysis-busy"> ▲ {t('busy')}</span>}
        </span>
        <span className="muted nowrap">
          {isOfHour
            ? t('hour.of-hour')
            : t('range', { low: format.number(stop.low), high: format.number(stop.high) })}
        </span>
      </button>
      {isOpen && (
        <div id={id} className="analysis-why">
          <Why stop={stop} shift={shift} timeZone={timeZone} />
        </div>
      )}
    </li>
  )
}

function Why({ stop, shift, timeZone }: { stop: KeptStop; shift: ShiftShown; timeZone: string }) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const typeName = useTypeName()
  return (
    <>
      {stop.busyPlace && <p className="analysis-warning">{t('busy-why')}</p>}
      <h3>{t('why.memory')}</h3>
      <ul className="analysis-shares">
        {stop.memory.slice(0, SHOWN_MEMORIES).map((memory) => (
          <li key={`${memory.kind}-${memory.timeConstantDays}-${memory.spreadMetres}`}>
            <span>
              {t(`memory.${memory.kind}`, {
                days: format.number(memory.timeConstantDays),
                metres: format.number(memory.spreadMetres),
              })}
            </span>
            <Share of={memory.share} />
          </li>
        ))}
      </ul>
      <h3>{t('why.incidents')}</h3>
      {stop.incidents.length === 0 ? (
        <p className="muted">{t('why.none-here')}</p>
      ) : (
        <ul className="analysis-shares">
          {stop.incidents.map((incident, position) => (
            <li key={position}>
              <span>
                <span className="nowrap">{incident.clock.replace('T', ' ')}</span>{' '}
                {typeName(incident.category)}
              </span>
              <Share of={incident.share} />
            </li>
          ))}
        </ul>
      )}
      <h3>{t('why.rhythm')}</h3>
      <RhythmChart rhythm={stop.rhythm} shift={shift} timeZone={timeZone} />
      <p className="faint mono">
        {stop.position.lat.toFixed(5)}, {stop.position.lon.toFixed(5)}
      </p>
    </>
  )
}

function Share({ of }: { of: number }) {
  const format = useFormat()
  return (
    <span className="analysis-share">
      <span aria-hidden style={{ width: `${Math.min(100, of * 100)}%` }} />
      <span>{format.percent(of)}</span>
    </span>
  )
}
