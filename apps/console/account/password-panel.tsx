import { Alert, App, Button, Form, Input } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { placeFaults } from '../../../foundation/ui/form/record.ts'
import { useProblemText } from '../../../foundation/ui/i18n/problem-text.ts'
import { sessionsQuery } from './sessions-api.ts'

interface PasswordForm {
  readonly current: string
  readonly password: string
  readonly repeat: string
}

const FIELDS = ['current', 'password']

/** Changes the own password; the server ends all other sessions of the account. */
export function PasswordPanel() {
  const { t } = useTranslation('console')
  const { message } = App.useApp()
  const queries = useQueryClient()
  const textOf = useProblemText()
  const [form] = Form.useForm<PasswordForm>()
  const [rest, setRest] = useState<readonly string[]>([])
  const change = useCommand<PasswordForm, unknown>({
    run: ({ current, password }) => {
      setRest([])
      return api.post('/api/me/password', { current, password })
    },
    done() {
      form.resetFields()
      void message.success(t('account.password-done'))
      void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey })
    },
    failed(error) {
      const { placed, rest: untold } = placeFaults(textOf(error), ([name]) => FIELDS.includes(String(name)))
      form.setFields(placed.map(({ path, text }) => ({ name: path as never, errors: [text] })))
      setRest(untold)
      return true
    },
  })
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('account.password')}</h2>
        <span className="muted">{t('account.password-lead')}</span>
      </div>
      <Form<PasswordForm>
        form={form}
        layout="vertical"
        className="panel-body account-password"
        onFinish={(values) => change.mutate(values)}
      >
        {rest.length > 0 && <Alert type="error" showIcon title={rest.join(' ')} className="form-notice" />}
        <Form.Item name="current" label={t('account.password-current')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('account.password-new')}
          rules={[{ required: true, min: 10, message: t('setup.password-hint', { min: 10 }) }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t('setup.repeat')}
          dependencies={['password']}
          rules={[
            { required: true },
            ({ getFieldValue }) => ({
              validator: (_, repeat: string) =>
                repeat === getFieldValue('password')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('setup.mismatch'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t('account.password')}
        </Button>
      </Form>
    </section>
  )
}
