import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { live } from '../../../foundation/ui/live/live.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty, Loading, Shown } from '../../../foundation/ui/states/states.tsx'
import { groundQuery, rosterQuery, rostersQuery, type RosterHead } from './roster-api.ts'
import { DayView } from './day/day-view.tsx'
import { NewRosterDialog } from './panels/new-roster-dialog.tsx'
import { RosterDesk } from './roster-desk.tsx'
import { chooseRoster, firstMonth, monthAfter, monthOf, rostersOf } from './roster-choice.ts'
import { useToday } from './today.ts'
import './roster.css'

export interface RosterSearch {
  readonly roster?: string
  /** The day whose posts are shown; absent: the month. */
  readonly day?: string
}

/** The month of every station: who works what on which day, changed by hand or by the solver, published. */
export function RosterPage() {
  const queries = useQueryClient()
  const rosters = useQuery(rostersQuery)
  const today = useToday()
  useEffect(
    () =>
      live.listen({
        event({ topic, subjectId }) {
          if (topic === 'roster.solving' || !topic.startsWith('roster.')) return
          void queries.invalidateQueries({ queryKey: rostersQuery.queryKey, exact: true })
          void queries.invalidateQueries({ queryKey: ['rosters', subjectId] })
        },
      }),
    [queries],
  )
  return (
    <div className="page roster">
      <Shown query={rosters} rows={14}>
        {(list) => (today === null ? <Loading rows={14} /> : <Choosing rosters={list} today={today} />)}
      </Shown>
    </div>
  )
}

function Choosing({ rosters, today }: { rosters: readonly RosterHead[]; today: string }) {
  const { t } = useTranslation('roster')
  const may = useMay()
  const navigate = useNavigate()
  const search: RosterSearch = useSearch({ strict: false })
  const asked = rosters.find(({ id }) => id === search.roster)
  const [month, setMonth] = useState(() => (asked ? monthOf(asked.fromDate) : firstMonth(rosters, today)))
  const [isMaking, setMaking] = useState(false)
  const here = rostersOf(rosters, month)
  const head = asked && here.includes(asked) ? asked : chooseRoster(here)
  const show = (next: RosterSearch) =>
    void navigate({ to: '/roster', search: next as never, replace: next.roster === search.roster })
  const toMonth = (next: string) => {
    setMonth(next)
    show({})
  }
  const mayMake = may('roster.make')
  const switcher = (
    <div className="roster-switch">
      <Button size="small" aria-label={t('page.month-before')} onClick={() => toMonth(monthAfter(month, -1))}>
        ‹
      </Button>
      <strong>{t('page.month', { year: month.slice(0, 4), month: Number(month.slice(5)) })}</strong>
      <Button size="small" aria-label={t('page.month-after')} onClick={() => toMonth(monthAfter(month, 1))}>
        ›
      </Button>
      {month !== today.slice(0, 7) && (
        <Button size="small" type="link" onClick={() => toMonth(today.slice(0, 7))}>
          {t('page.this-month')}
        </Button>
      )}
      {here.length > 0 && (
        <select
          aria-label={t('page.roster')}
          value={head?.id}
          onChange={(event) => show({ roster: event.target.value })}
        >
          {here.map((roster) => (
            <option key={roster.id} value={roster.id}>
              {`${roster.number} ${t(`state.${roster.state}`)}${roster.title ? ` ${roster.title}` : ''}`}
            </option>
          ))}
        </select>
      )}
      {mayMake && (
        <Button size="small" onClick={() => setMaking(true)}>
          {t('new.button')}
        </Button>
      )}
    </div>
  )
  return (
    <>
      {head ? (
        <RosterOf
          key={head.id}
          head={head}
          rosters={rosters}
          today={today}
          switcher={switcher}
          day={search.day ?? null}
          onDay={(day) => show({ roster: head.id, ...(day === null ? {} : { day }) })}
        />
      ) : (
        <>
          <div className="page-head roster-head">
            <h1>{t('page.title')}</h1>
            {switcher}
          </div>
          <Empty
            text={t(mayMake ? 'page.none-make' : 'page.none')}
            action={
              mayMake && (
                <Button type="primary" onClick={() => setMaking(true)}>
                  {t('new.button')}
                </Button>
              )
            }
          />
        </>
      )}
      {isMaking && (
        <NewRosterDialog
          fromDate={`${month}-01`}
          days={new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate()}
          rosters={rosters.filter(({ state }) => state !== 'withdrawn')}
          onClose={() => setMaking(false)}
          onMade={(roster) => {
            setMaking(false)
            setMonth(monthOf(roster.fromDate))
            show({ roster: roster.id })
          }}
        />
      )}
    </>
  )
}

function RosterOf({
  head,
  rosters,
  today,
  switcher,
  day,
  onDay,
}: {
  head: RosterHead
  rosters: readonly RosterHead[]
  today: string
  switcher: React.ReactNode
  day: string | null
  onDay: (day: string | null) => void
}) {
  const { t } = useTranslation('roster')
  const roster = useQuery(rosterQuery(head.id))
  const ground = useQuery(groundQuery(head.id))
  const both = {
    data: roster.data && ground.data ? { roster: roster.data, ground: ground.data } : undefined,
    error: roster.error ?? ground.error,
    isPending: roster.isPending || ground.isPending,
    dataUpdatedAt: Math.min(roster.dataUpdatedAt, ground.dataUpdatedAt),
    refetch() {
      void roster.refetch()
      void ground.refetch()
    },
  }
  return both.data ? (
    <Shown query={both}>
      {(data) =>
        day !== null ? (
          <DayView {...data} date={day} today={today} switcher={switcher} onDay={onDay} />
        ) : (
          <RosterDesk {...data} rosters={rosters} today={today} switcher={switcher} onDay={onDay} />
        )
      }
    </Shown>
  ) : (
    <>
      <div className="page-head roster-head">
        <h1>{t('page.title')}</h1>
        {switcher}
      </div>
      <Shown query={both} rows={14}>
        {() => null}
      </Shown>
    </>
  )
}
