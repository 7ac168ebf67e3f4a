import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Popconfirm, Segmented, Select, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ROLES, type Role } from '../../../foundation/core/access.ts'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { SecretOnce } from '../../../foundation/ui/form/secret-once.tsx'
import { useMay, useMe } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { organisationsQuery, useOrganisationName } from '../../../capabilities/force/console/index.tsx'

interface Grant {
  readonly role: Role
  readonly organisationId: string | null
}

interface AccountRow {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly kind: 'person' | 'service'
  readonly officerId: string | null
  readonly active: boolean
  readonly secondFactor: boolean
  readonly version: number
  readonly grants: readonly Grant[]
}

interface AccountForm {
  readonly kind: 'person' | 'service'
  readonly username: string
  readonly name: string
  readonly password?: string
  readonly roles: readonly Role[]
  readonly organisationId?: string
}

/** Who may sign in, with which roles. The three administrators are never one person: the server refuses it. */
export function AccountsAdmin() {
  const { t } = useTranslation('console')
  const may = useMay()
  const me = useMe()
  const organisationName = useOrganisationName()
  const accounts = useQuery({
    queryKey: ['accounts'],
    queryFn: ({ signal }) => api.get<{ accounts: readonly AccountRow[] }>('/api/accounts', {}, signal),
  })
  const [editing, setEditing] = useState<AccountRow | 'new' | null>(null)
  const [token, setToken] = useState<string | null>(null)
  const refresh = [['accounts']]

  const change = useCommand<{ account: AccountRow; body: object }, AccountRow>({
    run: ({ account, body }, idempotencyKey) =>
      api.patch(`/api/accounts/${account.id}`, body, { idempotencyKey, ifMatch: account.version }),
    refresh,
    done: () => setEditing(null),
  })
  const issue = useCommand<AccountRow, { token: string }>({
    run: ({ id }, idempotencyKey) =>
      api.post(`/api/accounts/${id}/tokens`, { label: 'API', validDays: 365 }, { idempotencyKey }),
    done: (answer) => setToken(answer.token),
  })

  return (
    <>
      <div className="page-head">
        <h1>{t('admin.accounts')}</h1>
        <span className="muted">{t('accounts.lead')}</span>
        {may('account.manage') && (
          <Button type="primary" className="push" onClick={() => setEditing('new')}>
            {t('accounts.add')}
          </Button>
        )}
      </div>
      <div className="panel">
        <Shown query={accounts} rows={8}>
          {(data) => (
            <Table<AccountRow>
              size="small"
              rowKey="id"
              dataSource={[...data.accounts]}
              pagination={{ pageSize: 25, hideOnSinglePage: true }}
              columns={[
                {
                  title: t('setup.username'),
                  render: (_, { username }) => <span className="mono">{username}</span>,
                },
                { title: t('setup.name'), dataIndex: 'name' },
                { title: t('accounts.kind'), render: (_, { kind }) => t(`accounts.${kind}`) },
                {
                  title: t('accounts.roles'),
                  render: (_, { grants }) =>
                    grants
                      .map(
                        ({ role, organisationId }) =>
                          t(`role.${role}`) +
                          (organisationId === null ? '' : `（${organisationName(organisationId)}）`),
                      )
                      .join('、'),
                },
                {
                  title: t('accounts.second-factor'),
                  render: (_, { secondFactor }) => (secondFactor ? `✓ ${t('accounts.on')}` : '—'),
                },
                {
                  title: t('accounts.state'),
                  render: (_, { active }) =>
                    active ? (
                      `● ${t('accounts.active')}`
                    ) : (
                      <span className="muted">○ {t('accounts.closed')}</span>
                    ),
                },
                {
                  title: '',
                  align: 'right',
                  render: (_, account) =>
                    may('account.manage') && (
                      <span style={{ display: 'inline-flex', gap: 6 }}>
                        <Button size="small" onClick={() => setEditing(account)}>
                          {t('ui:action.edit')}
                        </Button>
                        {account.kind === 'service' && may('token.issue') && (
                          <Button size="small" onClick={() => issue.mutate(account)}>
                            {t('accounts.token')}
                          </Button>
                        )}
                        {account.secondFactor && (
                          <Popconfirm
                            title={t('accounts.reset-ask')}
                            onConfirm={() => change.mutate({ account, body: { resetSecondFactor: true } })}
                          >
                            <Button size="small">{t('accounts.reset')}</Button>
                          </Popconfirm>
                        )}
                        {account.id !== me.accountId && (
                          <Popconfirm
                            title={t(account.active ? 'accounts.close-ask' : 'accounts.open-ask')}
                            onConfirm={() => change.mutate({ account, body: { active: !account.active } })}
                          >
                            <Button size="small" danger={account.active}>
                              {t(account.active ? 'accounts.close' : 'accounts.open')}
                            </Button>
                          </Popconfirm>
                        )}
                      </span>
                    ),
                },
              ]}
            />
          )}
        </Shown>
      </div>
      <AccountDialog
        account={editing}
        onClose={() => setEditing(null)}
        onChange={(account, body) => change.mutate({ account, body })}
        busy={change.isPending}
      />
      <SecretOnce title={t('accounts.token')} secret={token} onClose={() => setToken(null)} />
    </>
  )
}

