import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import type {
  GradingRule,
  Circumstance,
  Disposition,
  IncidentType,
  Level,
  LevelProposal,
  LevelStep,
  OpenStage,
  Origin,
  ResponseTimes,
  Stage,
  UnitPart,
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
  readonly closedAt: string | null
  readonly dispositionCode: string | null
  readonly result: string | null
  readonly mergedIntoId: string | null
  readonly version: number
}

export interface ReportRow {
  readonly id: string
  readonly incidentId: string
  readonly origin: Origin
  readonly typeCode: string
  readonly summary: string
  readonly address: string
  readonly receivedAt: string
  readonly foundByUnitId: string | null
}

export interface IncidentPage {
  readonly incidents: readonly IncidentRow[]
  readonly nextCursor: string | null
}

export interface IncidentWhole {
  readonly incident: IncidentRow
  readonly reports: readonly ReportRow[]
  readonly absorbed: readonly { readonly id: string; readonly number: string }[]
}

export interface TimelineRow {
  readonly sequence: number
  readonly at: string
  readonly accountId: string | null
  readonly accountName: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface DuplicateRow {
  readonly incident: IncidentRow
  readonly score: number
  readonly reasons: readonly { readonly id: string; readonly [value: string]: unknown }[]
}

type Moment = string
type InIso<T> = {
  [K in keyof T]: K extends `${string}At` | 'at' ? (T[K] extends number ? Moment : Moment | null) : T[K]
}

/** The after-action report as the page shows it. */
export interface ReportShown {
  readonly incident: IncidentRow
  readonly writtenAt: Moment
  readonly times: ResponseTimes
  readonly stages: readonly {
    readonly stage: Stage
    readonly enteredAt: Moment
    readonly leftAt: Moment | null
    readonly durationSeconds: number
  }[]
  readonly levels: readonly InIso<LevelStep>[]
  readonly units: readonly InIso<UnitPart>[]
  readonly orders: {
    readonly ordered: number
    readonly acknowledged: number
    readonly chased: number
    readonly standBy: number
  }
  readonly reportCount: number
  readonly notes: readonly { readonly at: Moment; readonly by: string; readonly text: string }[]
  readonly medicalHelp: readonly {
    readonly at: Moment
    readonly by: string
    readonly kind: string
    readonly people: number
    readonly note: string
  }[]
  readonly forceUses: readonly {
    readonly unitId: string | null
    readonly at: Moment
    readonly by: string
    readonly kind: string
    readonly justification: string
    readonly warning: string
  }[]
  readonly timeline: readonly TimelineRow[]
}

export interface IncidentFilter {
  readonly status?: IncidentRow['status'] | undefined
  readonly level?: Level | undefined
  readonly origin?: Origin | undefined
  readonly typeCode?: string | undefined
  readonly q?: string | undefined
  readonly from?: string | undefined
  readonly until?: string | undefined
}

export const openIncidentsQuery = queryOptions({
  queryKey: ['incidents', 'open'],
  queryFn: ({ signal }) => api.get<IncidentPage>('/api/incidents', { status: 'open', limit: 500 }, signal),
})

export const incidentPagesQuery = (filter: IncidentFilter) =>
  infiniteQueryOptions({
    queryKey: ['incidents', 'pages', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<IncidentPage>('/api/incidents', { ...filter, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ['incident', id],
    queryFn: ({ signal }) => api.get<IncidentWhole>(`/api/incidents/${id}`, {}, signal),
  })

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['incident', id, 'timeline'],
    queryFn: ({ signal }) =>
      api.get<{ timeline: readonly TimelineRow[] }>(`/api/incidents/${id}/timeline`, {}, signal),
  })

export const afterActionQuery = (id: string) =>
  queryOptions({
    queryKey: ['incident', id, 'report'],
    queryFn: ({ signal }) => api.get<ReportShown>(`/api/incidents/${id}/report`, {}, signal),
  })

export const duplicatesQuery = (
  typeCode: string | undefined,
  position: { lon: number; lat: number } | null,
) =>
  queryOptions({
    queryKey: ['incidents', 'duplicates', typeCode, position],
    queryFn: ({ signal }) =>
      api.get<{ suggestions: readonly DuplicateRow[] }>(
        '/api/incident-duplicates',
        { typeCode: typeCode ?? '', lon: position?.lon, lat: position?.lat },
        signal,
      ),
    enabled: typeCode !== undefined && position !== null,
  })

export const incidentTypesQuery = queryOptions({
  queryKey: ['incident-types'],
  queryFn: ({ signal }) =>
    api.get<{
      types: readonly IncidentType[]
      classes: readonly { code: string; nameZh: string; nameEn: string }[]
    }>('/api/incident-types', {}, signal),
  staleTime: 10 * 60_000,
})

export interface SettingRow {
  readonly key: string
  readonly value: unknown
  readonly version: number
}

export const incidentSettingsQuery = queryOptions({
  queryKey: ['incident-settings'],
  queryFn: ({ signal }) => api.get<{ settings: readonly SettingRow[] }>('/api/incident-settings', {}, signal),
  staleTime: 10 * 60_000,
})

/** How an incident can end, as configured. */
export function useDispositions(): readonly Disposition[] {
  const settings = useQuery(incidentSettingsQuery).data?.settings
  return (
    (settings?.find(({ key }) => key === 'dispositions')?.value as readonly Disposition[] | undefined) ?? []
  )
}

/** The agency's own words for a grading rule that it added; nothing for one that ships. */
export function useOwnRuleName(): (ruleId: string) => string | undefined {
  const { i18n } = useTranslation()
  const settings = useQuery(incidentSettingsQuery).data?.settings
  const rules = settings?.find(({ key }) => key === 'grading-rules')?.value as
    readonly GradingRule[] | undefined
  return (ruleId) => {
    const rule = rules?.find(({ id }) => id === ruleId)
    return i18n.language === 'en' ? (rule?.labelEn ?? rule?.labelZh) : (rule?.labelZh ?? rule?.labelEn)
  }
}

/** Gives the name of an incident type in the language of the screen; its code where it is not in the dictionary. */
export function useTypeName(): (code: string) => string {
  const { i18n } = useTranslation()
  const types = useQuery(incidentTypesQuery).data?.types
  return useMemo(() => {
    const names = new Map(
      (types ?? []).map((each) => [each.code, i18n.language === 'en' ? each.nameEn : each.nameZh]),
    )
    return (code) => names.get(code) ?? code
  }, [types, i18n.language])
}

/** The level that counts: a person's word, else what is proposed. */
export function shownLevel(incident: Pick<IncidentRow, 'level' | 'proposal'>): {
  level: Level | null
  proposed: boolean
} {
  if (incident.level !== null) return { level: incident.level, proposed: false }
  return { level: incident.proposal?.level ?? null, proposed: true }
}
