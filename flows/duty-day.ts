import type { Instant } from '../foundation/core/instant.ts'
import { isRefusal, type Refusal } from '../foundation/core/outcome.ts'
import type { Tx } from '../foundation/server/db.ts'
import { systemContext, type ActorContext } from '../foundation/server/http/context.ts'
import type { FlowRow } from '../foundation/server/outbox/runner.ts'
import { noteRollCall } from '../capabilities/roster/server/attendance.ts'
import type { LifeNeeds } from '../capabilities/roster/server/life.needs.ts'
import { lapseSwaps } from '../capabilities/roster/server/swaps.ts'

/** What the story needs of the other rooms; apps/server/compose.ts wires it. */
export interface DutyDayDeps {
  now(): Instant
  readonly roster: LifeNeeds
  /** Calls officers on duty as the force does it. */
  callDuty(tx: Tx, actor: ActorContext, officerIds: readonly string[], duty: 'on'): Promise<unknown | Refusal>
}

type Step = FlowRow<DutyDayDeps>['run']

/** What two had agreed on about days that now say something else is void, and they hear of it. */
const lapse: Step = async (tx, { subjectId }, { roster, now }) => {
  await lapseSwaps(tx, systemContext('roster swaps', now()), roster, subjectId)
}

/** A roster takes the place of another: what was agreed on days of the former is looked at as well. */
const lapseAll: Step = async (tx, _event, { roster, now }) => {
  await lapseSwaps(tx, systemContext('roster swaps', now()), roster)
}

/** Whoever was there at the roll call, and whose shift it is, is on duty. */
const goOnDuty: Step = async (tx, { data }, { callDuty, now }) => {
  const officerIds = data['goOnDuty'] as readonly string[]
  if (officerIds.length === 0) return
  const outcome = await callDuty(tx, systemContext('roll call', now()), officerIds, 'on')
  // One who was taken off the register between the call and now; the others still go on duty.
  if (typeof outcome !== 'object' || outcome === null || !isRefusal(outcome)) return
  const gone = new Set(outcome.detail?.['officerIds'] as readonly string[])
  const left = officerIds.filter((id) => !gone.has(id))
  if (left.length > 0 && left.length < officerIds.length)
    await callDuty(tx, systemContext('roll call', now()), left, 'on')
}

/** A roll call of the force is attendance for those whom the roster has there. */
const rollCallIsAttendance: Step = async (tx, { data, at }, { roster, now }) => {
  if (data['duty'] !== 'on') return
  const officerIds = data['officerIds'] as readonly string[]
  await noteRollCall(tx, systemContext('roll call', now()), roster, officerIds, at)
}

/** A row with the topics that its step may lead to. */
export interface DutyDayRow extends FlowRow<DutyDayDeps> {
  readonly leadsTo: readonly string[]
}

/** A chief publishes and changes a roster; whoever leads the shift calls the roll, against it or in the force. */
export const CAUSED_BY_PEOPLE = [
  'roster.published',
  'roster.changed',
  'roster.withdrawn',
  'attendance.recorded',
  'officer.duty-changed',
] as const

/**
 * The story of a duty day 勤务日, read from top to bottom: pattern → roster → roll call → board → street strength.
 * Before it patterns and the solver have made a roster that a chief publishes. Once people are on duty the board counts
 * them, and an open activation follows by its own flow (flows/activation.ts, «activation-follows-duty»).
 * Ids are what «has already run» is remembered by: never rename one.
 */
export const DUTY_DAY_FLOW: readonly DutyDayRow[] = [
  {
    id: 'duty-day/lapse-published',
    on: 'roster.published',
    run: lapseAll,
    leadsTo: ['roster-swap.decided'],
  },
  { id: 'duty-day/lapse-changed', on: 'roster.changed', run: lapse, leadsTo: ['roster-swap.decided'] },
  {
    id: 'duty-day/lapse-withdrawn',
    on: 'roster.withdrawn',
    run: lapse,
    leadsTo: ['roster-swap.decided'],
  },
  {
    id: 'duty-day/go-on-duty',
    on: 'attendance.recorded',
    run: goOnDuty,
    leadsTo: ['officer.duty-changed'],
  },
  {
    id: 'duty-day/roll-call-is-attendance',
    on: 'officer.duty-changed',
    run: rollCallIsAttendance,
    leadsTo: ['attendance.recorded'],
  },
]
