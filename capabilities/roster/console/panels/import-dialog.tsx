import { App, Button, Modal } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newIdempotencyKey } from '../../../../foundation/ui/api/client.ts'
import { readProblem, ApiProblem } from '../../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { Failure } from '../../../../foundation/ui/states/states.tsx'
import type { RosterHead } from '../roster-api.ts'
import type { RosterWords } from '../roster-words.ts'

interface ImportAnswer {
  readonly accepted: number
  /** Of those, the cells that say something else than the roster. */
  readonly changed: number
  readonly rejected: readonly {
    readonly line: number
    readonly column: string | null
    readonly value?: string | null
    readonly code: string
  }[]
}

const MOST_LISTED = 200

/** Reads a roster from a spreadsheet: first what would be taken and what not, line by line; then it is taken. */
export function ImportDialog({
  roster,
  words,
  version,
  onClose,
}: {
  roster: RosterHead
  words: RosterWords
  version: number
  onClose: () => void
}) {
  const { t, i18n } = useTranslation('roster')
  const { message } = App.useApp()
  const field = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [looked, setLooked] = useState<ImportAnswer | null>(null)

  const send = async (from: File, isDry: boolean): Promise<ImportAnswer> => {
    const response = await fetch(
      `/api/rosters/${roster.id}/import?dryRun=${isDry}&lang=${words.language === 'en' ? 'en' : 'zh-CN'}`,
      {
        method: 'POST',
        credentials: 'same-origin',
        headers: {
          accept: 'application/json',
          'content-type': from.name.toLowerCase().endsWith('.csv')
            ? 'text/csv'
            : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          'idempotency-key': newIdempotencyKey(),
          'if-match': `"${version}"`,
        },
        body: from,
      },
    )
    const body = (await response.json().catch(() => null)) as unknown
    if (!response.ok) throw new ApiProblem(readProblem(response.status, body))
    return body as ImportAnswer
  }
  const look = useCommand<File, ImportAnswer>({
    run: (from) => send(from, true),
    done: setLooked,
    failed: () => true,
  })
  const take = useCommand<File, ImportAnswer>({
    run: (from) => send(from, false),
    refresh: [['rosters', roster.id]],
    done({ changed }) {
      void message.success(t('import.done', { count: changed }))
      onClose()
    },
    failed: () => true,
  })
  const choose = (chosen: File | undefined) => {
    if (!chosen) return
    setFile(chosen)
    setLooked(null)
    take.reset()
    look.mutate(chosen)
  }
  const error = take.error ?? look.error
  return (
    <Modal
      open
      width={680}
      title={t('import.title', { number: roster.number })}
      onCancel={onClose}
      onOk={() => file && take.mutate(file)}
      okText={t('import.take', { count: looked?.changed ?? 0 })}
      cancelText={t('ui:action.cancel')}
      okButtonProps={{ disabled: !looked || looked.changed === 0, loading: take.isPending }}
    >
      <div
        className="import-field"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          choose(event.dataTransfer.files[0])
        }}
      >
        <p>{t('import.lead')}</p>
        <Button loading={look.isPending} onClick={() => field.current?.click()}>
          {t('import.choose')}
        </Button>{' '}
        {file?.name}
        <input
          ref={field}
          type="file"
          hidden
          aria-label={t('import.choose')}
          accept=".xlsx,.csv"
          onChange={(event) => choose(event.target.files?.[0])}
        />
      </div>
      {error != null && <Failure error={error} />}
      {looked && (
        <>
          <p role="status">
            {t('import.looked', {
              accepted: looked.accepted,
              changed: looked.changed,
              rejected: looked.rejected.length,
            })}
          </p>
          {looked.rejected.length > 0 && (
            <div className="import-rejects">
              <table>
                <thead>
                  <tr>
                    <th>{t('import.line')}</th>
                    <th>{t('import.column')}</th>
                    <th>{t('import.value')}</th>
                    <th>{t('import.cause')}</th>
                  </tr>
                </thead>
                <tbody>
                  {looked.rejected.slice(0, MOST_LISTED).map((row, index) => (
                    <tr key={index}>
                      <td>{row.line}</td>
                      <td className="mono">{row.column}</td>
                      <td>{row.value}</td>
                      <td>
                        {i18n.exists(`roster:import-cause.${row.code}`)
                          ? t(`import-cause.${row.code}`)
                          : t(`refusal:${row.code}`, { defaultValue: row.code })}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </Modal>
  )
}
