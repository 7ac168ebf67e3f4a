import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../../foundation/ui/api/client.ts'
import type { AttendanceDifference, AttendanceState, RosterBreach, SickCallState } from '../../core/index.ts'

export interface AttendanceRow {
  readonly officerId: string
  readonly organisationId: string
  readonly rostered: {
    readonly kind: 'duty' | 'training' | 'leave'
    readonly option: string
    readonly startsAt: string
    readonly endsAt: string
  } | null
  readonly state: AttendanceState | null
  readonly at: string | null
  readonly source: 'attendance' | 'roll-call' | null
}

export interface AttendanceSheet {
  readonly date: string
  readonly rosterId: string | null
  readonly lines: readonly AttendanceRow[]
  readonly differences: readonly AttendanceDifference[]
}

export const attendanceQuery = (date: string, organisationId: string) =>
  queryOptions({
    queryKey: ['roster-attendance', date, organisationId],
    queryFn: ({ signal }) =>
      api.get<AttendanceSheet>('/api/roster-attendance', { date, organisationId }, signal),
  })

export interface SickCallRow {
  readonly id: string
  readonly rosterId: string
  readonly officerId: string
  readonly organisationId: string
  readonly date: string
  /** The duty that fell vacant, as an option key. */
  readonly duty: string
  readonly calledAt: string
  readonly state: SickCallState
  readonly replacementOfficerId: string | null
  readonly reason: string | null
  readonly version: number
}

export interface SickCallAdvice {
  readonly sickCall: SickCallRow
  /** What the roster breaks while nobody comes. */
  readonly gap: readonly RosterBreach[]
  readonly replacements: readonly {
    readonly officerId: string
    readonly instead: string
    readonly reasons: readonly { readonly code: string; readonly detail: Readonly<Record<string, number>> }[]
    readonly breaches: readonly RosterBreach[]
    readonly cost: number
  }[]
}

export const sickCallsQuery = (date: string) =>
  queryOptions({
    queryKey: ['sick-calls', date],
    queryFn: async ({ signal }) =>
      (
        await api.get<{ sickCalls: readonly SickCallRow[] }>(
          '/api/sick-calls',
          { from: date, until: date },
          signal,
        )
      ).sickCalls,
  })

export const sickCallQuery = (id: string) =>
  queryOptions({
    queryKey: ['sick-calls', 'of', id],
    queryFn: ({ signal }) => api.get<SickCallAdvice>(`/api/sick-calls/${id}`, {}, signal),
  })

/** The roster without the one who rang, with the fewest days of others changed; options as keys. */
export interface MendingPlan {
  readonly officerId: string | null
  readonly changes: readonly {
    readonly officerId: string
    readonly date: string
    readonly was: string
    readonly becomes: string
  }[]
  readonly breaches: readonly RosterBreach[]
}
