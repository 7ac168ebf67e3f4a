import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../../foundation/ui/api/client.ts'
import type { SettingRow } from '../../../../foundation/ui/form/setting-form.tsx'
import type { DutyPattern, Post } from '../../core/index.ts'

/** A pattern with where it comes from; version 0 is as shipped. */
export type PatternRow = DutyPattern & { readonly isShipped: boolean; readonly version: number }

export const patternsQuery = queryOptions({
  queryKey: ['duty-patterns'],
  queryFn: async ({ signal }) =>
    (await api.get<{ patterns: readonly PatternRow[] }>('/api/duty-patterns', {}, signal)).patterns,
})

export interface SchemeRow {
  readonly organisationId: string
  readonly patternCode: string
  readonly anchorDate: string
  readonly fromDate: string
  readonly version: number
  /** Officer ids, platoon by platoon. */
  readonly platoons: readonly (readonly string[])[]
}

export const schemesQuery = queryOptions({
  queryKey: ['duty-schemes'],
  queryFn: async ({ signal }) =>
    (await api.get<{ schemes: readonly SchemeRow[] }>('/api/duty-schemes', {}, signal)).schemes,
})

export type PostRow = Post & { readonly version: number }

export const postsQuery = queryOptions({
  queryKey: ['roster-posts'],
  queryFn: async ({ signal }) =>
    (await api.get<{ posts: readonly PostRow[] }>('/api/roster-posts', {}, signal)).posts,
})

export const ROSTER_SETTINGS_URL = '/api/roster-settings'

export const rosterSettingsQuery = queryOptions({
  queryKey: ['roster-settings'],
  queryFn: async ({ signal }) =>
    (await api.get<{ settings: readonly SettingRow[] }>(ROSTER_SETTINGS_URL, {}, signal)).settings,
})

/** The pattern itself, as it is written. */
export function plainPattern({ isShipped: _, version: __, ...pattern }: PatternRow): DutyPattern {
  return pattern
}
