import { queryOptions, useQuery } from '@tanstack/react-query'
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

export const recommendationQuery = (incidentId: string) =>
  queryOptions({
    queryKey: ['incident', incidentId, 'recommendation'],
    queryFn: ({ signal }) =>
      api.get<Recommendation>(`/api/incidents/${incidentId}/recommendation`, {}, signal),
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
