import { Alert, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { sensitiveWords, type SensitiveTopic } from '../core/index.ts'

/**
 * Stands below a field of free text and shows itself when the text speaks of somebody's ethnicity, religion, politics
 * or health: reword it, or say why it stays. The form sends the answer as `sensitiveReason`.
 */
export function SensitiveField({
  watch,
  allows = [],
}: {
  watch: string | readonly string[]
  /** What this field is there for: medical help may speak of health. */
  allows?: readonly SensitiveTopic[]
}) {
  const { t } = useTranslation('incident')
  const form = Form.useFormInstance()
  const values = (Form.useWatch([], form) ?? {}) as Readonly<Record<string, unknown>>
  const texts = [watch].flat().map((name) => values[name])
  const found = texts
    .flatMap((text) => (typeof text === 'string' ? sensitiveWords(text) : []))
    .filter(({ topic }) => !allows.includes(topic))
  if (found.length === 0) return null
  const words = [
    ...new Set(
      found.map(({ topic, word }) => t('sensitive.found', { topic: t(`sensitive.${topic}`), word })),
    ),
  ]
  return (
    <>
      <Alert
        type="warning"
        showIcon
        role="status"
        style={{ marginBottom: 8 }}
        title={t('sensitive.title', { words: words.join(t('ui:list-separator')) })}
        description={t('sensitive.lead')}
      />
      <Form.Item
        name="sensitiveReason"
        label={t('sensitive.reason')}
        rules={[{ required: true, whitespace: true, message: t('refusal.sensitive-reason-required') }]}
      >
        <Input maxLength={500} placeholder={t('sensitive.reason-hint')} />
      </Form.Item>
    </>
  )
}
