import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { fitTo, MapView, type MapHandle } from '../../../foundation/ui/map/map-view.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { Empty } from '../../../foundation/ui/states/states.tsx'
import type { RunRow, ShiftShown } from './analysis-api.ts'
import { StopRow } from './stop-row.tsx'
import { StopsLayer } from './stops-layer.tsx'

/** Shift, stops and map move together; what is beside the plan comes as children. */
export function PlanStage({
  run,
  shifts,
  children,
}: {
  run: RunRow
  shifts: readonly ShiftShown[]
  children: ReactNode
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const [shift, setShift] = useState(() => currentShift(shifts))
  const [rank, setRank] = useState<number | null>(null)
  const plan = shifts[shift]!
  const { stops } = plan
  const map = useRef<MapHandle | null>(null)
  const fit = () =>
    map.current &&
    fitTo(
      map.current.map,
      stops.map(({ position }) => position),
    )

  const stepShift = (by: number) => setShift(Math.min(shifts.length - 1, Math.max(0, shift + by)))
  const stepStop = (by: number) => {
    const next = rank === null ? (by > 0 ? 1 : stops.length) : rank + by
    if (next >= 1 && next <= stops.length) setRank(next)
  }
  const group = 'analysis:keys.group'
  useShortcuts([
    { keys: 'j', label: 'analysis:keys.next', group, run: () => stepStop(1) },
    { keys: 'k', label: 'analysis:keys.previous', group, run: () => stepStop(-1) },
    { keys: ']', label: 'analysis:keys.later', group, run: () => stepShift(1) },
    { keys: '[', label: 'analysis:keys.earlier', group, run: () => stepShift(-1) },
    { keys: 'f', label: 'analysis:keys.fit', group, run: () => void fit() },
    { keys: 'escape', label: 'analysis:keys.clear', group, run: () => setRank(null) },
  ])
  const hours = ({ fromAt, untilAt }: ShiftShown) =>
    `${format.clock(fromAt).slice(0, 5)}–${format.clock(untilAt).slice(0, 5)}`

  return (
    <div className="analysis-stage">
      <section className="analysis-list" aria-label={t('stops')}>
        <div className="analysis-shift">
          <label htmlFor="analysis-shift">
            {t('shift')} <strong>{hours(plan)}</strong>{' '}
            <span className="muted">{format.short(plan.fromAt)}</span>
          </label>
          <input
            id="analysis-shift"
            type="range"
            min={0}
            max={shifts.length - 1}
            step={1}
            value={shift}
            aria-valuetext={hours(plan)}
            onChange={(event) => setShift(Number(event.target.value))}
          />
          <div className="analysis-ticks" aria-hidden>
            {shifts.map((each, position) => (
              <span key={each.fromAt} data-current={position === shift}>
                {hours(each)}
              </span>
            ))}
          </div>
          <p className="muted">
            {t('sum', {
              stops: stops.length,
              expected: format.number(plan.expected, 1),
              low: format.number(plan.low),
              high: format.number(plan.high),
            })}
          </p>
        </div>
        {stops.length === 0 ? (
          <Empty text={t('empty.no-stops')} />
        ) : (
          <ol className="analysis-stops">
            {stops.map((stop) => (
              <StopRow
                key={stop.rank}
                stop={stop}
                shift={plan}
                timeZone={run.parameters.timeZone}
                isOpen={stop.rank === rank}
                onToggle={() => setRank(stop.rank === rank ? null : stop.rank)}
              />
            ))}
          </ol>
        )}
      </section>
      <div className="analysis-map">
        <MapView
          label={t('map')}
          onReady={(handle) => {
            map.current = handle
            fit()
          }}
        >
          <StopsLayer
            stops={stops}
            radiusMetres={run.parameters.discRadiusMetres}
            selectedRank={rank}
            onSelect={setRank}
          />
        </MapView>
      </div>
      <aside className="analysis-beside">
        <p className="analysis-day">
          {t('planned', {
            day: run.day,
            at: format.moment(run.startedAt),
            by: run.cause === 'manual' ? run.accountName : t('by-itself'),
          })}
        </p>
        {children}
      </aside>
    </div>
  )
}

/** The shift under way, else the next to come. */
function currentShift(shifts: readonly ShiftShown[]): number {
  const now = serverNow()
  const next = shifts.findIndex(({ untilAt }) => Date.parse(untilAt) > now)
  return next < 0 ? shifts.length - 1 : next
}
