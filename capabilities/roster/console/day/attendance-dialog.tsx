import { useQuery } from '@tanstack/react-query'
import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { Empty, Shown } from '../../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import { ATTENDANCE_STATES, type AttendanceState } from '../../core/index.ts'
import type { RosterWords } from '../roster-words.ts'
import { attendanceQuery, type AttendanceRow, type AttendanceSheet } from './day-api.ts'

/** So many differences stand open. */
const FEW = 4

/** 点名: who of the roster is there; the differences to roster and duty are listed, for a person to judge. */
export function RollCallDialog({
  date,
  organisationId,
  words,
  readOnly,
  onClose,
}: {
  date: string
  organisationId: string
  words: RosterWords
  readOnly: boolean
  onClose: () => void
}) {
  const { t } = useTranslation('roster')
  const { message } = App.useApp()
  const query = attendanceQuery(date, organisationId)
  const sheet = useQuery(query)
  const [marked, setMarked] = useState<ReadonlyMap<string, AttendanceState>>(new Map())
  const lines = [...marked].map(([officerId, state]) => ({ officerId, state }))
  const record = useCommand<{ lines: typeof lines }, AttendanceSheet>({
    run: (input, idempotencyKey) =>
      api.post('/api/roster-attendance', { date, organisationId, ...input }, { idempotencyKey }),
    refresh: [query.queryKey, ['force-board'], ['street-strength']],
    done(_, input) {
      setMarked(new Map())
      void message.success(t('attendance.done', { count: input.lines.length }))
    },
  })
  const mark = (ids: readonly string[], state: AttendanceState) =>
    setMarked((before) => new Map([...before, ...ids.map((id) => [id, state] as const)]))
  return (
    <Modal
      open
      width={760}
      title={`${t('attendance.title')} · ${words.organisation(organisationId)} ${words.date(date)}`}
      onCancel={onClose}
      footer={
        readOnly ? null : (
          <>
            <Button onClick={onClose}>{t('ui:action.cancel')}</Button>
            <Button
              type="primary"
              disabled={lines.length === 0}
              loading={record.isPending}
              onClick={() => record.mutate({ lines })}
            >
              {t('attendance.save', { count: lines.length })}
            </Button>
          </>
        )
      }
    >
      <Shown query={sheet} rows={8}>
        {(data) => {
          const rostered = data.lines.filter((line) => line.rostered?.kind === 'duty' || line.state !== null)
          const uncalled = rostered.filter(({ state, officerId }) => state === null && !marked.has(officerId))
          if (rostered.length === 0) return <Empty text={t('attendance.nobody')} />
          return (
            <>
              {!readOnly && (
                <p className="attendance-head">
                  <Button
                    size="small"
                    disabled={uncalled.length === 0}
                    onClick={() =>
                      mark(
                        uncalled.map(({ officerId }) => officerId),
                        'present',
                      )
                    }
                  >
                    {t('attendance.all-present', { count: uncalled.length })}
                  </Button>
                </p>
              )}
              <ul className="attendance-lines">
                {rostered.map((line) => (
                  <Line
                    key={line.officerId}
                    line={line}
                    words={words}
                    marked={marked.get(line.officerId) ?? null}
                    onMark={readOnly ? null : (state) => mark([line.officerId], state)}
                  />
                ))}
              </ul>
              {data.differences.length > 0 && (
                <details className="attendance-more" open={data.differences.length <= FEW}>
                  <summary>
                    {t('attendance.differences')} <b>{data.differences.length}</b>
                  </summary>
                  <ul className="attendance-differences">
                    {data.differences.map(({ officerId, code, detail }) => (
                      <li key={`${officerId}-${code}`}>
                        <b>{words.officer(officerId)}</b> {t(`difference.${code}`, { ...detail })}
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </>
          )
        }}
      </Shown>
    </Modal>
  )
}

function Line({
  line,
  words,
  marked,
  onMark,
}: {
  line: AttendanceRow
  words: RosterWords
  marked: AttendanceState | null
  onMark: ((state: AttendanceState) => void) | null
}) {
  const { t } = useTranslation('roster')
  const format = useFormat()
  const state = marked ?? line.state
  const name = words.officer(line.officerId)
  return (
    <li data-unsaved={marked !== null}>
      <span className="attendance-who">
        <b>{name}</b>
        <small>{line.rostered ? words.option(line.rostered.option) : t('attendance.unrostered')}</small>
      </span>
      <span className="attendance-at muted">{line.at ? format.clock(line.at).slice(0, 5) : ''}</span>
      <span
        role="radiogroup"
        aria-label={t('attendance.of', { officer: name })}
        className="attendance-states"
      >
        {ATTENDANCE_STATES.map((each) => (
          <button
            key={each}
            type="button"
            role="radio"
            aria-checked={state === each}
            data-state={each}
            disabled={onMark === null}
            onClick={() => onMark?.(each)}
          >
            {t(`attendance.state.${each}`)}
          </button>
        ))}
      </span>
    </li>
  )
}
