import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Modal, Popconfirm, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { SecretOnce } from '../../../foundation/ui/form/secret-once.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { AccountRow } from './accounts-api.ts'

interface TokenRow {
  readonly id: string
  readonly label: string
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly revokedAt: string | null
}

/** The API tokens of a service account: issued with a purpose and an end, shown once, revoked at any time. */
export function TokensDialog({ account, onClose }: { account: AccountRow; onClose: () => void }) {
  const { t } = useTranslation('console')
  const format = useFormat()
  const [secret, setSecret] = useState<string | null>(null)
  const [form] = Form.useForm<{ label: string; validDays: number }>()
  const queryKey = ['account-tokens', account.id]
  const tokens = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      api.get<{ tokens: readonly TokenRow[] }>(`/api/accounts/${account.id}/tokens`, {}, signal),
  })
  const issue = useCommand<{ label: string; validDays: number }, { token: string }>({
    run: (body, idempotencyKey) => api.post(`/api/accounts/${account.id}/tokens`, body, { idempotencyKey }),
    refresh: [queryKey],
    done(answer) {
      setSecret(answer.token)
      form.resetFields()
    },
  })
  const revoke = useCommand<TokenRow, unknown>({
    run: ({ id }, idempotencyKey) =>
      api.delete(`/api/accounts/${account.id}/tokens/${id}`, { idempotencyKey }),
    refresh: [queryKey],
  })
  const stateOf = ({ revokedAt, expiresAt }: TokenRow) =>
    revokedAt !== null
      ? 'revoked'
      : expiresAt !== null && Date.parse(expiresAt) <= serverNow()
        ? 'expired'
        : 'valid'
  return (
    <Modal
      open
      centered
      width={720}
      className="form-dialog"
      title={t('tokens.title', { name: account.name })}
      footer={<Button onClick={onClose}>{t('ui:action.close')}</Button>}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        className="token-form"
        initialValues={{ validDays: 365 }}
        onFinish={(values) => issue.mutate(values)}
      >
        <Form.Item
          name="label"
          label={t('tokens.label')}
          rules={[{ required: true, whitespace: true, max: 60 }]}
        >
          <Input autoFocus autoComplete="off" placeholder={t('tokens.label-hint')} />
        </Form.Item>
        <Form.Item name="validDays" label={t('tokens.days')} rules={[{ required: true }]}>
          <InputNumber min={1} max={730} precision={0} style={{ width: '100%' }} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={issue.isPending}>
          {t('accounts.token')}
        </Button>
      </Form>
      <Shown
        query={tokens}
        rows={3}
        isEmpty={(data) => data.tokens.length === 0}
        empty={<Empty text={t('tokens.none')} />}
      >
        {(data) => (
          <Table<TokenRow>
            size="small"
            rowKey="id"
            scroll={{ x: 'max-content' }}
            pagination={{ pageSize: 8, hideOnSinglePage: true }}
            dataSource={[...data.tokens]}
            columns={[
              { title: t('tokens.label'), dataIndex: 'label' },
              { title: t('tokens.issued'), render: (_, { createdAt }) => format.short(createdAt) },
              {
                title: t('tokens.until'),
                render: (_, { expiresAt }) => (expiresAt === null ? '—' : format.moment(expiresAt)),
              },
              {
                title: t('accounts.state'),
                render: (_, token) => (
                  <span className={stateOf(token) === 'valid' ? '' : 'muted'}>
                    {stateOf(token) === 'valid' ? '●' : '○'} {t(`tokens.${stateOf(token)}`)}
                  </span>
                ),
              },
              {
                title: '',
                align: 'right',
                render: (_, token) =>
                  stateOf(token) === 'valid' && (
                    <Popconfirm title={t('tokens.revoke-ask')} onConfirm={() => revoke.mutate(token)}>
                      <Button size="small" danger>
                        {t('tokens.revoke')}
                      </Button>
                    </Popconfirm>
                  ),
              },
            ]}
          />
        )}
      </Shown>
      <SecretOnce title={t('tokens.secret')} secret={secret} onClose={() => setSecret(null)} />
    </Modal>
  )
}
