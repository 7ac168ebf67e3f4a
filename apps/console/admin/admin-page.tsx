import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Suspense, type ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { forceBoardQuery, useOrganisationName } from '../../../capabilities/force/console/index.tsx'
import { AnalysisAdmin } from '../../../capabilities/analysis/console/analysis-admin.tsx'
import { LevelsAdmin } from '../../../capabilities/board/console/levels-admin.tsx'
import { PoliciesAdmin } from '../../../capabilities/dispatch/console/policies-admin.tsx'
import { GradingAdmin } from '../../../capabilities/incident/console/grading-admin.tsx'
import { PlanAdmin } from '../../../capabilities/incident/console/plan-admin.tsx'
import { IncidentPoliciesAdmin } from '../../../capabilities/incident/console/policies-admin.tsx'
import { TypesAdmin } from '../../../capabilities/incident/console/types-admin.tsx'
import { CountersAdmin } from '../../../capabilities/location/console/counters-admin.tsx'
import { DevicesAdmin } from '../../../capabilities/location/console/devices-admin.tsx'
import { OrderRulesAdmin } from '../../../capabilities/patrol/console/order-rules-admin.tsx'
import { AreasAdmin } from '../../../capabilities/place/console/areas-admin.tsx'
import { KeyPlacesAdmin } from '../../../capabilities/place/console/key-places-admin.tsx'
import type { OrganisationChoice } from '../../../capabilities/place/console/map-register.tsx'
import { SitesAdmin } from '../../../capabilities/place/console/sites-admin.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty, Loading } from '../../../foundation/ui/states/states.tsx'
import { AccountsAdmin } from './accounts-admin.tsx'
import { AuditAdmin } from './audit-admin.tsx'
import { WebhooksAdmin } from './webhooks-admin.tsx'
import './admin.css'

interface Part {
  readonly name: string
  readonly permission: string
  readonly page: ComponentType
}

const PARTS: readonly Part[] = [
  { name: 'accounts', permission: 'account.read', page: AccountsAdmin },
  { name: 'audit', permission: 'audit.read', page: AuditAdmin },
  { name: 'devices', permission: 'location.read-devices', page: DevicesAdmin },
  { name: 'counters', permission: 'location.read-counters', page: CountersAdmin },
  { name: 'levels', permission: 'board.read-levels', page: LevelsAdmin },
  { name: 'plan', permission: 'incident.read-settings', page: PlanAdmin },
  { name: 'grading', permission: 'incident.read-settings', page: GradingAdmin },
  { name: 'types', permission: 'incident.read-settings', page: TypesAdmin },
  { name: 'intake-policies', permission: 'incident.read-settings', page: IncidentPoliciesAdmin },
  { name: 'dispatch-policies', permission: 'dispatch.read-settings', page: PoliciesAdmin },
  { name: 'analysis', permission: 'analysis.read-settings', page: AnalysisAdmin },
  { name: 'order-rules', permission: 'patrol.read-settings', page: OrderRulesAdmin },
  { name: 'key-places', permission: 'place.read', page: KeyPlacesAdmin },
  { name: 'areas', permission: 'place.read', page: AreasPart },
  { name: 'sites', permission: 'place.read', page: SitesPart },
  { name: 'webhooks', permission: 'webhook.manage', page: WebhooksAdmin },
]

/** Places belong to organisations, which their register does not know. */
function useOrganisationChoice(): OrganisationChoice {
  const organisationName = useOrganisationName()
  const organisations = useQuery(forceBoardQuery).data?.organisations ?? []
  return { organisations: organisations.map(({ id }) => ({ value: id, label: organisationName(id) })) }
}

function AreasPart() {
  return <AreasAdmin {...useOrganisationChoice()} />
}

function SitesPart() {
  return <SitesAdmin {...useOrganisationChoice()} />
}

/** Administration: each administrator sees the parts that are his. */
export function AdminPage() {
  const { t } = useTranslation('console')
  const may = useMay()
  const navigate = useNavigate()
  const { part } = useSearch({ from: '/shell/admin' })
  const parts = PARTS.filter(({ permission }) => may(permission))
  const shown = parts.find(({ name }) => name === part) ?? parts[0]
  if (!shown) return <Empty text={t('forbidden')} />
  const { page: Page } = shown
  return (
    <div className="admin">
      <nav aria-label={t('nav.admin')}>
        {parts.map(({ name }) => (
          <button
            key={name}
            type="button"
            aria-current={name === shown.name ? 'page' : undefined}
            onClick={() => void navigate({ to: '/admin', search: { part: name } })}
          >
            {t(`admin.${name}`)}
          </button>
        ))}
      </nav>
      <div className="page">
        <Suspense fallback={<Loading rows={8} />}>
          <Page />
        </Suspense>
      </div>
    </div>
  )
}
