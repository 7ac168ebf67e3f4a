import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { problemOf } from '../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useProblemText } from '../../../foundation/ui/i18n/problem-text.ts'
import { CODE_PATTERN, CodeInput } from './code-input.tsx'
import { Gate } from './gate.tsx'

interface SignedIn {
  readonly mustEnrolSecondFactor: boolean
}

interface Credentials {
  readonly username: string
  readonly password: string
  readonly code?: string
}

/** Password first; the one-time code only when the account has one. */
export function SignInPage() {
  const { t } = useTranslation('console')
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { to, ended } = useSearch({ from: '/sign-in' })
  const [waitingFor, setWaitingFor] = useState<Credentials | null>(null)
  const textOf = useProblemText()
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => api.get<{ needed: boolean }>('/api/setup') })

  const signIn = useCommand<Credentials, SignedIn>({
    run: (credentials) => api.post('/api/session', credentials),
    async done(answer) {
      queries.clear()
      if (answer.mustEnrolSecondFactor) await navigate({ to: '/second-factor' })
      else await navigate({ href: to?.startsWith('/') && !to.startsWith('//') ? to : '/' })
    },
    failed(error, credentials) {
      if (problemOf(error).code !== 'second-factor-required') return true
      setWaitingFor(credentials)
      signIn.reset()
      return true
    },
  })

  return (
    <Gate title={t('sign-in.title')}>
      {ended && !signIn.isError && <Alert type="info" showIcon title={t('sign-in.expired')} />}
      {signIn.isError && <Alert type="error" showIcon title={textOf(signIn.error).text} role="alert" />}
      {waitingFor === null ? (
        <Form<Credentials>
          layout="vertical"
          onFinish={(values) => signIn.mutate(values)}
          requiredMark={false}
        >
          <Form.Item name="username" label={t('sign-in.username')} rules={[{ required: true }]}>
            <Input autoFocus autoComplete="username" size="large" spellCheck={false} />
          </Form.Item>
          <Form.Item name="password" label={t('sign-in.password')} rules={[{ required: true }]}>
            <Input.Password autoComplete="current-password" size="large" />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
            {t('sign-in.submit')}
          </Button>
        </Form>
      ) : (
        <Form<{ code: string }>
          layout="vertical"
          onFinish={({ code }) => signIn.mutate({ ...waitingFor, code })}
          requiredMark={false}
        >
          <Form.Item
            name="code"
            label={t('sign-in.code')}
            extra={t('sign-in.code-hint')}
            rules={[{ required: true, pattern: CODE_PATTERN, message: t('sign-in.code-hint') }]}
          >
            <CodeInput />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
            {t('sign-in.code-submit')}
          </Button>
          <Button type="link" block onClick={() => setWaitingFor(null)}>
            {t('sign-in.back')}
          </Button>
        </Form>
      )}
      {setup.data?.needed && (
        <p className="gate-foot">
          {t('sign-in.first')} <Link to="/setup">{t('sign-in.setup')}</Link>
        </p>
      )}
    </Gate>
  )
}
