import { Alert, Button, Form, Modal } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommandOptions } from '../api/client.ts'
import { useProblemText } from '../i18n/problem-text.ts'
import { isSameForm } from './record.ts'
import { RemoveButton } from './remove-button.tsx'
import { useRecord, type RecordOptions } from './use-record.tsx'
import './form.css'

/** One record in a dialog. Mounted while it is open, under a key of the record. Ctrl+Enter saves. */
export function RecordDialog<Values extends object, Stored>({
  title,
  width = 560,
  onClose,
  remove,
  children,
  ...options
}: RecordOptions<Values, Stored> & {
  title: string
  width?: number
  onClose: () => void
  /** How the record is taken off the register, where that can be done. */
  remove?: { readonly name: string; readonly run: (options: CommandOptions) => Promise<unknown> } | undefined
  children: ReactNode
}) {
  const { t } = useTranslation('ui')
  const record = useRecord<Values, Stored>({ ...options, done: options.done ?? onClose })
  const textOf = useProblemText()
  const [unremoved, setUnremoved] = useState<unknown>(null)
  /** What stands there now where the form would show the same of it; else what was opened, which the server refuses. */
  const current = async (): Promise<Stored> => {
    setUnremoved(null)
    const opened = options.stored as Stored
    const now = await options.load()
    return now !== null && isSameForm(options.toForm(now), options.toForm(opened)) ? now : opened
  }
  return (
    <Modal
      open
      title={title}
      width={width}
      onCancel={onClose}
      mask={{ closable: false }}
      centered
      className="form-dialog"
      footer={
        <div className="form-foot">
          {remove && options.stored !== null && (
            <RemoveButton
              name={remove.name}
              run={async (idempotencyKey) =>
                remove.run({ idempotencyKey, ifMatch: options.versionOf(await current()) })
              }
              refresh={options.refresh}
              done={onClose}
              failed={setUnremoved}
            />
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="primary" loading={record.busy} onClick={() => record.form.submit()}>
            {t('action.save')}
          </Button>
        </div>
      }
    >
      {record.notice}
      {unremoved !== null && (
        <Alert className="form-notice" type="error" showIcon title={textOf(unremoved).text} />
      )}
      <Form<Values>
        form={record.form}
        layout="vertical"
        initialValues={record.initial as never}
        onFinish={record.submit}
        scrollToFirstError
        onKeyDown={(event) => {
          if (event.key === 'Enter' && event.ctrlKey && !event.nativeEvent.isComposing) record.form.submit()
        }}
      >
        {children}
      </Form>
    </Modal>
  )
}
