import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, App, Button, Form, Input } from 'antd'
import { create as createQr } from 'qrcode'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { problemOf } from '../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useProblemText } from '../../../foundation/ui/i18n/problem-text.ts'
import { CODE_PATTERN, CodeInput } from './code-input.tsx'
import { Gate } from './gate.tsx'

interface Enrolment {
  readonly secret: string
  readonly uri: string
}

/** Sets up one-time codes. The picture is drawn here: the key never leaves this page and our server. */
export function SecondFactorPage() {
  const { t } = useTranslation('console')
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { message } = App.useApp()
  const textOf = useProblemText()

  const begin = useCommand<{ password?: string }, Enrolment>({
    run: (body) => api.post('/api/second-factor', body),
    failed: () => true,
  })
  const confirm = useCommand<{ code: string }, unknown>({
    run: (form, idempotencyKey) => api.post('/api/second-factor/confirm', form, { idempotencyKey }),
    async done() {
      void message.success(t('totp.done'))
      // Forgotten, not marked stale: the way back in would take what it knew for true and lead here again.
      queries.removeQueries({ queryKey: ['me'] })
      await navigate({ to: '/' })
    },
    failed: () => true,
  })
  const failure = begin.error ?? confirm.error
  // Longer than ten minutes after signing in the server asks for the password again.
  const asked = begin.error == null ? null : problemOf(begin.error)
  const asksPassword = asked?.code === 'password-required' || asked?.code === 'invalid-current-password'

  return (
    <Gate title={t('totp.title')} wide={begin.data !== undefined}>
      {failure != null && <Alert type="error" showIcon role="alert" title={textOf(failure).text} />}
      {begin.data === undefined ? (
        <Form<{ password?: string }> layout="vertical" onFinish={(form) => begin.mutate(form)}>
          {asksPassword && (
            <Form.Item name="password" label={t('totp.password')} rules={[{ required: true }]}>
              <Input.Password autoFocus size="large" autoComplete="current-password" />
            </Form.Item>
          )}
          <Button
            type="primary"
            size="large"
            block
            autoFocus={!asksPassword}
            htmlType="submit"
            loading={begin.isPending}
          >
            {t('totp.start')}
          </Button>
        </Form>
      ) : (
        <div className="totp-card">
          <QrCode text={begin.data.uri} label={t('totp.qr')} />
          <Form<{ code: string }>
            layout="vertical"
            requiredMark={false}
            onFinish={(form) => confirm.mutate(form)}
            style={{ flex: 1 }}
          >
            <p>{t('totp.scan')}</p>
            <p className="muted" style={{ margin: '6px 0 14px' }}>
              {t('totp.manual')}: <code className="mono">{begin.data.secret.replace(/(.{4})/g, '$1 ')}</code>
            </p>
            <Form.Item name="code" label={t('totp.code')} rules={[{ required: true, pattern: CODE_PATTERN }]}>
              <CodeInput />
            </Form.Item>
            <Button type="primary" htmlType="submit" loading={confirm.isPending}>
              {t('totp.confirm')}
            </Button>
          </Form>
        </div>
      )}
    </Gate>
  )
}

function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const { modules } = createQr(text, { errorCorrectionLevel: 'M' })
    const squares: string[] = []
    for (let row = 0; row < modules.size; row++) {
      for (let column = 0; column < modules.size; column++) {
        if (modules.get(row, column)) squares.push(`M${column} ${row}h1v1h-1z`)
      }
    }
    return { size: modules.size, path: squares.join('') }
  }, [text])
  return (
    <svg viewBox={`-3 -3 ${size + 6} ${size + 6}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={path} fill="#000000" />
    </svg>
  )
}
