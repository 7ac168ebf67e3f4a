import { Button } from 'antd'
import type { QueryKey } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { useOfficerWords } from '../roster-words.ts'
import {
  absencesQuery,
  myRosterQuery,
  swapsQuery,
  wishesQuery,
  type AbsenceRow,
  type SwapRow,
  type WishRow,
} from './mine-api.ts'
import { myRequests } from './my-days.ts'
import { useMyWords } from './my-words.ts'

/** What one has asked for, and what became of it. */
export function MyRequests({
  officerId,
  today,
  absences,
  wishes,
  swaps,
}: {
  officerId: string
  today: string
  absences: readonly AbsenceRow[]
  wishes: readonly WishRow[]
  swaps: readonly SwapRow[]
}) {
  const { t } = useTranslation('roster')
  const words = useMyWords()
  const officerWords = useOfficerWords()
  const mine = myRequests(absences, swaps, officerId, today)
  const ofMe = wishes.filter((wish) => wish.officerId === officerId)
  if (mine.absences.length + mine.swaps.length + ofMe.length === 0) return null
  return (
    <section aria-label={t('mine.requests')}>
      <h2>{t('mine.requests')}</h2>
      <ul className="mine-requests">
        {mine.absences.map((absence) => (
          <li key={absence.id} data-state={absence.state}>
            <span>
              <b>{t(`leave.${absence.kind}`)}</b> {words.date(absence.fromDate)}
              {absence.untilDate !== absence.fromDate && ` – ${words.date(absence.untilDate)}`}
              {absence.decisionReason && <small>{absence.decisionReason}</small>}
            </span>
            <em>{t(`request.${absence.state}`)}</em>
            {(absence.state === 'requested' || absence.state === 'approved') && (
              <TakeBack
                label={t('mine.take-back')}
                run={(key) => api.post(`/api/absences/${absence.id}/withdraw`, {}, { idempotencyKey: key })}
                refresh={[absencesQuery.queryKey, myRosterQuery.queryKey]}
              />
            )}
          </li>
        ))}
        {mine.swaps.map((swap) => {
          const isFrom = swap.from.officerId === officerId
          const [own, other] = isFrom ? [swap.from, swap.with] : [swap.with, swap.from]
          const who = officerWords(other.officerId)
          return (
            <li key={swap.id} data-state={swap.state}>
              <span>
                <b>{t('swap.word')}</b> {words.date(own.date)} ⇄ {who.name ?? who.badge}{' '}
                {words.date(other.date)}
                {swap.reason && <small>{swap.reason}</small>}
              </span>
              <em>{t(`request.${swap.state}`)}</em>
              {isFrom && (swap.state === 'offered' || swap.state === 'accepted') && (
                <TakeBack
                  label={t('mine.take-back')}
                  run={(key) =>
                    api.post(`/api/roster-swaps/${swap.id}/withdraw`, {}, { idempotencyKey: key })
                  }
                  refresh={[swapsQuery.queryKey]}
                />
              )}
            </li>
          )
        })}
        {ofMe.map((wish) => (
          <li key={wish.date}>
            <span>
              <b>{t(wish.shift === null ? 'wish.off' : wish.isWanted ? 'wish.on' : 'wish.not')}</b>{' '}
              {words.date(wish.date)}
            </span>
            <TakeBack
              label={t('mine.take-back')}
              run={(key) => api.delete(`/api/roster-wishes/${wish.date}`, { idempotencyKey: key })}
              refresh={[wishesQuery.queryKey]}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

function TakeBack({
  label,
  run,
  refresh,
}: {
  label: string
  run: (idempotencyKey: string) => Promise<unknown>
  refresh: readonly QueryKey[]
}) {
  const command = useCommand<object, unknown>({ run: (_, key) => run(key), refresh })
  return (
    <Button size="small" loading={command.isPending} onClick={() => command.mutate({})}>
      {label}
    </Button>
  )
}
