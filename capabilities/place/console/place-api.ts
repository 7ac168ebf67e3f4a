import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'

export interface FoundPlace {
  readonly id?: string
  readonly name: string
  readonly kind: string
  readonly lon: number
  readonly lat: number
}

export interface AreaRow {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly organisationId: string | null
  readonly ring: readonly (readonly [number, number])[]
  readonly version: number
}

/** Names of streets, crossings and places for the type-ahead, best first. */
export const placeSearchQuery = (query: string) =>
  queryOptions({
    queryKey: ['place-search', query],
    queryFn: ({ signal }) =>
      api.get<{ places: readonly FoundPlace[] }>('/api/place-search', { q: query, limit: 12 }, signal),
    enabled: query.trim() !== '',
    staleTime: 5 * 60_000,
  })

export const areasQuery = queryOptions({
  queryKey: ['areas'],
  queryFn: ({ signal }) => api.get<{ areas: readonly AreaRow[] }>('/api/areas', {}, signal),
  staleTime: 10 * 60_000,
})

export interface ActiveHoursRow {
  readonly weekdays: readonly number[]
  readonly fromMinute: number
  readonly untilMinute: number
}

export interface KeyPlaceRow {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly lon: number
  readonly lat: number
  readonly radiusMetres: number
  readonly requiredUnits: number
  readonly limitSeconds: number
  readonly activeHours: readonly ActiveHoursRow[]
}

export const keyPlaceRegisterQuery = queryOptions({
  queryKey: ['key-place-register'],
  queryFn: ({ signal }) => api.get<{ keyPlaces: readonly KeyPlaceRow[] }>('/api/key-places', {}, signal),
})
