import { Alert, Form, Input, Modal } from 'antd'
import { useEffect, useEffectEvent, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblemText } from '../i18n/problem-text.ts'
import { placeRefusal } from './place-refusal.ts'

/** Asks for a reason (and what else the children ask) before something that must say why. Ctrl+Enter confirms. */
export function AskReason<Values extends { reason: string }>({
  open,
  title,
  lead,
  danger = false,
  required = true,
  confirmText,
  busy = false,
  failure = null,
  fieldNames = {},
  initial,
  children,
  below,
  focusElsewhere = false,
  onCancel,
  onConfirm,
}: {
  open: boolean
  title: string
  lead?: ReactNode
  danger?: boolean
  required?: boolean
  confirmText?: string
  busy?: boolean
  /** Why the command was refused: told at the field that it concerns, or above the fields where it concerns none. */
  failure?: unknown
  /** What the server calls a field → what this form calls it. */
  fieldNames?: Readonly<Record<string, string>>
  initial?: Partial<Values>
  children?: ReactNode
  /** Stands below the reason, in the form. */
  below?: ReactNode
  /** A field among the children takes the focus first. */
  focusElsewhere?: boolean
  onCancel: () => void
  onConfirm: (values: Values) => void
}) {
  const { t } = useTranslation('ui')
  const [form] = Form.useForm<Values>()
  const textOf = useProblemText()
  const [refusal, setRefusal] = useState<string | null>(null)
  const tell = useEffectEvent((refused: unknown) => {
    const here = Object.keys(form.getFieldsValue() as object)
    const told = placeRefusal(textOf(refused), here, fieldNames)
    form.setFields(told.fields.map(({ name, text }) => ({ name: name as never, errors: [text] })))
    setRefusal(told.above)
  })
  const clear = useEffectEvent(() => setRefusal(null))
  useEffect(() => {
    if (failure === null) clear()
    else tell(failure)
  }, [failure])
  // What was refused the last time is not told again to who asks anew.
  useEffect(() => {
    if (!open) clear()
  }, [open])
  return (
    <Modal
      open={open}
      title={title}
      onCancel={onCancel}
      onOk={() => form.submit()}
      okText={confirmText ?? t('action.confirm')}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger, loading: busy }}
      destroyOnHidden
      width={520}
    >
      {refusal !== null && (
        <Alert type="error" showIcon role="alert" title={refusal} style={{ marginBottom: 12 }} />
      )}
      {lead !== undefined && <div style={{ marginBottom: 12 }}>{lead}</div>}
      <Form<Values>
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={initial as never}
        onFinish={(values) => onConfirm({ ...values, reason: values.reason ?? '' })}
      >
        {children}
        <Form.Item
          name="reason"
          label={t('field.reason')}
          rules={required ? [{ required: true, whitespace: true }] : []}
        >
          <Input.TextArea
            autoFocus={!focusElsewhere}
            autoSize={{ minRows: 2, maxRows: 5 }}
            maxLength={500}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && event.ctrlKey && !event.nativeEvent.isComposing) form.submit()
            }}
          />
        </Form.Item>
        {below}
      </Form>
    </Modal>
  )
}
