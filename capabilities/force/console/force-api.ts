import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import type { OrganisationKind, Post, UnitKind, UnitStatus, VehicleKind } from '../core/index.ts'

export interface OrganisationRow {
  readonly id: string
  readonly parentId: string | null
  readonly code: string
  readonly kind: OrganisationKind
  readonly nameZh: string
  readonly nameEn: string
  readonly position: { readonly lon: number; readonly lat: number } | null
  /** Who is told when an order stays unanswered. */
  readonly dutyCommanderOfficerId: string | null
  readonly version: number
}

export interface OfficerRow {
  readonly id: string
  readonly organisationId: string
  readonly badgeNumber: string
  readonly sworn: boolean
  readonly patrolCapable: boolean
  readonly skills: readonly string[]
  readonly duty: 'on' | 'off'
  readonly dutySinceAt: string
  readonly post: Post
  readonly version: number
}

export interface VehicleRow {
  readonly id: string
  readonly organisationId: string
  readonly plate: string
  readonly kind: VehicleKind
  readonly version: number
}

export interface UnitRow {
  readonly id: string
  readonly organisationId: string
  readonly callSign: string
  readonly kind: UnitKind
  readonly leaderOfficerId: string | null
  readonly vehicleId: string | null
  readonly memberOfficerIds: readonly string[]
  readonly skills: readonly string[]
  readonly equipment: readonly string[]
  /** Where it serves now: with the borrower while lent. */
  readonly servingOrganisationId: string
  readonly status: UnitStatus
  readonly statusSinceAt: string
  readonly version: number
}

export interface LoanRow {
  readonly id: string
  readonly subject: {
    readonly kind: 'officer' | 'unit'
    readonly officerId?: string
    readonly unitId?: string
  }
  readonly fromOrganisationId: string
  readonly toOrganisationId: string
  readonly startsAt: string
  readonly endsAt: string | null
  readonly returnedAt: string | null
  /** Begun and not over. */
  readonly active: boolean
  readonly reason: string
}

export interface ForceBoardRow {
  readonly organisations: readonly OrganisationRow[]
  readonly officers: readonly OfficerRow[]
  readonly vehicles: readonly VehicleRow[]
  readonly units: readonly UnitRow[]
  readonly loans: readonly LoanRow[]
}

/** All forces of all departments, without personal data. */
export const forceBoardQuery = queryOptions({
  queryKey: ['force-board'],
  queryFn: ({ signal }) => api.get<ForceBoardRow>('/api/force-board', {}, signal),
  staleTime: 30_000,
})

/** Names of officers, where the account may read them; each reading is in the audit log. */
export const officerNamesQuery = queryOptions({
  queryKey: ['officer-names'],
  queryFn: ({ signal }) =>
    api.get<{ officers: readonly { id: string; name: string; phone: string | null }[] }>(
      '/api/officer-persons',
      {},
      signal,
    ),
  staleTime: 10 * 60_000,
})

/** Units by id, for a map or a list that has only ids. */
export function useUnits(): ReadonlyMap<string, UnitRow> {
  const may = useMay()
  const units = useQuery({
    ...forceBoardQuery,
    enabled: may('force.read'),
    select: (board) => board.units,
  }).data
  return useMemo(() => new Map((units ?? []).map((unit) => [unit.id, unit])), [units])
}

/** What changes when the register of the force does. */
export const FORCE_READS = [forceBoardQuery.queryKey, ['street-strength']] as const

/** Names of officers as far as they have been asked for on this screen; nothing is read for this alone. */
export function useKnownNames(): ReadonlyMap<string, { name: string; phone: string | null }> {
  const officers = useQuery({ ...officerNamesQuery, enabled: false }).data?.officers
  return useMemo(() => new Map((officers ?? []).map((person) => [person.id, person])), [officers])
}

/** Skills and equipment in words; an agency's own word is shown as it is. */
export function useSkillNames(): (codes: readonly string[]) => string {
  const { t } = useTranslation('force')
  return (codes) =>
    codes.map((code) => t(`skill.${code}`, { defaultValue: code })).join(t('ui:list-separator'))
}

/** What departments there are: small, seldom changed, and also for those who see no force. */
export const organisationsQuery = queryOptions({
  queryKey: ['organisations'],
  queryFn: ({ signal }) =>
    api.get<{ organisations: readonly OrganisationRow[] }>('/api/organisations', {}, signal),
  staleTime: 5 * 60_000,
})

/** Gives an organisation's name in the language of the screen. */
export function useOrganisationName(): (id: string | null | undefined) => string {
  const { i18n } = useTranslation()
  const may = useMay()
  const organisations = useQuery({
    ...organisationsQuery,
    enabled: may('force.read-organisations'),
  }).data?.organisations
  return useMemo(() => {
    const names = new Map(
      (organisations ?? []).map((each) => [each.id, i18n.language === 'en' ? each.nameEn : each.nameZh]),
    )
    return (id) => (id == null ? '—' : (names.get(id) ?? '—'))
  }, [organisations, i18n.language])
}
