import type { Brand } from '../../../foundation/core/brand.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import { isInsideRing } from '../../../foundation/core/geo.ts'
import type { Refusal } from '../../../foundation/core/outcome.ts'
import { refuse } from '../../../foundation/core/outcome.ts'
import type { LonLat } from './features.ts'

export type SiteId = Brand<string, 'SiteId'>
export type AreaId = Brand<string, 'AreaId'>
export type KeyPlaceId = Brand<string, 'KeyPlaceId'>

/** 居民小区、场所行业、重点单位. */
export const SITE_CLASSES = ['residential', 'venue', 'key-unit'] as const
export type SiteClass = (typeof SITE_CLASSES)[number]

/** A must-inspect site without the person to ask there, who is personal data and read by itself. */
export interface Site extends Position {
  readonly id: SiteId
  readonly name: string
  readonly class: SiteClass
  readonly trade: string
  readonly organisationId: string | null
  readonly address: string
  readonly version: number
}

export interface SiteContact {
  readonly contactName: string
  readonly contactPhone: string
}

/** What an area is for: `station` says which station a place belongs to, `beat` is a 巡区. */
export const AREA_KINDS = ['station', 'beat', 'key-area', 'other'] as const
export type AreaKind = (typeof AREA_KINDS)[number]

export interface Area {
  readonly id: AreaId
  readonly kind: AreaKind
  readonly name: string
  readonly organisationId: string | null
  /** Closed: the last point is the first. */
  readonly ring: readonly LonLat[]
  readonly version: number
}

/** From one minute of the day to another on the district's clock, on some weekdays (1 Monday to 7; none: every day). */
export interface ActiveHours {
  readonly weekdays: readonly number[]
  readonly fromMinute: number
  readonly untilMinute: number
}

/** A place that must not be left alone (重点部位) and what is required there (定点值守要求). */
export interface KeyPlace extends Position {
  readonly id: KeyPlaceId
  readonly name: string
  readonly radiusMetres: number
  readonly requiredUnits: number
  /** Uncovered for longer than this raises the alarm. */
  readonly limitSeconds: number
  /** None: always. */
  readonly activeHours: readonly ActiveHours[]
  readonly version: number
}

/** The ring closed, repeated points left out. Refuses `invalid-ring` with fewer than three corners or no inside. */
export function closedRing(ring: readonly LonLat[]): readonly LonLat[] | Refusal {
  const corners = ring.filter(([lon, lat], i) => {
    const before = ring[i - 1]
    return before === undefined || before[0] !== lon || before[1] !== lat
  })
  const [first, last] = [corners[0], corners[corners.length - 1]]
  if (corners.length > 1 && first![0] === last![0] && first![1] === last![1]) corners.pop()
  const doubleArea = corners.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length]!
    return (
      sum + (x - corners[0]![0]) * (nextY - corners[0]![1]) - (nextX - corners[0]![0]) * (y - corners[0]![1])
    )
  }, 0)
  if (corners.length < 3 || Math.abs(doubleArea) < 1e-12) {
    return refuse('invalid-ring', { field: 'ring', detail: { corners: corners.length } })
  }
  return [...corners, corners[0]!]
}

/** The first area of a kind that a position lies in, or null: which station, which beat. */
export function areaAt(areas: readonly Area[], kind: AreaKind, position: Position): Area | null {
  return areas.find((area) => area.kind === kind && isInsideRing(area.ring, position)) ?? null
}
