import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addDays, daysBetween } from '../../../../foundation/core/day.ts'
import { useMay, useMayFor } from '../../../../foundation/ui/session/session.tsx'
import { useStore } from '../../../../foundation/ui/store/store.ts'
import { Empty, Failure } from '../../../../foundation/ui/states/states.tsx'
import { openGround, type RosterGround } from '../../core/index.ts'
import { cellsOf, type RosterRow } from '../roster-api.ts'
import { namesChoice, useRosterWords, type RosterWords } from '../roster-words.ts'
import { RollCallDialog } from './attendance-dialog.tsx'
import { sickCallsQuery, type SickCallRow } from './day-api.ts'
import { dayHours, dayPosts, type PostOfDay, type StationOfDay } from './day-posts.ts'
import { HoursStrip } from './hours-strip.tsx'
import { SickCallDialog } from './sick-call-dialog.tsx'
import './day.css'

/** One date: which post has whom in which hours, who was there, and who takes the place of one who cannot come. */
export function DayView({
  roster,
  ground,
  date,
  today,
  switcher,
  onDay,
}: {
  roster: RosterRow
  ground: RosterGround
  date: string
  today: string
  switcher: React.ReactNode
  onDay: (day: string | null) => void
}) {
  const { t } = useTranslation('roster')
  const may = useMay()
  const mayFor = useMayFor()
  const words = useRosterWords(ground)
  const open = useMemo(() => openGround(ground), [ground])
  const cells = useMemo(() => cellsOf(roster, ground), [roster, ground])
  const [calling, setCalling] = useState<string | null>(null)
  const [sick, setSick] = useState<{ officerId: string } | { call: SickCallRow } | null>(null)
  const areNamesShown = useStore(namesChoice)
  const isPublished = roster.roster.state === 'published'
  const calls = useQuery({ ...sickCallsQuery(date), enabled: isPublished && may('roster.cover') })
  const day = daysBetween(ground.fromDate, date)
  const isWithin = day >= 0 && day < ground.days
  return (
    <>
      <div className="page-head roster-head">
        <h1>{t('day.title')}</h1>
        {switcher}
        <div className="roster-switch">
          <Button
            size="small"
            aria-label={t('day.before')}
            disabled={day <= 0}
            onClick={() => onDay(addDays(date, -1))}
          >
            ‹
          </Button>
          <strong>{words.date(date)}</strong>
          <Button
            size="small"
            aria-label={t('day.after')}
            disabled={day >= ground.days - 1}
            onClick={() => onDay(addDays(date, 1))}
          >
            ›
          </Button>
          {date !== today && daysBetween(ground.fromDate, today) >= 0 && (
            <Button size="small" type="link" onClick={() => onDay(today)}>
              {t('day.today')}
            </Button>
          )}
        </div>
        <span className="push roster-actions">
          {may('force.read-persons') && (
            <Button size="small" onClick={() => namesChoice.set(!areNamesShown)}>
              {t(areNamesShown ? 'page.hide-names' : 'page.show-names')}
            </Button>
          )}
          <Button size="small" onClick={() => window.print()}>
            {t('page.print')}
          </Button>
          <Button size="small" type="primary" onClick={() => onDay(null)}>
            {t('day.month')}
          </Button>
        </span>
      </div>
      {!isWithin ? (
        <Empty text={t('day.outside')} />
      ) : (
        <div className="day-view">
          <h2 className="day-print-head">
            {words.date(date)} {t('print.title', { number: roster.roster.number })}
          </h2>
          <HoursStrip hours={dayHours(open, cells, day)} />
          {calls.error != null && <Failure error={calls.error} retry={() => void calls.refetch()} />}
          <SickCalls calls={calls.data ?? []} words={words} onOpen={(call) => setSick({ call })} />
          {dayPosts(open, cells, day).map((station) => (
            <Station
              key={station.organisationId}
              station={station}
              ground={ground}
              words={words}
              // Who cannot come is entered for days that are not over, by whoever may fill the place.
              onSick={
                isPublished && date >= today && mayFor('roster.cover', station.organisationId)
                  ? (officerId) => setSick({ officerId })
                  : null
              }
              onCall={
                isPublished && date <= today && mayFor('roster.read-attendance', station.organisationId)
                  ? () => setCalling(station.organisationId)
                  : null
              }
            />
          ))}
        </div>
      )}
      {calling && (
        <RollCallDialog
          date={date}
          organisationId={calling}
          words={words}
          readOnly={!mayFor('roster.call-roll', calling)}
          onClose={() => setCalling(null)}
        />
      )}
      {sick && (
        <SickCallDialog
          key={'call' in sick ? sick.call.id : sick.officerId}
          of={sick}
          date={date}
          words={words}
          onClose={() => setSick(null)}
        />
      )}
    </>
  )
}

