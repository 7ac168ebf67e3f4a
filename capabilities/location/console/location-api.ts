import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'
import type { ActiveHours, Carrier, Datum, DeviceKind } from '../core/index.ts'

export interface KeyPlaceRow {
  readonly id: string
  readonly name: string
  readonly lon: number
  readonly lat: number
  readonly radiusMetres: number
  readonly requiredUnits: number
  readonly limitSeconds: number
  readonly activeHours: readonly ActiveHours[]
  readonly version?: number
}

export interface KeyPlaceState {
  readonly placeId: string
  readonly state: 'not-required' | 'covered' | 'uncovered' | 'alarm'
  readonly sinceAt: string | null
  readonly raisedAt: string | null
  readonly units: readonly { readonly unitId: string; readonly sinceAt: string }[]
}

export interface DeviceRow {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly kind: DeviceKind
  readonly datum: Datum
  readonly enabled: boolean
  readonly carrier: Carrier | null
  readonly lastFixedAt?: string | null
  readonly version: number
}

export const keyPlacesQuery = queryOptions({
  queryKey: ['key-places'],
  queryFn: ({ signal }) => api.get<{ keyPlaces: readonly KeyPlaceRow[] }>('/api/key-places', {}, signal),
})

export const keyPlaceStatesQuery = queryOptions({
  queryKey: ['key-places', 'states'],
  queryFn: ({ signal }) => api.get<{ states: readonly KeyPlaceState[] }>('/api/key-place-states', {}, signal),
  refetchInterval: 30_000,
})
