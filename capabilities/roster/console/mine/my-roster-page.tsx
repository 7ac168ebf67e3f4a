import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { getDayNumber, weekdayOfDay } from '../../../../foundation/core/day.ts'
import { live } from '../../../../foundation/ui/live/live.ts'
import { Empty, Shown, Stale } from '../../../../foundation/ui/states/states.tsx'
import { AgeText, DurationText } from '../../../../foundation/ui/time/age-text.tsx'
import { useNow } from '../../../../foundation/ui/time/clock.ts'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import { CalendarCard } from './calendar-card.tsx'
import { LeaveDialog, WishDialog } from './ask-dialogs.tsx'
import {
  absencesQuery,
  myRosterQuery,
  swapsQuery,
  wishesQuery,
  type MyDay,
  type MyRoster,
} from './mine-api.ts'
import { myLines, nextDuty, swapsToAnswer, unread } from './my-days.ts'
import { MyRequests } from './my-requests.tsx'
import { SwapDialog } from './swap-dialog.tsx'
import { SwapToAnswer } from './swap-to-answer.tsx'
import { useMyWords } from './my-words.ts'
import '../roster.css'
import './mine.css'

/** Two readings missed. */
const OLD_MILLISECONDS = 11 * 60_000
const MOST_DAYS = 35
/** What becomes another when one of these is heard of. */
const TOPICS = ['roster.published', 'roster.changed', 'roster.withdrawn', 'absence.', 'roster-swap.']
const READ = [myRosterQuery, absencesQuery, wishesQuery, swapsQuery].map(({ queryKey }) => queryKey)

/** An officer's own duties, on a phone held in one hand: the next one first. */
export function MyRosterPage() {
  const { t } = useTranslation('roster')
  const query = useQuery(myRosterQuery)
  const queries = useQueryClient()
  useEffect(
    () =>
      live.listen({
        event({ topic }) {
          if (TOPICS.some((each) => topic.startsWith(each)))
            for (const queryKey of READ) void queries.invalidateQueries({ queryKey })
        },
      }),
    [queries],
  )
  const now = useNow()
  // Without a network nothing fails, nothing is asked: what is shown grows old all the same.
  const readAt = query.dataUpdatedAt + api.clockOffset.get()
  const isOld = query.dataUpdatedAt > 0 && !query.isError && now - readAt > OLD_MILLISECONDS
  return (
    <div className="mine">
      <div className="mine-head">
        <h1>{t('mine.title')}</h1>
        {query.dataUpdatedAt > 0 && (
          <span className="muted">
            {t('mine.read')} <AgeText at={readAt} />
          </span>
        )}
      </div>
      {isOld && <Stale at={readAt} retry={() => void query.refetch()} />}
      <Shown query={query} rows={10}>
        {(mine) =>
          mine.officerId === null ? (
            <Empty text={t('mine.no-officer')} />
          ) : (
            <Mine mine={mine} officerId={mine.officerId} now={now} />
          )
        }
      </Shown>
    </div>
  )
}

