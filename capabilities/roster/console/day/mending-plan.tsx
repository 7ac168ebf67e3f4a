import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { Shown } from '../../../../foundation/ui/states/states.tsx'
import type { RosterWords } from '../roster-words.ts'
import type { MendingPlan as Plan, SickCallRow } from './day-api.ts'

/** What covering sends when more than one day changes. */
export interface MendingCover {
  readonly officerId: string
  readonly alongside: readonly {
    readonly officerId: string
    readonly date: string
    readonly option: string
  }[]
}

/** The way out that changes the fewest days, worked out when asked for, to be taken as a whole. */
export function MendingPlan({
  call,
  words,
  isSending,
  onTake,
}: {
  call: SickCallRow
  words: RosterWords
  isSending: boolean
  onTake: (cover: MendingCover) => void
}) {
  const { t } = useTranslation('roster')
  const [isAsked, setAsked] = useState(false)
  const plan = useQuery({
    queryKey: ['sick-calls', call.id, 'mending'],
    queryFn: ({ signal }) => api.get<{ plan: Plan | null }>(`/api/sick-calls/${call.id}/mending`, {}, signal),
    enabled: isAsked,
  })
  if (!isAsked)
    return (
      <div className="sick-mend">
        <Button onClick={() => setAsked(true)}>{t('sick.mend')}</Button>
      </div>
    )
  return (
    <section className="sick-mend" aria-label={t('sick.mend')} aria-live="polite">
      <Shown query={plan} rows={2}>
        {({ plan: found }) => (
          <Found plan={found} call={call} words={words} isSending={isSending} onTake={onTake} />
        )}
      </Shown>
    </section>
  )
}

function Found({
  plan,
  call,
  words,
  isSending,
  onTake,
}: {
  plan: Plan | null
  call: SickCallRow
  words: RosterWords
  isSending: boolean
  onTake: (cover: MendingCover) => void
}) {
  const { t } = useTranslation('roster')
  if (!plan || plan.breaches.length > 0) return <p>{t('sick.mend-none')}</p>
  if (plan.changes.length === 0) return <p className="solve-kept">✓ {t('sick.mend-nobody')}</p>
  const { officerId } = plan
  const isCover = (one: Plan['changes'][number]) => one.officerId === officerId && one.date === call.date
  return (
    <>
      <p>{t('sick.mend-lead')}</p>
      <ul>
        {plan.changes.map((one) => (
          <li key={`${one.officerId} ${one.date}`}>
            {t('sick.mend-line', {
              officer: words.officer(one.officerId),
              date: words.date(one.date),
              was: words.option(one.was),
              becomes: words.option(one.becomes),
            })}
          </li>
        ))}
      </ul>
      {officerId !== null && (
        <Button
          loading={isSending}
          onClick={() =>
            onTake({
              officerId,
              alongside: plan.changes
                .filter((one) => !isCover(one))
                .map(({ officerId: who, date, becomes }) => ({ officerId: who, date, option: becomes })),
            })
          }
        >
          {t('sick.mend-apply')}
        </Button>
      )}
    </>
  )
}
