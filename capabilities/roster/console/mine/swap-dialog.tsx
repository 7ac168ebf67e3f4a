import { useQuery } from '@tanstack/react-query'
import { Modal } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { problemOf } from '../../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { addDays } from '../../../../foundation/core/day.ts'
import { Empty, Failure, Loading } from '../../../../foundation/ui/states/states.tsx'
import type { RosterBreach, RosterGround } from '../../core/index.ts'
import { cellsOf, groundQuery, rosterQuery, type RosterRow } from '../roster-api.ts'
import { useRosterWords } from '../roster-words.ts'
import { swapsQuery, type MyDay } from './mine-api.ts'
import { swapPartners } from './swap-partners.ts'

/** Offers one's own day: to whom, and for which day of theirs. */
export function SwapDialog({
  day,
  officerId,
  onClose,
}: {
  day: MyDay
  officerId: string
  onClose: () => void
}) {
  const { t } = useTranslation('roster')
  const roster = useQuery(rosterQuery(day.rosterId))
  const ground = useQuery(groundQuery(day.rosterId))
  const error = roster.error ?? ground.error
  if (roster.data && ground.data)
    return (
      <Offer day={day} officerId={officerId} roster={roster.data} ground={ground.data} onClose={onClose} />
    )
  return (
    <Modal open title={t('swap.title')} onCancel={onClose} footer={null}>
      {error ? <Failure error={error} retry={() => void ground.refetch()} /> : <Loading rows={5} />}
    </Modal>
  )
}

function Offer({
  day,
  officerId,
  roster,
  ground,
  onClose,
}: {
  day: MyDay
  officerId: string
  roster: RosterRow
  ground: RosterGround
  onClose: () => void
}) {
  const { t } = useTranslation('roster')
  const words = useRosterWords(ground)
  const [date, setDate] = useState(day.date)
  const [other, setOther] = useState<string | null>(null)
  const cells = useMemo(() => cellsOf(roster, ground), [roster, ground])
  const partners = useMemo(
    () => swapPartners(ground, cells, { officerId, date: day.date }, date),
    [ground, cells, officerId, day.date, date],
  )
  const offer = useCommand<{ withOfficerId: string; withDate: string }, unknown>({
    run: (input, idempotencyKey) =>
      api.post('/api/roster-swaps', { fromDate: day.date, ...input }, { idempotencyKey }),
    refresh: [swapsQuery.queryKey],
    done: onClose,
    failed: () => true,
  })
  const breaches = problemOf(offer.error).detail?.['breaches'] as readonly RosterBreach[] | undefined
  return (
    <Modal
      open
      title={t('swap.title')}
      onCancel={onClose}
      okText={t('swap.offer')}
      cancelText={t('ui:action.cancel')}
      okButtonProps={{ disabled: other === null, loading: offer.isPending }}
      onOk={() => other !== null && offer.mutate({ withOfficerId: other, withDate: date })}
    >
      <p>
        {t('swap.give')} <b>{words.date(day.date)}</b> {words.option(day.option)}
      </p>
      <label className="swap-date">
        {t('swap.for')}
        <select value={date} onChange={(event) => (setDate(event.target.value), setOther(null))}>
          {Array.from({ length: ground.days }, (_, offset) => addDays(ground.fromDate, offset))
            .filter((each) => each >= day.date || each === date)
            .map((each) => (
              <option key={each} value={each}>
                {words.date(each)}
              </option>
            ))}
        </select>
      </label>
      {offer.error != null && (
        <>
          <Failure error={offer.error} />
          {breaches && (
            <ul className="sick-gap">
              {breaches.map((breach) => (
                <li key={JSON.stringify(breach)}>
                  <code>{breach.rule}</code> {words.breach(breach)}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      {partners.length === 0 ? (
        <Empty text={t('swap.nobody')} />
      ) : (
        <div className="swap-partners" role="radiogroup" aria-label={t('swap.with')}>
          {partners.map((partner) => (
            <button
              key={partner.officerId}
              type="button"
              role="radio"
              aria-checked={other === partner.officerId}
              onClick={() => setOther(partner.officerId)}
            >
              <b>{words.officer(partner.officerId)}</b>
              <small>{words.option(partner.key)}</small>
              {partner.breaks > 0 && <em>{t('editor.breaks', { count: partner.breaks })}</em>}
            </button>
          ))}
        </div>
      )}
    </Modal>
  )
}
