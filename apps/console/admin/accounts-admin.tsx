import { useQuery } from '@tanstack/react-query'
import { Button, Popconfirm, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay, useMe } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { useOrganisationName } from '../../../capabilities/force/console/index.tsx'
import { AccountDialog } from './account-dialog.tsx'
import { accountsQuery, type AccountRow } from './accounts-api.ts'
import { TokensDialog } from './tokens-dialog.tsx'

/** Who may sign in, with which roles. The three administrators are never one person: the server refuses it. */
export function AccountsAdmin() {
  const { t } = useTranslation('console')
  const may = useMay()
  const me = useMe()
  const organisationName = useOrganisationName()
  const accounts = useQuery(accountsQuery)
  const [editing, setEditing] = useState<AccountRow | 'new' | null>(null)
  const [tokensOf, setTokensOf] = useState<AccountRow | null>(null)

  const change = useCommand<{ account: AccountRow; body: object }, AccountRow>({
    run: ({ account, body }, idempotencyKey) =>
      api.patch(`/api/accounts/${account.id}`, body, { idempotencyKey, ifMatch: account.version }),
    refresh: [accountsQuery.queryKey],
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
              scroll={{ x: 'max-content' }}
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
                      .join(t('ui:list-separator')),
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
                      <span className="row-actions">
                        <Button size="small" onClick={() => setEditing(account)}>
                          {t('ui:action.edit')}
                        </Button>
                        {account.kind === 'service' && may('token.issue') && (
                          <Button size="small" onClick={() => setTokensOf(account)}>
                            {t('tokens.button')}
                          </Button>
                        )}
                        {account.secondFactor && account.id !== me.accountId && (
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
      {editing !== null && (
        <AccountDialog account={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
      {tokensOf !== null && <TokensDialog account={tokensOf} onClose={() => setTokensOf(null)} />}
    </>
  )
}