function AccountDialog({
  account,
  busy,
  onClose,
  onChange,
}: {
  account: AccountRow | 'new' | null
  busy: boolean
  onClose: () => void
  onChange: (account: AccountRow, body: object) => void
}) {
  const { t } = useTranslation('console')
  const organisationName = useOrganisationName()
  const organisations = useQuery(organisationsQuery).data?.organisations ?? []
  const [form] = Form.useForm<AccountForm>()
  const isNew = account === 'new'
  const scope = account === null || account === 'new' ? null : account.grants[0]?.organisationId
  const kind = Form.useWatch('kind', form) ?? 'person'
  const create = useCommand<AccountForm, AccountRow>({
    run: ({ roles, organisationId, ...body }, idempotencyKey) =>
      api.post(
        '/api/accounts',
        { ...body, grants: roles.map((role) => ({ role, organisationId: organisationId ?? null })) },
        { idempotencyKey },
      ),
    refresh: [['accounts']],
    done: onClose,
  })
  const submit = (values: AccountForm) => {
    if (account === null) return
    if (account === 'new') return create.mutate(values)
    const organisationId = values.organisationId ?? null
    const kept = new Map(account.grants.map((grant) => [grant.role, grant]))
    const sameScope = organisationId === (scope ?? null)
    // Roles of one account may have been given for several organisations: what was not touched stays so.
    const grants = values.roles.map(
      (role) => (sameScope ? kept.get(role) : undefined) ?? { role, organisationId },
    )
    const sameGrants =
      sameScope && grants.length === account.grants.length && values.roles.every((role) => kept.has(role))
    onChange(account, {
      name: values.name,
      ...(sameGrants ? {} : { grants }),
      ...(values.password ? { password: values.password } : {}),
    })
  }
  return (
    <Modal
      open={account !== null}
      title={isNew ? t('accounts.add') : t('ui:action.edit')}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t('ui:action.save')}
      cancelText={t('ui:action.cancel')}
      confirmLoading={busy || create.isPending}
      destroyOnHidden
    >
      <Form<AccountForm>
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={
          account === null || isNew
            ? { kind: 'person', roles: [] }
            : {
                kind: account.kind,
                username: account.username,
                name: account.name,
                roles: account.grants.map(({ role }) => role),
                ...(scope == null ? {} : { organisationId: scope }),
              }
        }
        onFinish={submit}
      >
        {isNew && (
          <Form.Item name="kind" label={t('accounts.kind')}>
            <Segmented
              options={(['person', 'service'] as const).map((value) => ({
                value,
                label: t(`accounts.${value}`),
              }))}
            />
          </Form.Item>
        )}
        <Form.Item
          name="username"
          label={t('setup.username')}
          rules={[{ required: true, min: 2, pattern: /^[\p{L}\p{N}._-]+$/u }]}
        >
          <Input disabled={!isNew} spellCheck={false} autoComplete="off" />
        </Form.Item>
        <Form.Item name="name" label={t('setup.name')} rules={[{ required: true }]}>
          <Input autoComplete="off" />
        </Form.Item>
        {kind === 'person' && (
          <Form.Item
            name="password"
            label={t(isNew ? 'setup.password' : 'accounts.new-password')}
            rules={[{ required: isNew, min: 10, message: t('setup.password-hint', { min: 10 }) }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        )}
        <Form.Item name="roles" label={t('accounts.roles')}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="organisationId" label={t('accounts.scope')} extra={t('accounts.scope-hint')}>
          <Select
            allowClear
            placeholder={t('account.district')}
            options={organisations.map(({ id }) => ({ value: id, label: organisationName(id) }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}
