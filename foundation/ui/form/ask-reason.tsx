import { Form, Input, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** Asks for a reason (and what else the children ask) before something that must say why. Ctrl+Enter confirms. */
export function AskReason<Values extends { reason: string }>({
  open,
  title,
  lead,
  danger = false,
  required = true,
  confirmText,
  busy = false,
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
