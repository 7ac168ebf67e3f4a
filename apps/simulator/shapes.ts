import type { LonLat } from '../../capabilities/place/core/index.ts'

/** The parts of the API's answers that simulated people look at. */
export interface UnitSeen {
  readonly id: string
  readonly callSign: string
  readonly organisationId: string
  readonly kind: string
  readonly status: string
}
export interface AssignmentSeen {
  readonly id: string
  readonly incidentId: string
  readonly unitId: string
  readonly role: 'handle' | 'stand-by'
  readonly state: 'ordered' | 'acknowledged' | 'en-route' | 'on-scene' | 'cleared' | 'released'
  readonly arrivedAt: string | null
  readonly version: number
}
export interface IncidentSeen {
  readonly id: string
  readonly typeCode: string
  readonly position: { readonly lon: number; readonly lat: number }
  readonly status: 'open' | 'closed' | 'merged'
  readonly level: string | null
  readonly proposal: { readonly level: string } | null
  readonly openedAt: string
  readonly version: number
}
export interface TimelineSeen {
  readonly accountId: string | null
  readonly type: string
}
export interface RecommendationSeen {
  readonly handle: readonly { readonly unitId: string }[]
  readonly alreadyHandling: readonly { readonly unitId: string }[]
}
export interface ActivationSeen {
  readonly id: string
  readonly orders: readonly {
    readonly id: string
    readonly subject: { readonly kind: string; readonly unitId?: string; readonly officerId?: string }
    readonly state: string
    readonly orderedAt: string
  }[]
}
export interface AreaSeen {
  readonly kind: string
  readonly organisationId: string | null
  readonly ring: readonly LonLat[]
}
export interface OrganisationSeen {
  readonly id: string
  readonly position: { readonly lon: number; readonly lat: number } | null
}
export interface PositionSeen {
  readonly unitId: string
  readonly lon: number
  readonly lat: number
}
export interface KeyPlaceSeen {
  readonly name: string
  readonly lon: number
  readonly lat: number
  readonly state: 'not-required' | 'covered' | 'uncovered' | 'alarm'
}

export interface PatrolOrderSeen {
  readonly id: string
  readonly place: { readonly lon: number; readonly lat: number }
  readonly units: readonly { readonly unitId: string; readonly readAt: string | null }[]
  readonly progress: {
    readonly current: {
      readonly startsAt: string
      readonly endsAt: string
      readonly outcome: string
    } | null
  } | null
}

/** A call of the past that is to arrive again. */
export interface CallToPlay {
  readonly source: string
  readonly externalId: string
  readonly occurrence: number
  readonly occurredAt: number
  readonly hourDrawn: boolean
  readonly typeCode: string
  readonly description: string | null
  readonly address: string | null
  readonly origin: 'citizen' | 'patrol' | 'alarm' | 'system'
  readonly circumstances: readonly string[]
  readonly peopleCount: number | null
  readonly lon: number
  readonly lat: number
}
