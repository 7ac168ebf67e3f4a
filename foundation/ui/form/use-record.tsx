import { Alert, Button, Form, type FormInstance } from 'antd'
import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { newIdempotencyKey, type CommandOptions } from '../api/client.ts'
import { problemOf } from '../api/problem.ts'
import { useCommand } from '../api/use-command.ts'
import { useProblemText } from '../i18n/problem-text.ts'
import { fieldOfConstraint, isOutdated, isSameForm, placeFaults } from './record.ts'

export interface RecordOptions<Values, Stored> {
  /** What was read; null: a new record is made. */
  readonly stored: Stored | null
  /** What the form shows of it, and of a new one. */
  readonly toForm: (stored: Stored | null) => Values
  readonly versionOf: (stored: Stored) => number
  /** Reads it again, or gives null where it is gone. */
  readonly load: () => Promise<Stored | null>
  readonly save: (values: Values, options: CommandOptions, stored: Stored | null) => Promise<unknown>
  readonly refresh: readonly QueryKey[]
  readonly done?: (() => void) | undefined
}

export interface RecordForm<Values> {
  readonly form: FormInstance<Values>
  readonly initial: Values
  readonly busy: boolean
  /** Above the fields: what was refused without a field, or that somebody else changed the record meanwhile. */
  readonly notice: ReactNode
  readonly submit: (values: Values) => void
}

/**
 * A form over one record with a version. What the server refuses is shown at its field. Where the record has become
 * another meanwhile, the form says so and offers to read it again; where only something changed that the form does
 * not show (the status of a unit), it saves over the new version by itself.
 */
export function useRecord<Values extends object, Stored>(
  options: RecordOptions<Values, Stored>,
): RecordForm<Values> {
  const { t } = useTranslation('ui')
  const textOf = useProblemText()
  const queries = useQueryClient()
  const [form] = Form.useForm<Values>()
  const [opened, setOpened] = useState(options.stored)
  const [fresh, setFresh] = useState<{ readonly stored: Stored | null } | null>(null)
  const [rest, setRest] = useState<readonly string[]>([])

  const command = useCommand<Values, unknown>({
    async run(values, idempotencyKey) {
      setRest([])
      const send = (over: Stored | null, key: string) =>
        options.save(
          values,
          { idempotencyKey: key, ...(over === null ? {} : { ifMatch: options.versionOf(over) }) },
          over,
        )
      try {
        return await send(opened, idempotencyKey)
      } catch (error) {
        if (opened === null || !isOutdated(problemOf(error))) throw error
        const now = await options.load()
        if (now === null || !isSameForm(options.toForm(now), options.toForm(opened))) {
          setFresh({ stored: now })
          throw error
        }
        setOpened(now)
        return send(now, newIdempotencyKey())
      }
    },
    refresh: options.refresh,
    done: () => options.done?.(),
    failed(error) {
      const problem = problemOf(error)
      if (isOutdated(problem) && opened !== null) return true
      const constraint = problem.detail?.['constraint']
      const unique =
        typeof constraint === 'string'
          ? fieldOfConstraint(constraint, Object.keys(form.getFieldsValue() as object))
          : undefined
      const texts = textOf(error)
      const { placed, rest: untold } = placeFaults(
        unique === undefined ? texts : { ...texts, fields: [{ field: unique, text: texts.text }] },
        (path) => form.getFieldInstance(path as never) !== undefined || isField(form, path as never),
      )
      form.setFields(placed.map(({ path, text }) => ({ name: path as never, errors: [text] })))
      if (placed[0]) form.scrollToField(placed[0].path as never)
      setRest(untold)
      return true
    },
  })

  const reload = () => {
    if (fresh === null) return
    for (const queryKey of options.refresh) void queries.invalidateQueries({ queryKey })
    setOpened(fresh.stored)
    form.resetFields()
    form.setFieldsValue(options.toForm(fresh.stored) as never)
    setFresh(null)
  }

  return {
    form,
    initial: options.toForm(options.stored),
    busy: command.isPending,
    submit: (values) => command.mutate(values),
    notice:
      fresh !== null ? (
        <Alert
          className="form-notice"
          type="warning"
          showIcon
          title={t(fresh.stored === null ? 'form.gone' : 'form.changed-meanwhile')}
          {...(fresh.stored === null
            ? {}
            : {
                description: t('form.changed-hint'),
                action: <Button onClick={reload}>{t('form.reload')}</Button>,
              })}
        />
      ) : rest.length > 0 ? (
        <Alert
          className="form-notice"
          type="error"
          showIcon
          title={rest.length === 1 ? rest[0] : <FaultList texts={rest} />}
        />
      ) : null,
  }
}

function FaultList({ texts }: { texts: readonly string[] }) {
  return (
    <ul style={{ margin: 0, paddingInlineStart: 18 }}>
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  )
}

/** Whether the form has a field of this name, one without an element of its own included. */
function isField<Values>(form: FormInstance<Values>, path: never): boolean {
  const values = form.getFieldsValue() as Record<string, unknown>
  let at: unknown = values
  for (const part of path as unknown as (string | number)[]) {
    if (typeof at !== 'object' || at === null || !(part in at)) return false
    at = (at as Record<string | number, unknown>)[part]
  }
  return true
}
