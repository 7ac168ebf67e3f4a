import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { Failure } from '../../../../foundation/ui/states/states.tsx'
import { useOfficerWords } from '../roster-words.ts'
import { myRosterQuery, swapsQuery, type SwapRow } from './mine-api.ts'
import { useMyWords } from './my-words.ts'

/** Somebody offers a swap: what one would work and what they would, and two buttons. */
export function SwapToAnswer({ swap }: { swap: SwapRow }) {
  const { t } = useTranslation('roster')
  const words = useMyWords()
  const officer = useOfficerWords()(swap.from.officerId)
  const answer = useCommand<'accept' | 'refuse', unknown>({
    run: (verb, idempotencyKey) =>
      api.post(`/api/roster-swaps/${swap.id}/${verb}`, {}, { idempotencyKey, ifMatch: swap.version }),
    refresh: [swapsQuery.queryKey, myRosterQuery.queryKey],
    failed: () => true,
  })
  return (
    <section className="mine-card" data-tone="info" aria-label={t('swap.asked')}>
      <p>
        <b>{t('swap.asked')}</b> {officer.name ?? officer.badge}
      </p>
      <p>
        {t('swap.their-day', { date: words.date(swap.from.date) })} ⇄{' '}
        {t('swap.your-day', { date: words.date(swap.with.date) })}
      </p>
      {answer.error != null && <Failure error={answer.error} />}
      <div className="mine-asks">
        <Button
          type="primary"
          size="large"
          loading={answer.isPending}
          onClick={() => answer.mutate('accept')}
        >
          {t('swap.accept')}
        </Button>
        <Button size="large" loading={answer.isPending} onClick={() => answer.mutate('refuse')}>
          {t('swap.refuse')}
        </Button>
      </div>
      <p className="muted">{t('swap.then-chief')}</p>
    </section>
  )
}
