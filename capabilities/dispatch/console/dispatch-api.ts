import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../../foundation/ui/api/client.ts'
import type { IncidentExtra } from '../../incident/console/index.tsx'
import type { Assignment, Recommendation } from '../core/index.ts'

type Moments =
  | 'orderedAt'
  | 'askedAt'
  | 'acknowledgedAt'
  | 'departedAt'
  | 'arrivedAt'
  | 'releasedAt'
  | 'lastChasedAt'
  | 'chaseEscalatedAt'

export type AssignmentRow = Omit<Assignment, Moments> & {
  readonly orderedAt: string
  readonly askedAt: string
  readonly acknowledgedAt: string | null
  readonly departedAt: string | null
  readonly arrivedAt: string | null
  readonly releasedAt: string | null
  readonly lastChasedAt: string | null
  readonly chaseEscalatedAt: string | null
}

export const openAssignmentsQuery = queryOptions({
  queryKey: ['assignments', 'open'],
  queryFn: ({ signal }) =>
    api.get<{ assignments: readonly AssignmentRow[] }>('/api/assignments', { open: true }, signal),
})

export const incidentAssignmentsQuery = (incidentId: string) =>
  queryOptions({
    queryKey: ['assignments', incidentId],
    queryFn: ({ signal }) =>
      api.get<{ assignments: readonly AssignmentRow[] }>('/api/assignments', { incidentId }, signal),
  })

/** Assignments that ran within a span, read page by page from the latest back. */
export const assignmentsBetweenQuery = (from: string, until: string) =>
  queryOptions({
    queryKey: ['assignments', 'between', from, until],
    async queryFn({ signal }) {
      const found: AssignmentRow[] = []
      for (let cursor: string | null = null; ;) {
        const page: { assignments: readonly AssignmentRow[]; nextCursor: string | null } = await api.get(
          '/api/assignments',
          { limit: 1000, cursor },
          signal,
        )
        found.push(
          ...page.assignments.filter(
            ({ orderedAt, releasedAt }) => orderedAt <= until && (releasedAt === null || releasedAt >= from),
          ),
        )
        cursor = page.nextCursor
        const oldest = page.assignments.at(-1)
        if (cursor === null || !oldest || oldest.orderedAt < earlier(from)) return found
      }
    },
    staleTime: 60_000,
  })

/** An order may have been given this long before the span and still run in it. */
const LONGEST_ASSIGNMENT_MILLISECONDS = 12 * 3_600_000
const earlier = (from: string) => new Date(Date.parse(from) - LONGEST_ASSIGNMENT_MILLISECONDS).toISOString()

export interface NoticeRow {
  readonly id: string
  readonly kind: 'nearby' | 'group' | 'chase' | 'leader'
  readonly recipientKind: 'unit' | 'organisation' | 'group'
  readonly recipientId: string
  readonly sentAt: string
  readonly receipts: readonly { readonly accountName: string; readonly readAt: string }[]
}

/** Who has been told of an incident, and who has read it. */
export const noticesQuery = (incidentId: string) =>
  queryOptions({
    queryKey: ['incident', incidentId, 'notices'],
    queryFn: ({ signal }) =>
      api.get<{ notices: readonly NoticeRow[] }>('/api/notices', { incidentId }, signal),
  })

/** `named`: the organisations whose forces the commander names for this incident. */
export const recommendationQuery = (incidentId: string, named: readonly string[] = []) =>
  queryOptions({
    queryKey: ['incident', incidentId, 'recommendation', named],
    queryFn: ({ signal }) =>
      api.get<Recommendation>(`/api/incidents/${incidentId}/recommendation`, { named }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  })

/** Who is at or on the way to each incident, counted. */
export function useIncidentExtras(): ReadonlyMap<string, IncidentExtra> {
  const assignments = useQuery(openAssignmentsQuery).data?.assignments
  return useMemo(() => {
    const extras = new Map<string, IncidentExtra>()
    for (const { incidentId, role, state } of assignments ?? []) {
      const before = extras.get(incidentId) ?? { handling: 0, arrived: 0, standBy: 0, unanswered: 0 }
      extras.set(incidentId, {
        handling: before.handling + Number(role === 'handle'),
        arrived: before.arrived + Number(state === 'on-scene'),
        standBy: before.standBy + Number(role === 'stand-by'),
        unanswered: before.unanswered + Number(state === 'ordered'),
      })
    }
    return extras
  }, [assignments])
}
