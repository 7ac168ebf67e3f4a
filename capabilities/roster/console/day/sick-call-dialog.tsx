import { useQuery } from '@tanstack/react-query'
import { App, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { Empty, Failure, Shown } from '../../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import type { RosterWords } from '../roster-words.ts'
import { sickCallQuery, type SickCallAdvice, type SickCallRow } from './day-api.ts'
import { MendingPlan, type MendingCover } from './mending-plan.tsx'

/** Somebody cannot come: it is entered, and the three best to take the place stand there with their reasons. */
export function SickCallDialog({
  of,
  date,
  words,
  onClose,
}: {
  of: { readonly officerId: string } | { readonly call: SickCallRow }
  date: string
  words: RosterWords
  onClose: () => void
}) {
  const { t } = useTranslation('roster')
  const [made, setMade] = useState<SickCallAdvice | null>(null)
  const callId = made?.sickCall.id ?? ('call' in of ? of.call.id : null)
  const officerId = 'call' in of ? of.call.officerId : of.officerId
  const advice = useQuery({
    ...sickCallQuery(callId ?? ''),
    enabled: callId !== null,
    ...(made ? { initialData: made } : {}),
  })
  const call = useCommand<{ officerId: string; date: string }, SickCallAdvice>({
    run: (input, idempotencyKey) => api.post('/api/sick-calls', input, { idempotencyKey }),
    refresh: [['sick-calls'], ['rosters']],
    done: setMade,
    failed: () => true,
  })
  return (
    <Modal
      open
      width={640}
      title={t('sick.title', { officer: words.officer(officerId), date: words.date(date) })}
      onCancel={onClose}
      footer={null}
    >
      {callId === null ? (
        <>
          {call.error != null && <Failure error={call.error} />}
          <p>{t('sick.lead')}</p>
          <p className="muted">{t('sick.no-why')}</p>
          <Button
            type="primary"
            danger
            loading={call.isPending}
            onClick={() => call.mutate({ officerId, date })}
          >
            {t('sick.enter')}
          </Button>
        </>
      ) : (
        <Shown query={advice} rows={6}>
          {(data) => <Replacements advice={data} words={words} onClose={onClose} />}
        </Shown>
      )}
    </Modal>
  )
}

function Replacements({
  advice: { sickCall, gap, replacements },
  words,
  onClose,
}: {
  advice: SickCallAdvice
  words: RosterWords
  onClose: () => void
}) {
  const { t } = useTranslation('roster')
  const format = useFormat()
  const { message } = App.useApp()
  const [reason, setReason] = useState('')
  const cover = useCommand<
    {
      officerId: string | null
      reason?: string
      acceptBreaches?: boolean
      alongside?: MendingCover['alongside']
    },
    SickCallRow
  >({
    run: (input, idempotencyKey) =>
      api.post(`/api/sick-calls/${sickCall.id}/cover`, input, { idempotencyKey }),
    refresh: [['sick-calls'], ['rosters']],
    done({ replacementOfficerId }) {
      void message.success(
        replacementOfficerId === null
          ? t('sick.left-open')
          : t('sick.covered', { officer: words.officer(replacementOfficerId) }),
      )
      onClose()
    },
    failed: () => true,
  })
  const isReasoned = reason.trim().length >= 2
  return (
    <div className="sick">
      <p>
        {t('sick.vacant')} <b>{words.option(sickCall.duty)}</b>
      </p>
      {gap.length > 0 ? (
        <ul className="sick-gap">
          {gap.map((breach) => (
            <li key={JSON.stringify(breach)}>
              <code>{breach.rule}</code> {words.breach(breach)}
            </li>
          ))}
        </ul>
      ) : (
        <p className="solve-kept">✓ {t('sick.no-gap')}</p>
      )}
      {cover.error != null && <Failure error={cover.error} />}
      {replacements.length === 0 ? (
        <Empty text={t('sick.none')} />
      ) : (
        <ol className="sick-best" aria-label={t('sick.best')}>
          {replacements.map((each, index) => {
            const name = words.officer(each.officerId)
            const breaks = each.breaches.length > 0
            return (
              <li key={each.officerId}>
                <div className="sick-who">
                  <b>
                    {index + 1}. {name}
                  </b>
                  <span className="muted">{t('sick.instead', { duty: words.option(each.instead) })}</span>
                  <Button
                    type={index === 0 && !breaks ? 'primary' : 'default'}
                    danger={breaks}
                    disabled={breaks && !isReasoned}
                    loading={cover.isPending}
                    onClick={() =>
                      cover.mutate({
                        officerId: each.officerId,
                        ...(breaks ? { acceptBreaches: true } : {}),
                        ...(isReasoned ? { reason: reason.trim() } : {}),
                      })
                    }
                  >
                    {t(breaks ? 'sick.cover-anyway' : 'sick.cover')}
                  </Button>
                </div>
                <ul>
                  {each.reasons.map(({ code, detail }) => (
                    <li key={code}>
                      {t(`replacement.${code}`, {
                        hours: format.number((detail['minutes'] ?? 0) / 60, 1),
                        nights: format.number(detail['nights'], 1),
                        weight: detail['weight'],
                      })}
                    </li>
                  ))}
                  {each.breaches.map((breach) => (
                    <li key={JSON.stringify(breach)} data-verdict="broken">
                      <code>{breach.rule}</code> {words.breach(breach)}
                    </li>
                  ))}
                </ul>
              </li>
            )
          })}
        </ol>
      )}
      {gap.length > 0 && (
        <MendingPlan
          call={sickCall}
          words={words}
          isSending={cover.isPending}
          onTake={(taken) => cover.mutate({ ...taken, ...(isReasoned ? { reason: reason.trim() } : {}) })}
        />
      )}
      <div className="sick-open">
        <Input
          value={reason}
          maxLength={500}
          placeholder={t('sick.reason')}
          aria-label={t('sick.reason')}
          onChange={(event) => setReason(event.target.value)}
        />
        <Button
          disabled={!isReasoned}
          loading={cover.isPending}
          onClick={() => cover.mutate({ officerId: null, reason: reason.trim() })}
        >
          {t('sick.leave-open')}
        </Button>
      </div>
    </div>
  )
}
