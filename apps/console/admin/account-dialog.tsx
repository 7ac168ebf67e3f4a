import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import {
  OfficerPicker,
  organisationsQuery,
  useOrganisationName,
} from '../../../capabilities/force/console/index.tsx'
import { ROLES, type Grant } from '../../../foundation/core/access.ts'
import { api } from '../../../foundation/ui/api/client.ts'
import { RecordDialog } from '../../../foundation/ui/form/record-dialog.tsx'
import { useMe } from '../../../foundation/ui/session/session.tsx'
import { accountsQuery, type AccountRow } from './accounts-api.ts'
import { areSameGrants, fitsKind, isForDistrictOnly, tidyGrants } from './grants.ts'

interface AccountForm {
  readonly kind: 'person' | 'service'
  readonly username: string
  readonly name: string
  readonly password?: string | undefined
  readonly officerId: string | null
  readonly grants: readonly Partial<Grant>[]
}

/** An account: who it is, which officer, which roles for which organisations. */
export function AccountDialog({ account, onClose }: { account: AccountRow | null; onClose: () => void }) {
  const { t } = useTranslation('console')
  return (
    <RecordDialog<AccountForm, AccountRow>
      title={account === null ? t('accounts.add') : t('accounts.change', { name: account.name })}
      width={640}
      stored={account}
      toForm={(row) => ({
        kind: row?.kind ?? 'person',
        username: row?.username ?? '',
        name: row?.name ?? '',
        officerId: row?.officerId ?? null,
        grants: row?.grants ?? [{}],
      })}
      versionOf={({ version }) => version}
      load={async () => {
        const { accounts } = await api.get<{ accounts: readonly AccountRow[] }>('/api/accounts')
        return accounts.find(({ id }) => id === account?.id) ?? null
      }}
      save={(values, options, row) => {
        const grants = tidyGrants(values.grants)
        const officerId = values.officerId ?? null
        if (row === null)
          return api.post(
            '/api/accounts',
            {
              kind: values.kind,
              username: values.username,
              name: values.name,
              officerId,
              grants,
              ...(values.kind === 'person' ? { password: values.password } : {}),
            },
            options,
          )
        return api.patch(
          `/api/accounts/${row.id}`,
          {
            name: values.name,
            officerId,
            ...(areSameGrants(grants, row.grants) ? {} : { grants }),
            ...(values.password ? { password: values.password } : {}),
          },
          options,
        )
      }}
      refresh={[accountsQuery.queryKey]}
      onClose={onClose}
    >
      <AccountFields account={account} />
    </RecordDialog>
  )
}

function AccountFields({ account }: { account: AccountRow | null }) {
  const { t } = useTranslation('console')
  const me = useMe()
  const form = Form.useFormInstance<AccountForm>()
  const kind = Form.useWatch('kind', form) ?? account?.kind ?? 'person'
  const own = account?.id === me.accountId
  return (
    <div className="form-grid">
      {account === null && (
        <Form.Item name="kind" label={t('accounts.kind')} className="wide">
          <Segmented
            options={(['person', 'service'] as const).map((value) => ({
              value,
              label: t(`accounts.${value}`),
            }))}
            // Another kind has other roles.
            onChange={() => form.setFieldValue('grants', [{}])}
          />
        </Form.Item>
      )}
      <Form.Item
        name="username"
        label={t('setup.username')}
        rules={[
          { required: true, min: 2, max: 40 },
          { pattern: /^[\p{L}\p{N}._-]+$/u, message: t('accounts.username-form') },
        ]}
      >
        <Input
          disabled={account !== null}
          autoFocus={account === null}
          spellCheck={false}
          autoComplete="off"
        />
      </Form.Item>
      <Form.Item name="name" label={t('setup.name')} rules={[{ required: true, whitespace: true, max: 60 }]}>
        <Input autoComplete="off" />
      </Form.Item>
      {kind === 'person' && !own && (
        <Form.Item
          name="password"
          label={t(account === null ? 'setup.password' : 'accounts.new-password')}
          rules={[{ required: account === null, min: 10, message: t('setup.password-hint', { min: 10 }) }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      )}
      {kind === 'person' && (
        <Form.Item name="officerId" label={t('accounts.officer')} extra={t('accounts.officer-hint')}>
          <OfficerPicker />
        </Form.Item>
      )}
      <div className="wide">
        <Grants kind={kind} disabled={own} />
      </div>
    </div>
  )
}

/** Role by role, each for one organisation and all below it, or for the whole district. */
function Grants({ kind, disabled }: { kind: 'person' | 'service'; disabled: boolean }) {
  const { t } = useTranslation('console')
  const organisationName = useOrganisationName()
  const organisations = useQuery(organisationsQuery).data?.organisations ?? []
  const form = Form.useFormInstance<AccountForm>()
  const grants = Form.useWatch('grants', form) ?? []
  return (
    <Form.Item
      label={t('accounts.grants')}
      extra={t(disabled ? 'ui:refusal.own-grants' : 'accounts.grants-hint')}
    >
      <Form.List name="grants">
        {(fields, { add, remove }, { errors }) => (
          <>
            {fields.map(({ key, name }) => {
              const role = grants[name]?.role
              return (
                <div key={key} className="grant-row">
                  <Form.Item
                    name={[name, 'role']}
                    rules={[{ required: true, message: t('accounts.role-missing') }]}
                  >
                    <Select
                      disabled={disabled}
                      aria-label={t('accounts.roles')}
                      placeholder={t('accounts.roles')}
                      showSearch={{ optionFilterProp: 'label' }}
                      options={ROLES.filter((each) => fitsKind(each, kind)).map((value) => ({
                        value,
                        label: t(`role.${value}`),
                      }))}
                    />
                  </Form.Item>
                  {role !== undefined && isForDistrictOnly(role) ? (
                    <span className="muted">{t('account.district')}</span>
                  ) : (
                    <Form.Item
                      name={[name, 'organisationId']}
                      getValueProps={(value: string | null | undefined) => ({ value: value ?? '' })}
                      normalize={(value: string) => (value === '' ? null : value)}
                    >
                      <Select
                        disabled={disabled}
                        aria-label={t('accounts.scope')}
                        showSearch={{ optionFilterProp: 'label' }}
                        options={[
                          { value: '', label: t('account.district') },
                          ...organisations.map(({ id }) => ({ value: id, label: organisationName(id) })),
                        ]}
                      />
                    </Form.Item>
                  )}
                  {!disabled && (
                    <Button type="text" aria-label={t('ui:action.remove')} onClick={() => remove(name)}>
                      ✕
                    </Button>
                  )}
                </div>
              )
            })}
            <Form.ErrorList errors={errors} />
            {!disabled && (
              <Button size="small" onClick={() => add({ organisationId: null })}>
                {t('accounts.grant-add')}
              </Button>
            )}
          </>
        )}
      </Form.List>
    </Form.Item>
  )
}
