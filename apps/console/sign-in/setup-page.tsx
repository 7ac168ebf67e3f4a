import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../foundation/core/access.ts'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useProblemText } from '../../../foundation/ui/i18n/problem-text.ts'
import { Gate } from './gate.tsx'

/** The first people: those who command and take calls, and the three administrators, who are never one person. */
const FIRST_ROLES: readonly { role: Role; username: string }[] = [
  { role: 'duty-commander', username: 'commander' },
  { role: 'dispatcher', username: 'dispatcher' },
  { role: 'system-admin', username: 'sysadmin' },
  { role: 'security-admin', username: 'secadmin' },
  { role: 'audit-admin', username: 'auditadmin' },
]

const SHORTEST_PASSWORD = 10

interface FirstAccount {
  readonly username: string
  readonly name: string
  readonly password: string
  readonly repeat: string
}

interface SetupForm {
  readonly token: string
  readonly accounts: readonly FirstAccount[]
}

export function SetupPage() {
  const { t } = useTranslation('console')
  const navigate = useNavigate()
  const { message } = App.useApp()
  const { token } = useSearch({ from: '/setup' })
  const textOf = useProblemText()
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => api.get<{ needed: boolean }>('/api/setup') })

  const create = useCommand<SetupForm, unknown>({
    run: (form, idempotencyKey) =>
      api.post(
        '/api/setup',
        {
          token: form.token,
          accounts: form.accounts.map(({ username, name, password }, index) => ({
            username,
            name,
            password,
            role: FIRST_ROLES[index]!.role,
          })),
        },
        { idempotencyKey },
      ),
    async done() {
      void message.success(t('setup.done'))
      await navigate({ to: '/sign-in' })
    },
    failed: () => true,
  })

  if (setup.data?.needed === false) {
    return (
      <Gate title={t('setup.title')}>
        <Alert type="info" showIcon title={t('setup.already')} />
        <Button type="primary" block size="large" onClick={() => void navigate({ to: '/sign-in' })}>
          {t('sign-in.submit')}
        </Button>
      </Gate>
    )
  }

  const failure = create.isError ? textOf(create.error) : null
  return (
    <Gate title={t('setup.title')} wide>
      <p className="muted" style={{ marginBottom: 16 }}>
        {t('setup.lead')}
      </p>
      {failure && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={failure.text}
          description={failure.fields.map(({ field }) => fieldName(field, t)).join('；') || undefined}
        />
      )}
      <Form<SetupForm>
        layout="vertical"
        requiredMark={false}
        initialValues={{
          token: token ?? '',
          accounts: FIRST_ROLES.map(({ role, username }) => ({ username, name: t(`role.${role}`) })),
        }}
        onFinish={(form) => create.mutate(form)}
      >
        <Form.Item
          name="token"
          label={t('setup.token')}
          extra={t('setup.token-hint')}
          rules={[{ required: true }]}
        >
          <Input className="mono" spellCheck={false} autoComplete="off" />
        </Form.Item>
        <div className="setup-accounts">
          {FIRST_ROLES.map(({ role }, index) => (
            <section key={role}>
              <h2>{t(`role.${role}`)}</h2>
              <div className="pair">
                <Form.Item
                  name={['accounts', index, 'username']}
                  label={t('setup.username')}
                  rules={[
                    { required: true, min: 2 },
                    ({ getFieldValue }) => ({
                      validator: (_, value: string) =>
                        (getFieldValue('accounts') as FirstAccount[]).filter(
                          ({ username }) => username === value,
                        ).length > 1
                          ? Promise.reject(new Error(t('setup.distinct')))
                          : Promise.resolve(),
                    }),
                  ]}
                >
                  <Input spellCheck={false} autoComplete="off" />
                </Form.Item>
                <Form.Item
                  name={['accounts', index, 'name']}
                  label={t('setup.name')}
                  rules={[{ required: true }]}
                >
                  <Input autoComplete="off" />
                </Form.Item>
                <Form.Item
                  name={['accounts', index, 'password']}
                  label={t('setup.password')}
                  rules={[
                    {
                      required: true,
                      min: SHORTEST_PASSWORD,
                      message: t('setup.password-hint', { min: SHORTEST_PASSWORD }),
                    },
                  ]}
                >
                  <Input.Password autoComplete="new-password" />
                </Form.Item>
                <Form.Item
                  name={['accounts', index, 'repeat']}
                  label={t('setup.repeat')}
                  dependencies={[['accounts', index, 'password']]}
                  rules={[
                    { required: true, message: t('setup.mismatch') },
                    ({ getFieldValue }) => ({
                      validator: (_, value: string) =>
                        value === getFieldValue(['accounts', index, 'password'])
                          ? Promise.resolve()
                          : Promise.reject(new Error(t('setup.mismatch'))),
                    }),
                  ]}
                >
                  <Input.Password autoComplete="new-password" />
                </Form.Item>
              </div>
            </section>
          ))}
        </div>
        <Button type="primary" htmlType="submit" size="large" loading={create.isPending}>
          {t('setup.submit')}
        </Button>
      </Form>
    </Gate>
  )
}

/** `accounts/2/password` as the form calls it. */
function fieldName(field: string, t: (key: string) => string): string {
  const [, position, part] = /^accounts[/.](\d+)[/.](\w+)$/.exec(field) ?? []
  const role = position === undefined ? undefined : FIRST_ROLES[Number(position)]?.role
  if (role === undefined) return field === 'token' ? t('setup.token') : field
  return `${t(`role.${role}`)} · ${t(`setup.${part}`)}`
}
