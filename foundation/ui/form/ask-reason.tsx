import { Alert, Form, Input, Modal } from 'antd'
import { useEffect, useEffectEvent, useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblemText } from '../i18n/problem-text.ts'
import { placeRefusal } from './place-refusal.ts'

interface Question<Values> {
  readonly lead?: ReactNode
  readonly required?: boolean
  /** Why the command was refused: told at the field that it concerns, or above the fields where it concerns none. */
  readonly failure?: unknown
  /** What the server calls a field → what this form calls it. */
  readonly fieldNames?: Readonly<Record<string, string>>
  readonly initial?: Partial<Values>
  readonly children?: ReactNode
  /** Stands below the reason, in the form. */
  readonly below?: ReactNode
  /** A field among the children takes the focus first. */
  readonly focusElsewhere?: boolean
  readonly onConfirm: (values: Values) => void
}

/** Asks for a reason (and what else the children ask) before something that must say why. Ctrl+Enter confirms. */
export function AskReason<Values extends { reason: string }>({
  open,
  title,
  danger = false,
  confirmText,
  busy = false,
  onCancel,
  ...question
}: Question<Values> & {
  open: boolean
  title: string
  danger?: boolean
  confirmText?: string
  busy?: boolean
  onCancel: () => void
}) {
  const { t } = useTranslation('ui')
  const formId = useId()
  return (
    <Modal
      open={open}
      title={title}
      onCancel={onCancel}
      okText={confirmText ?? t('action.confirm')}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger, loading: busy, htmlType: 'submit', form: formId }}
      destroyOnHidden
      width={520}
    >
      <QuestionForm<Values> formId={formId} {...question} />
    </Modal>
  )
}

/** Mounted anew each time: neither the answers nor the refusal of the time before are told to who asks anew. */
function QuestionForm<Values extends { reason: string }>({
  formId,
  lead,
  required = true,
  failure = null,
  fieldNames = {},
  initial,
  children,
  below,
  focusElsewhere = false,
  onConfirm,
}: Question<Values> & { formId: string }) {
  const { t } = useTranslation('ui')
  const [form] = Form.useForm<Values>()
  const textOf = useProblemText()
  const [refusal, setRefusal] = useState<string | null>(null)
  const [failureBefore] = useState(failure)
  const tell = useEffectEvent((refused: unknown) => {
    if (refused === null || refused === failureBefore) return setRefusal(null)
    const here = Object.keys(form.getFieldsValue() as object)
    const told = placeRefusal(textOf(refused), here, fieldNames)
    form.setFields(told.fields.map(({ name, text }) => ({ name: name as never, errors: [text] })))
    setRefusal(told.above)
  })
  useEffect(() => tell(failure), [failure])
  return (
    <>
      {refusal !== null && (
        <Alert type="error" showIcon role="alert" title={refusal} style={{ marginBottom: 12 }} />
      )}
      {lead !== undefined && <div style={{ marginBottom: 12 }}>{lead}</div>}
      <Form<Values>
        id={formId}
        form={form}
        layout="vertical"
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
    </>
  )
}
