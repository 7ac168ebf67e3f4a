import { Alert, App, Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'

/** A secret that is shown now and never again. */
export function SecretOnce({
  title,
  secret,
  hint,
  onClose,
}: {
  title: string
  secret: string | null
  hint?: string
  onClose: () => void
}) {
  const { t } = useTranslation('ui')
  const { message } = App.useApp()
  const copy = async () => {
    // The clipboard is there in secure contexts only; the text can be marked by hand anyway.
    await navigator.clipboard?.writeText(secret ?? '')
    void message.success(t('action.copied'))
  }
  return (
    <Modal
      open={secret !== null}
      title={title}
      onCancel={onClose}
      footer={<Button onClick={onClose}>{t('action.close')}</Button>}
      mask={{ closable: false }}
    >
      <Alert type="warning" showIcon title={t('secret.once')} style={{ marginBottom: 12 }} />
      <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <code
          className="mono"
          style={{ flex: 1, padding: '8px 10px', background: 'var(--raised)', overflowWrap: 'anywhere' }}
        >
          {secret}
        </code>
        {'clipboard' in navigator && <Button onClick={() => void copy()}>{t('action.copy')}</Button>}
      </div>
      {hint !== undefined && (
        <p className="muted" style={{ marginTop: 10 }}>
          {hint}
        </p>
      )}
    </Modal>
  )
}