function Mine({ mine, officerId, now }: { mine: MyRoster; officerId: string; now: number }) {
  const { t } = useTranslation('roster')
  const words = useMyWords()
  const swaps = useQuery(swapsQuery)
  const absences = useQuery(absencesQuery)
  const wishes = useQuery(wishesQuery)
  const [asking, setAsking] = useState<'leave' | 'wish' | null>(null)
  const [swapping, setSwapping] = useState<MyDay | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const next = nextDuty(mine.days, now)
  const lines = myLines(mine, MOST_DAYS)
  return (
    <>
      {next ? (
        <NextDuty day={next.day} isOn={next.isOn} now={now} />
      ) : (
        <section className="mine-next" aria-label={t('mine.next')}>
          <p>{t('mine.none-next')}</p>
        </section>
      )}
      {unread(mine.rosters).map((roster) => (
        <Acknowledge key={roster.rosterId} roster={roster} />
      ))}
      {swapsToAnswer(swaps.data ?? [], officerId).map((swap) => (
        <SwapToAnswer key={swap.id} swap={swap} />
      ))}
      <div className="mine-asks">
        <Button size="large" onClick={() => setAsking('leave')}>
          {t('mine.ask-leave')}
        </Button>
        <Button size="large" onClick={() => setAsking('wish')}>
          {t('mine.ask-wish')}
        </Button>
      </div>
      <section aria-label={t('mine.days')}>
        <h2>{t('mine.days')}</h2>
        {lines.length === 0 ? (
          <Empty text={t('mine.none')} />
        ) : (
          <ul className="mine-days">
            {lines.map(({ date, day }) => (
              <li
                key={date}
                data-kind={day?.kind ?? 'off'}
                data-today={date === mine.today}
                data-weekend={weekdayOfDay(getDayNumber(date)) > 5}
              >
                <button
                  type="button"
                  disabled={day?.kind !== 'duty'}
                  aria-expanded={day?.kind === 'duty' ? chosen === date : undefined}
                  onClick={() => setChosen(chosen === date ? null : date)}
                >
                  <span className="mine-date">
                    <b>{Number(date.slice(8))}</b>
                    <small>
                      {date === mine.today
                        ? t('mine.today')
                        : t('mine.weekday', { weekday: t(`weekday.${weekdayOfDay(getDayNumber(date))}`) })}
                    </small>
                  </span>
                  <span className="mine-what">
                    <strong>{day ? words.place(day) : t('option.off')}</strong>
                    <small>{day ? words.hours(day) : ''}</small>
                  </span>
                  {day?.kind === 'duty' && <span aria-hidden>{chosen === date ? '▴' : '▾'}</span>}
                </button>
                {chosen === date && day?.kind === 'duty' && (
                  <div className="mine-actions">
                    <Button onClick={() => setSwapping(day)}>{t('mine.offer-swap')}</Button>
                    <CannotCome day={day} />
                  </div>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      <MyRequests
        officerId={officerId}
        today={mine.today}
        absences={absences.data ?? []}
        wishes={wishes.data ?? []}
        swaps={swaps.data ?? []}
      />
      <CalendarCard madeAt={mine.calendarMadeAt} />
      {asking === 'leave' && <LeaveDialog today={mine.today} onClose={() => setAsking(null)} />}
      {asking === 'wish' && <WishDialog today={mine.today} onClose={() => setAsking(null)} />}
      {swapping && <SwapDialog day={swapping} officerId={officerId} onClose={() => setSwapping(null)} />}
    </>
  )
}

function NextDuty({ day, isOn, now }: { day: MyDay; isOn: boolean; now: number }) {
  const { t } = useTranslation('roster')
  const format = useFormat()
  const words = useMyWords()
  const [startsAt, endsAt] = [Date.parse(day.startsAt!), Date.parse(day.endsAt!)]
  return (
    <section className="mine-next" data-on={isOn} aria-label={t('mine.next')}>
      <small>{t(isOn ? 'mine.on' : 'mine.next')}</small>
      <strong>{words.place(day)}</strong>
      <p>
        {words.date(day.date)}　{format.clock(startsAt).slice(0, 5)}–{format.clock(endsAt).slice(0, 5)}
        {format.short(startsAt).slice(0, 5) !== format.short(endsAt).slice(0, 5) && ` ${t('mine.next-day')}`}
      </p>
      <p className="mine-in">
        {isOn ? t('mine.left') : t('mine.begins-in')}{' '}
        <DurationText seconds={((isOn ? endsAt : startsAt) - now) / 1000} />
      </p>
    </section>
  )
}

function Acknowledge({ roster }: { roster: MyRoster['rosters'][number] }) {
  const { t } = useTranslation('roster')
  const acknowledge = useCommand<object, unknown>({
    run: (_, idempotencyKey) =>
      api.post(`/api/rosters/${roster.rosterId}/acknowledge`, {}, { idempotencyKey }),
    refresh: [myRosterQuery.queryKey],
  })
  return (
    <section className="mine-card" data-tone="warn" aria-label={t('mine.acknowledge')}>
      <p>
        <b>{t(roster.acknowledgedAt === null ? 'mine.new-roster' : 'mine.changed-roster')}</b> {roster.number}{' '}
        <span className="muted">{t('mine.from', { from: roster.fromDate, days: roster.days })}</span>
      </p>
      <Button
        type="primary"
        size="large"
        block
        loading={acknowledge.isPending}
        onClick={() => acknowledge.mutate({})}
      >
        {t('mine.acknowledge')}
      </Button>
    </section>
  )
}

/** Rings in for oneself: why is not asked. Pressed twice, so that a pocket does not do it. */
function CannotCome({ day }: { day: MyDay }) {
  const { t } = useTranslation('roster')
  const [isSure, setSure] = useState(false)
  const call = useCommand<object, unknown>({
    run: (_, idempotencyKey) => api.post('/api/sick-calls', { date: day.date }, { idempotencyKey }),
    refresh: [myRosterQuery.queryKey, absencesQuery.queryKey],
    done: () => setSure(false),
  })
  return (
    <Button danger loading={call.isPending} onClick={() => (isSure ? call.mutate({}) : setSure(true))}>
      {t(isSure ? 'mine.cannot-sure' : 'mine.cannot')}
    </Button>
  )
}
