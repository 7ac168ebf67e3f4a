import { Button, Form, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommandOptions } from '../api/client.ts'
import { RemoveButton } from './remove-button.tsx'
import { useRecord, type RecordOptions } from './use-record.tsx'
import './form.css'

/** One record in a dialog. Mounted while it is open, under a key of the record. Ctrl+Enter saves. */
export function RecordDialog<Values extends object, Stored>({
  title,
  width = 560,
  hidden = false,
  onClose,
  remove,
  children,
  ...options
}: RecordOptions<Values, Stored> & {
  title: string
  width?: number
  /** Out of sight while something is picked on the map behind it; what was typed stays. */
  hidden?: boolean
  onClose: () => void
  /** How the record is taken off the register, where that can be done. */
  remove?: { readonly name: string; readonly run: (options: CommandOptions) => Promise<unknown> } | undefined
  children: ReactNode
}) {
  const { t } = useTranslation('ui')
  const record = useRecord<Values, Stored>({ ...options, done: options.done ?? onClose })
  return (
    <Modal
      open={!hidden}
      title={title}
      width={width}
      onCancel={onClose}
      mask={{ closable: false }}
      forceRender
      centered
      className="form-dialog"
      footer={
        <div className="form-foot">
          {remove && options.stored !== null && (
            <RemoveButton
              name={remove.name}
              run={(idempotencyKey) =>
                remove.run({ idempotencyKey, ifMatch: options.versionOf(options.stored as Stored) })
              }
              refresh={options.refresh}
              done={onClose}
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
