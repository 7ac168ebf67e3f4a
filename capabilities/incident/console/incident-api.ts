import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import type {
  Circumstance,
  Disposition,
  IncidentEvent,
  IncidentType,
  Level,
  LevelProposal,
  OpenStage,
  Origin,
} from '../core/index.ts'

export interface IncidentRow {
  readonly id: string
  readonly number: string
  readonly origin: Origin
  readonly typeCode: string
  readonly summary: string
  readonly address: string
  readonly position: { readonly lon: number; readonly lat: number }
  readonly peopleCount: number | null
  readonly circumstances: readonly Circumstance[]
  readonly organisationId: string | null
  readonly keyPlaceId: string | null
  readonly openedAt: string
  readonly isHourDrawn: boolean
  readonly proposal: LevelProposal | null
  readonly level: Level | null
  readonly firstArrivedAt: string | null
  readonly stage: OpenStage
  readonly status: 'open' | 'closed' | 'merged'
  readonly closedAt?: string | null
  readonly dispositionCode?: string | null
  readonly result?: string | null
  readonly mergedIntoId?: string | null
  readonly version: number
}

export interface IncidentPage {
  readonly incidents: readonly IncidentRow[]
  readonly next: string | null
}

export interface TimelineRow {
  readonly sequence: number
  readonly at: string
  readonly accountId: string | null
  readonly accountName: string
  readonly event: IncidentEvent
}

export const openIncidentsQuery = queryOptions({
  queryKey: ['incidents', 'open'],
  queryFn: ({ signal }) => api.get<IncidentPage>('/api/incidents', { status: 'open', limit: 200 }, signal),
})

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ['incident', id],
    queryFn: ({ signal }) => api.get<IncidentRow>(`/api/incidents/${id}`, {}, signal),
  })

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['incident', id, 'timeline'],
    queryFn: ({ signal }) => api.get<{ timeline: readonly TimelineRow[] }>(`/api/incidents/${id}/timeline`, {}, signal),
  })

export const incidentTypesQuery = queryOptions({
  queryKey: ['incident-types'],
  queryFn: ({ signal }) => api.get<{ types: readonly IncidentType[] }>('/api/incident-types', {}, signal),
  staleTime: 10 * 60_000,
})

export const dispositionsQuery = queryOptions({
  queryKey: ['dispositions'],
  queryFn: ({ signal }) => api.get<{ dispositions: readonly Disposition[] }>('/api/dispositions', {}, signal),
  staleTime: 10 * 60_000,
})

/** Gives the name of an incident type in the language of the screen; its code where it is not in the dictionary. */
export function useTypeName(): (code: string) => string {
  const { i18n } = useTranslation()
  const types = useQuery(incidentTypesQuery).data?.types
  return useMemo(() => {
    const names = new Map((types ?? []).map((each) => [each.code, i18n.language === 'en' ? each.nameEn : each.nameZh]))
    return (code) => names.get(code) ?? code
  }, [types, i18n.language])
}

/** The level that counts: a person's word, else what is proposed. */
export function shownLevel(incident: Pick<IncidentRow, 'level' | 'proposal'>): { level: Level | null; proposed: boolean } {
  if (incident.level !== null) return { level: incident.level, proposed: false }
  return { level: incident.proposal?.level ?? null, proposed: true }
}
