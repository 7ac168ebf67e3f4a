import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { LanguageSwitch } from '../../../foundation/ui/i18n/language-switch.tsx'
import { useOrganisationName } from '../../../capabilities/force/console/index.tsx'
import { useMe } from '../../../foundation/ui/session/session.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

/** Who is signed in, for which organisations; look, language, sign out. */
export function AccountMenu() {
  const { t } = useTranslation('console')
  const me = useMe()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const organisationName = useOrganisationName()
  const signOut = useCommand<void, unknown>({
    run: () => api.delete('/api/session'),
    async done() {
      // First away from what reads: whoever is still on screen when it is forgotten would ask for it again, signed out.
      await navigate({ to: '/sign-in' })
      queries.clear()
    },
  })

  const scopes = Object.values(me.permissions)
  const ids = scopes.includes(null) ? [] : [...new Set(scopes.flatMap((scope) => scope ?? []))]
  const named = ids.map(organisationName)
  const scope = named.length === 0 ? t('account.district') : named.slice(0, 2).join(t('ui:list-separator'))

  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className="account-panel">
          <div className="row">
            <span>{t('theme.label')}</span>
            <ThemeSwitch />
          </div>
          <div className="row">
            <span>Language</span>
            <LanguageSwitch />
          </div>
          <Link to="/account">{t('account.title')}</Link>
          {!me.secondFactor && <Link to="/second-factor">{t('account.second-factor')}</Link>}
          <Button block onClick={() => signOut.mutate()} loading={signOut.isPending}>
            {t('account.sign-out')}
          </Button>
        </div>
      }
    >
      <button type="button" className="account-button" aria-label={t('account.menu')}>
        <span>
          {me.name}
          <small>
            {me.roles.map((role) => t(`role.${role}`)).join(t('ui:list-separator'))} · {scope}
          </small>
        </span>
        <span aria-hidden>▾</span>
      </button>
    </Popover>
  )
}
