import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { MisfitShown, MoveShown, Place, SyncFigures, SyncSetting } from '../core/index.ts'
import { hoursText } from './hours-text.ts'

/** What shows as more: half of a tenth of a point. */
const LEAST_GAIN = 0.0005

/** What the same hours could reach, and the ten moves that bring most. */
export function MovesList({
  figures,
  setting,
  chosen,
  onChoose,
}: {
  figures: SyncFigures
  setting: SyncSetting
  chosen: MoveShown | null
  onChoose: (move: MoveShown | null) => void
}) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const [kind, setKind] = useState<'places' | 'hours'>('hours')
  const moves = kind === 'hours' ? figures.hourMoves : figures.placeMoves
  const reached = kind === 'hours' ? figures.bestHours : figures.bestPlaces
  const all = moves.reduce((sum, { gain }) => sum + gain, 0)
  return (
    <section className="panel" aria-label={t('sync.moves.title')}>
      <div className="panel-head">
        <h2>{t('sync.moves.title')}</h2>
      </div>
      <div className="panel-body">
        <Segmented
          block
          aria-label={t('sync.moves.kind')}
          value={kind}
          options={(['hours', 'places'] as const).map((value) => ({
            value,
            label: t(`sync.moves.${value}`),
          }))}
          onChange={(value) => {
            setKind(value)
            onChoose(null)
          }}
        />
        <p>
          {reached - figures.overlap >= LEAST_GAIN
            ? t('sync.moves.reach', {
                now: format.percent(figures.overlap, 1),
                then: format.percent(reached, 1),
              })
            : t('sync.moves.no-better')}
        </p>
        {moves.length === 0 ? (
          <p className="muted">
            {t(reached - figures.overlap >= LEAST_GAIN ? 'sync.moves.too-thin' : 'sync.moves.none', {
              minutes: format.number(setting.visitMinutes),
            })}
          </p>
        ) : (
          <>
            <ol className="sync-moves">
              {moves.map((move, rank) => {
                const isChosen = chosen !== null && isSame(move, chosen)
                return (
                  <li key={rank}>
                    <button
                      type="button"
                      aria-pressed={isChosen}
                      onClick={() => onChoose(isChosen ? null : move)}
                    >
                      <span className="sync-gain">
                        {t('sync.moves.gain', { points: format.number(move.gain * 100, 2) })}
                      </span>
                      <span>
                        {t('sync.moves.from')} <PlaceName of={move.from.place} />{' '}
                        <span className="nowrap">{hoursText(move.from.hour)}</span>
                      </span>
                      <span>
                        {t('sync.moves.to')} <PlaceName of={move.to.place} />{' '}
                        <span className="nowrap">{hoursText(move.to.hour)}</span>
                      </span>
                      <span className="muted">
                        {t('sync.moves.visits', {
                          visits: format.number(move.visits),
                          minutes: format.number(move.visits * setting.visitMinutes),
                        })}
                      </span>
                    </button>
                  </li>
                )
              })}
            </ol>
            <p className="muted">{t('sync.moves.sum', { points: format.number(all * 100, 1) })}</p>
          </>
        )}
      </div>
    </section>
  )
}

/** The figures come anew every minute; a move stays chosen as long as it is among them. */
const isSame = (a: MoveShown, b: MoveShown) =>
  (['from', 'to'] as const).every(
    (end) =>
      a[end].hour === b[end].hour &&
      a[end].place.lon === b[end].place.lon &&
      a[end].place.lat === b[end].place.lat,
  )

/** Cells and hours with most too little and most too much. */
export function MisfitList({ figures }: { figures: SyncFigures }) {
  const { t } = useTranslation('patrol')
  return (
    <section className="panel" aria-label={t('sync.misfits.title')}>
      <div className="panel-head">
        <h2>{t('sync.misfits.title')}</h2>
      </div>
      <div className="panel-body">
        <Misfits title={`− ${t('sync.misfits.lack')}`} misfits={figures.tooLittle} />
        <Misfits title={`+ ${t('sync.misfits.more')}`} misfits={figures.tooMuch} />
      </div>
    </section>
  )
}

const SHOWN = 8

function Misfits({ title, misfits }: { title: string; misfits: readonly MisfitShown[] }) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  return (
    <>
      <h3>{title}</h3>
      {misfits.length === 0 ? (
        <p className="muted">{t('sync.misfits.none')}</p>
      ) : (
        <ol className="sync-misfits">
          {misfits.slice(0, SHOWN).map((each, rank) => (
            <li key={rank}>
              <span>
                <PlaceName of={each.place} /> <span className="nowrap muted">{hoursText(each.hour)}</span>
              </span>
              <span>{t('sync.misfits.points', { points: format.number(each.share * 100, 2) })}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  )
}

/** What is near, or where it is. */
function PlaceName({ of }: { of: Place }) {
  const { t } = useTranslation('patrol')
  return of.name === null ? (
    <span className="mono">
      {of.lat.toFixed(4)}, {of.lon.toFixed(4)}
    </span>
  ) : (
    <span>{t('sync.near', { name: of.name })}</span>
  )
}
