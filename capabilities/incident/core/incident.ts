import type { Position } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { LevelProposal } from './grading.ts'
import type { Level } from './level.ts'
import type { OpenStage } from './stage.ts'
import type { Circumstance, IncidentId, Origin, ReportId } from './types.ts'

/** What people may correct while the incident runs. */
export interface IncidentDetails {
  readonly typeCode: string
  readonly summary: string
  readonly address: string
  readonly position: Position
  readonly peopleCount: number | null
  readonly circumstances: readonly Circumstance[]
}

/** Where the place belongs, as found when the place was set. */
export interface PlaceFinding {
  /** The station of the place; null outside every station's area. */
  readonly organisationId: string | null
  readonly keyPlaceId: string | null
}

/** Medical help on scene: asked for, arrived, how many were treated. */
export interface MedicalHelp {
  readonly kind: 'called' | 'first-aid' | 'handed-to-ambulance'
  readonly people: number
  readonly note: string
}

/** Use of force and why it could not be avoided. The justification is never empty. */
export interface ForceUse {
  readonly kind: 'restraint' | 'baton' | 'spray' | 'firearm-drawn' | 'firearm-used' | 'other'
  readonly unitId: string | null
  readonly justification: string
  /** The warning that was given, or why there was none. */
  readonly warning: string
}

interface IncidentCore extends IncidentDetails, PlaceFinding {
  readonly id: IncidentId
  readonly number: string
  readonly origin: Origin
  readonly openedAt: Instant
  /** True where the hour of a historic call was drawn from a profile, not reported. */
  readonly isHourDrawn: boolean
  readonly proposal: LevelProposal | null
  /** What a person has set; null until then. */
  readonly level: Level | null
  readonly firstArrivedAt: Instant | null
  /** Stage at which it stands or, once ended, stood last. */
  readonly stage: OpenStage
  /** Counts the changes of what is above; the ETag. */
  readonly version: number
}

export type Incident = IncidentCore &
  (
    | { readonly status: 'open' }
    | {
        readonly status: 'closed'
        readonly closedAt: Instant
        readonly dispositionCode: string
        readonly result: string
      }
    | { readonly status: 'merged'; readonly mergedIntoId: IncidentId }
  )

export interface OpenedData extends IncidentDetails, PlaceFinding {
  readonly number: string
  readonly origin: Origin
  readonly isHourDrawn: boolean
  readonly reportId: ReportId
}

interface LevelChange {
  readonly level: Level
  readonly from: Level | null
}

/** Written into `incident_event` as type and data. Unit events come from dispatch through the same timeline. */
export type IncidentEvent =
  | { readonly type: 'opened'; readonly data: OpenedData }
  | { readonly type: 'report-attached'; readonly data: { readonly reportId: ReportId } }
  | { readonly type: 'details-changed'; readonly data: Partial<IncidentDetails> & Partial<PlaceFinding> }
  | { readonly type: 'level-proposed'; readonly data: LevelProposal }
  | { readonly type: 'level-confirmed'; readonly data: LevelChange }
  | {
      readonly type: 'level-overridden'
      readonly data: LevelChange & { readonly proposed: Level; readonly reason: string }
    }
  | { readonly type: 'escalated'; readonly data: LevelChange & { readonly reason: string } }
  | { readonly type: 'de-escalated'; readonly data: LevelChange & { readonly reason: string } }
  | {
      readonly type: 'stage-changed'
      readonly data: { readonly from: OpenStage; readonly to: OpenStage; readonly reason: string | null }
    }
  | { readonly type: 'note-added'; readonly data: { readonly text: string } }
  | { readonly type: 'medical-help'; readonly data: MedicalHelp }
  | { readonly type: 'force-used'; readonly data: ForceUse }
  | { readonly type: 'closed'; readonly data: { readonly dispositionCode: string; readonly result: string } }
  | { readonly type: 'reopened'; readonly data: { readonly reason: string } }
  | {
      readonly type: 'merged'
      readonly data: { readonly intoId: IncidentId; readonly intoNumber: string; readonly reason: string }
    }
  | {
      readonly type: 'absorbed'
      readonly data: { readonly incidentId: IncidentId; readonly number: string; readonly reason: string }
    }
  | { readonly type: UnitEventType; readonly data: UnitEventData }
  | { readonly type: NoteworthyType; readonly data: Readonly<Record<string, unknown>> }

/** What the system did that belongs into the record: whom it advised to send, whom it told first. */
export type NoteworthyType = 'units-recommended' | 'notice-sent'

/** Entries that dispatch adds to the timeline; none of them changes what somebody may be editing. */
export type DispatchEntry =
  | { readonly type: UnitEventType; readonly data: UnitEventData }
  | { readonly type: NoteworthyType; readonly data: Readonly<Record<string, unknown>> }

/** What happens to a unit at an incident. */
export const UNIT_EVENT_TYPES = [
  'unit-ordered',
  'unit-stood-by',
  'unit-promoted',
  'unit-acknowledged',
  'unit-departed',
  'unit-arrived',
  'unit-released',
  'unit-chased',
  'unit-chase-escalated',
  'unit-transferred',
] as const
export type UnitEventType = (typeof UNIT_EVENT_TYPES)[number]

export interface UnitEventData {
  readonly assignmentId: string
  readonly unitId: string
  readonly callSign: string
  readonly role: 'handle' | 'stand-by'
  readonly [detail: string]: unknown
}

export function isUnitEvent(event: {
  readonly type: string
}): event is { readonly type: UnitEventType; readonly data: UnitEventData } {
  return UNIT_EVENT_TYPES.includes(event.type as UnitEventType)
}

/** An event with its place in the timeline. */
export interface TimelineEntry {
  /** 1, 2, 3 … within the incident, without gaps. */
  readonly sequence: number
  readonly at: Instant
  /** Null for what the system did by itself. */
  readonly accountId: string | null
  readonly accountName: string
  readonly event: IncidentEvent
}
