import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'
import type { Carrier, Datum, DeviceKind } from '../core/index.ts'

export interface KeyPlaceStanding {
  readonly placeId: string
  readonly name: string
  readonly lon: number
  readonly lat: number
  readonly radiusMetres: number
  readonly requiredUnits: number
  readonly limitSeconds: number
  readonly state: 'not-required' | 'covered' | 'uncovered' | 'alarm'
  readonly sinceAt: string | null
  readonly raisedAt: string | null
  readonly units: readonly { readonly unitId: string; readonly sinceAt: string }[]
}

export interface DeviceRow {
  readonly id: string
  readonly number: number
  readonly code: string
  readonly name: string
  readonly kind: DeviceKind
  readonly datum: Datum
  readonly gatewayId: string | null
  readonly enabled: boolean
  readonly carrier: Carrier | null
  readonly version: number
  readonly lastFixedAt: string | null
  readonly lastReceivedAt: string | null
}

export interface TrackRow {
  readonly unitId: string
  readonly fixes: number
  readonly distanceMetres: number
  readonly segments: readonly (readonly {
    readonly at: string
    readonly lon: number
    readonly lat: number
  }[])[]
  readonly gaps: readonly { readonly fromAt: string; readonly untilAt: string; readonly seconds: number }[]
}

export interface ReplayPage {
  readonly from: string
  readonly stepSeconds: number
  readonly frames: number
  readonly precision: number
  readonly units: readonly {
    readonly unitId: string
    readonly callSign: string
    readonly lon: readonly (number | null)[]
    readonly lat: readonly (number | null)[]
  }[]
  readonly nextFrom: string | null
}

export interface CountersRow {
  readonly from: string
  readonly to: string
  readonly totals: Readonly<Record<string, number>>
  readonly devices: readonly {
    readonly deviceId: string | null
    readonly code: string
    readonly name: string
    readonly counts: Readonly<Record<string, number>>
  }[]
  readonly waiting: number
}

/** How every key place stands. The alarm comes by the live stream; the minutes in between by asking again. */
export const keyPlacesQuery = queryOptions({
  queryKey: ['key-places', 'states'],
  queryFn: ({ signal }) =>
    api.get<{ states: readonly KeyPlaceStanding[] }>('/api/key-place-states', {}, signal),
  refetchInterval: 20_000,
})

export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: ({ signal }) => api.get<{ devices: readonly DeviceRow[] }>('/api/devices', {}, signal),
})

export const countersQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['position-counters', from, to],
    queryFn: ({ signal }) => api.get<CountersRow>('/api/position-counters', { from, to }, signal),
    refetchInterval: 30_000,
  })

/** The way one unit went. Reading it is written to the audit log. */
export const trackQuery = (unitId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['tracks', unitId, from, to],
    queryFn: ({ signal }) => api.get<TrackRow>('/api/tracks', { unitId, from, to }, signal),
    staleTime: 60_000,
  })

/** All units over a span, all pages of it. Reading it is written to the audit log. */
export const replayQuery = (from: string, to: string, stepSeconds: number) =>
  queryOptions({
    queryKey: ['replay', from, to, stepSeconds],
    async queryFn({ signal }) {
      const pages: ReplayPage[] = []
      for (let next: string | null = from; next !== null;) {
        const page: ReplayPage = await api.get<ReplayPage>(
          '/api/replay',
          { from: next, to, step: stepSeconds },
          signal,
        )
        pages.push(page)
        next = page.nextFrom
      }
      return pages
    },
    staleTime: Infinity,
    gcTime: 60_000,
  })
