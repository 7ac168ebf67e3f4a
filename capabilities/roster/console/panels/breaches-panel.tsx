import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../../../foundation/ui/states/states.tsx'
import { ROSTER_RULES, type RosterBreach } from '../../core/index.ts'
import type { RosterWords } from '../roster-words.ts'

const STEP = 60

/** Every broken rule by rule; pressing one leads to its cell. */
export function BreachesPanel({
  breaches,
  words,
  onShow,
}: {
  breaches: readonly RosterBreach[]
  words: RosterWords
  onShow: (breach: RosterBreach) => void
}) {
  const { t } = useTranslation('roster')
  if (breaches.length === 0) return <Empty text={t('breaches.none')} />
  return (
    <div className="breaches">
      {ROSTER_RULES.map(({ id }) => {
        const of = breaches.filter(({ rule }) => rule === id)
        return (
          of.length > 0 && <RuleBreaches key={id} rule={id} breaches={of} words={words} onShow={onShow} />
        )
      })}
    </div>
  )
}

function RuleBreaches({
  rule,
  breaches,
  words,
  onShow,
}: {
  rule: string
  breaches: readonly RosterBreach[]
  words: RosterWords
  onShow: (breach: RosterBreach) => void
}) {
  const { t } = useTranslation('roster')
  const [most, setMost] = useState(STEP)
  const sorted = breaches.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
  return (
    <details open={breaches.length <= STEP}>
      <summary>
        <code>{rule}</code> {t(`rule.${rule}`)} <b>{breaches.length}</b>
      </summary>
      <ul>
        {sorted.slice(0, most).map((breach) => (
          <li key={JSON.stringify(breach)}>
            <button type="button" onClick={() => onShow(breach)}>
              <span className="breach-where">
                {words.date(breach.date)}{' '}
                {breach.officerId === null
                  ? breach.organisationId === null
                    ? t('breaches.district')
                    : words.organisation(breach.organisationId)
                  : words.officer(breach.officerId)}
              </span>
              {words.breach(breach)}
            </button>
          </li>
        ))}
      </ul>
      {sorted.length > most && (
        <Button size="small" type="link" onClick={() => setMost(most + STEP * 5)}>
          {t('breaches.more', { count: sorted.length - most })}
        </Button>
      )}
    </details>
  )
}
