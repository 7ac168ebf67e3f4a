import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useOrganisationName } from '../../../capabilities/force/console/index.tsx'
import { useMe } from '../../../foundation/ui/session/session.tsx'
import { PasswordPanel } from './password-panel.tsx'
import { SessionsPanel } from './sessions-panel.tsx'
import './account.css'

/** What everybody keeps of the own account: password, one-time codes, open sessions. */
export function AccountPage() {
  const { t } = useTranslation('console')
  const me = useMe()
  const organisationName = useOrganisationName()
  const scopes = Object.values(me.permissions)
  const ids = scopes.includes(null) ? [] : [...new Set(scopes.flatMap((scope) => scope ?? []))]
  return (
    <div className="page account-page">
      <div className="page-head">
        <h1>{t('account.title')}</h1>
      </div>
      <section className="panel">
        <div className="panel-head">
          <h2>{me.name}</h2>
        </div>
        <dl className="panel-body facts">
          <dt>{t('accounts.roles')}</dt>
          <dd>{me.roles.map((role) => t(`role.${role}`)).join(t('ui:list-separator'))}</dd>
          <dt>{t('accounts.scope')}</dt>
          <dd>
            {ids.length === 0
              ? t('account.district')
              : ids.map(organisationName).join(t('ui:list-separator'))}
          </dd>
          <dt>{t('accounts.second-factor')}</dt>
          <dd>
            {me.secondFactor ? (
              <>
                ● {t('accounts.on')}
                <p className="muted">{t('account.second-factor-reset')}</p>
              </>
            ) : (
              <>
                ○ {t('account.second-factor-off')}{' '}
                <Link to="/second-factor">{t('account.second-factor')}</Link>
              </>
            )}
          </dd>
        </dl>
      </section>
      <PasswordPanel />
      <SessionsPanel />
    </div>
  )
}
