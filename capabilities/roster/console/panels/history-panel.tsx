import { useQuery } from '@tanstack/react-query'
import { Button, Progress } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../../foundation/ui/session/session.tsx'
import { Empty, Shown } from '../../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import { acknowledgementsQuery, timelineQuery, type RosterHead } from '../roster-api.ts'
import type { RosterWords } from '../roster-words.ts'

/** What became of a roster, and who has acknowledged it. */
export function HistoryPanel({
  roster,
  words,
  officerIds,
}: {
  roster: RosterHead
  words: RosterWords
  /** Those who have a duty in it. */
  officerIds: readonly string[]
}) {
  const { t, i18n } = useTranslation('roster')
  const format = useFormat()
  const [isAsked, setAsked] = useState(false)
  const timeline = useQuery({ ...timelineQuery(roster.id), enabled: isAsked })
  return (
    <div className="history">
      {roster.state === 'published' && (
        <Acknowledgements roster={roster} words={words} officerIds={officerIds} />
      )}
      <section aria-label={t('history.title')}>
        <h3>{t('history.title')}</h3>
        {!isAsked ? (
          <Button size="small" onClick={() => setAsked(true)}>
            {t('history.show')}
          </Button>
        ) : (
          <Shown query={timeline} rows={4} empty={<Empty text={t('history.none')} />}>
            {(events) => (
              <ol className="history-events">
                {events.toReversed().map((event) => (
                  <li key={event.sequence}>
                    <time dateTime={event.at}>{format.short(event.at)}</time>{' '}
                    <b>{t(`event.${event.type}`, { defaultValue: event.type })}</b>{' '}
                    {/* The solver writes in its own name, which is nobody's. */}
                    {event.type !== 'solved' && event.accountName}
                    <small>
                      {Object.entries(event.data)
                        .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
                        .filter(([name]) => i18n.exists(`roster:event-data.${name}`))
                        .map(([name, value]) =>
                          t(`event-data.${name}`, {
                            value:
                              typeof value === 'number'
                                ? format.number(value, Number.isInteger(value) ? 0 : 1)
                                : String(value),
                          }),
                        )
                        .join(t('ui:list-separator'))}
                    </small>
                  </li>
                ))}
              </ol>
            )}
          </Shown>
        )}
      </section>
    </div>
  )
}

const MOST_LISTED = 40

function Acknowledgements({
  roster,
  words,
  officerIds,
}: {
  roster: RosterHead
  words: RosterWords
  officerIds: readonly string[]
}) {
  const { t } = useTranslation('roster')
  const may = useMay()
  const query = useQuery({
    ...acknowledgementsQuery(roster.id),
    enabled: may('roster.decide'),
  })
  if (!may('roster.decide')) return null
  return (
    <section aria-label={t('acknowledged.title')}>
      <h3>{t('acknowledged.title')}</h3>
      <Shown query={query} rows={2}>
        {(rows) => {
          const done = new Set(rows.flatMap(({ officerId, isCurrent }) => (isCurrent ? [officerId] : [])))
          const missing = officerIds.filter((id) => !done.has(id))
          return (
            <>
              <Progress
                percent={
                  officerIds.length === 0
                    ? 0
                    : Math.floor(((officerIds.length - missing.length) / officerIds.length) * 100)
                }
                size="small"
              />
              <p>
                {t('acknowledged.count', {
                  done: officerIds.length - missing.length,
                  all: officerIds.length,
                })}
              </p>
              {missing.length > 0 && (
                <details>
                  <summary>{t('acknowledged.missing', { count: missing.length })}</summary>
                  <ul className="history-missing">
                    {missing.slice(0, MOST_LISTED).map((id) => (
                      <li key={id}>{words.officer(id)}</li>
                    ))}
                    {missing.length > MOST_LISTED && <li>…</li>}
                  </ul>
                </details>
              )}
            </>
          )
        }}
      </Shown>
    </section>
  )
}