function SickCalls({
  calls,
  words,
  onOpen,
}: {
  calls: readonly SickCallRow[]
  words: RosterWords
  onOpen: (call: SickCallRow) => void
}) {
  const { t } = useTranslation('roster')
  if (calls.length === 0) return null
  return (
    <section className="panel day-sick" aria-label={t('sick.list')}>
      <ul>
        {calls.map((call) => (
          <li key={call.id} data-state={call.state}>
            <b>{t(`sick.state.${call.state}`)}</b>
            <span>
              {t('sick.line', { officer: words.officer(call.officerId), duty: words.option(call.duty) })}
              {call.replacementOfficerId !== null &&
                ` ${t('sick.by', { officer: words.officer(call.replacementOfficerId) })}`}
            </span>
            {call.state !== 'covered' && (
              <Button size="small" onClick={() => onOpen(call)}>
                {t('sick.find')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Station({
  station,
  ground,
  words,
  onSick,
  onCall,
}: {
  station: StationOfDay
  ground: RosterGround
  words: RosterWords
  onSick: ((officerId: string) => void) | null
  onCall: (() => void) | null
}) {
  const { t } = useTranslation('roster')
  return (
    <section className="panel day-station" aria-label={words.organisation(station.organisationId)}>
      <div className="panel-head">
        <h2>{words.organisation(station.organisationId)}</h2>
        <span className="muted">{t('day.on-duty', { count: station.onDuty })}</span>
        {onCall && (
          <Button className="push" size="small" onClick={onCall}>
            {t('attendance.button')}
          </Button>
        )}
      </div>
      <div className="day-posts" role="table" aria-label={t('day.posts')}>
        {station.posts.map((post) => (
          <PostLine key={post.key} post={post} ground={ground} words={words} onSick={onSick} />
        ))}
        {station.posts.length === 0 && <p className="muted">{t('day.nobody')}</p>}
      </div>
      {station.away.length > 0 && (
        <p className="day-away">
          {t('day.away')}
          {station.away.map(({ officer, kind }) => (
            <span key={officer} className="day-person" data-kind={kind}>
              {words.officer(ground.officers[officer]!.id)} <small>{t(`mark.${kind}`)}</small>
            </span>
          ))}
        </p>
      )}
    </section>
  )
}

function PostLine({
  post,
  ground,
  words,
  onSick,
}: {
  post: PostOfDay
  ground: RosterGround
  words: RosterWords
  onSick: ((officerId: string) => void) | null
}) {
  const { t } = useTranslation('roster')
  const { look } = words.cell(post.key)
  return (
    <div role="row" className="day-post">
      <div role="rowheader" className="cell day-mark" data-tone={look.tone}>
        {look.drawName
          ? words.language === 'en'
            ? look.drawName.en
            : look.drawName.zh
          : words.of(look.post)}
      </div>
      <div role="cell" className="day-hours">
        <span>{words.of(look.shift)}</span>
        <small>{words.hours(look)}</small>
        {look.shift && (
          <i aria-hidden>
            <b
              data-tone={look.tone}
              style={{
                left: `${(look.shift.startMinute / 2160) * 100}%`,
                width: `${(Math.min(look.shift.lengthMinutes, 2160 - look.shift.startMinute) / 2160) * 100}%`,
              }}
            />
          </i>
        )}
      </div>
      <div role="cell" className="day-people">
        {post.officers.map((officer) => {
          const who = ground.officers[officer]!
          const name = words.officer(who.id)
          const mark = who.sworn ? '' : <small>{t('officer.auxiliary')}</small>
          return onSick ? (
            <button
              key={who.id}
              type="button"
              className="day-person"
              title={t('sick.cannot', { officer: name })}
              aria-label={t('sick.cannot', { officer: name })}
              onClick={() => onSick(who.id)}
            >
              {name} {mark}
            </button>
          ) : (
            <span key={who.id} className="day-person">
              {name} {mark}
            </span>
          )
        })}
        {post.missing > 0 && <em>{t('day.missing', { count: post.missing })}</em>}
      </div>
    </div>
  )
}
