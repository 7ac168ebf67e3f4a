import { Segmented } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { fitTo, MapView, type MapHandle } from '../../../foundation/ui/map/map-view.tsx'
import type { MoveShown, SyncFigures, SyncSetting, SyncSurface } from '../core/index.ts'
import { hoursText } from './hours-text.ts'
import { SyncHours } from './sync-hours.tsx'
import { MODES, SyncLayer, type Mode } from './sync-layer.tsx'
import { MisfitList, MovesList } from './sync-moves.tsx'

/** All hours of the day together. */
const WHOLE_DAY = -1

/** Map, hours and moves: a chosen hour or move shows in all of them. */
export function SyncStage({
  figures,
  surface,
  setting,
}: {
  figures: SyncFigures
  surface: SyncSurface
  setting: SyncSetting
}) {
  const { t } = useTranslation('patrol')
  const [hour, setHour] = useState(WHOLE_DAY)
  const [mode, setMode] = useState<Mode>('difference')
  const [move, setMove] = useState<MoveShown | null>(null)
  const map = useRef<MapHandle | null>(null)
  const fit = () => map.current && fitTo(map.current.map, surface.cells)
  const step = (by: number) => setHour(Math.min(23, Math.max(WHOLE_DAY, hour + by)))
  const hourText = hour === WHOLE_DAY ? t('sync.whole-day-hours') : hoursText(hour)
  const isHidden = hour !== WHOLE_DAY && surface.hiddenHours.includes(hour)

  const group = 'patrol:sync.keys.group'
  useShortcuts([
    { keys: ']', label: 'patrol:sync.keys.later', group, run: () => step(1) },
    { keys: '[', label: 'patrol:sync.keys.earlier', group, run: () => step(-1) },
    {
      keys: 'm',
      label: 'patrol:sync.keys.mode',
      group,
      run: () => setMode(MODES[(MODES.indexOf(mode) + 1) % MODES.length]!),
    },
    { keys: 'f', label: 'patrol:sync.keys.fit', group, run: () => void fit() },
    { keys: 'escape', label: 'patrol:sync.keys.clear', group, run: () => setMove(null) },
  ])
  const choose = (chosen: MoveShown | null) => {
    setMove(chosen)
    if (chosen) setHour(chosen.to.hour)
  }

  return (
    <>
      <div className="sync-middle">
        <div className="sync-controls">
          <Segmented
            aria-label={t('sync.mode.label')}
            value={mode}
            options={MODES.map((value) => ({ value, label: t(`sync.mode.${value}`) }))}
            onChange={setMode}
          />
          <label className="sync-hour">
            {t('sync.hour')} <strong>{hourText}</strong>
            <input
              type="range"
              min={WHOLE_DAY}
              max={23}
              step={1}
              value={hour}
              aria-valuetext={hourText}
              onChange={(event) => setHour(Number(event.target.value))}
            />
          </label>
        </div>
        {isHidden && mode !== 'risk' && mode !== 'better' && (
          <p className="sync-warning" role="status">
            <span aria-hidden>▲</span> {t('sync.hidden', { units: setting.leastUnits })}
          </p>
        )}
        <div className="sync-map">
          <MapView
            label={t('sync.map')}
            over={<Legend mode={mode} rest={surface.rest.cells} />}
            onReady={(handle) => {
              map.current = handle
              fit()
            }}
          >
            <SyncLayer surface={surface} hours={hour === WHOLE_DAY ? null : hour} mode={mode} move={move} />
          </MapView>
        </div>
      </div>
      <section className="sync-right">
        <MovesList figures={figures} setting={setting} chosen={move} onChoose={choose} />
        <SyncHours hours={figures.hours} hour={hour} onHour={setHour} />
        <MisfitList figures={figures} />
      </section>
    </>
  )
}

function Legend({ mode, rest }: { mode: Mode; rest: number }) {
  const { t } = useTranslation('patrol')
  return (
    <div className="sync-legend">
      {mode === 'difference' ? (
        <>
          <span data-tone="lack">
            <i aria-hidden /> − {t('sync.legend.lack')}
          </span>
          <span data-tone="more">
            <i aria-hidden /> + {t('sync.legend.more')}
          </span>
        </>
      ) : (
        <span data-tone={mode}>
          <i aria-hidden /> {t(`sync.legend.${mode}`)}
        </span>
      )}
      {rest > 0 && <span className="muted">{t('sync.legend.rest', { cells: rest })}</span>}
    </div>
  )
}
