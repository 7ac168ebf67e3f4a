import type { Position } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import type { Travel } from '../../../solvers/routing/travel.ts'
import type { DispatchEntry, Incident, ResponsePlan } from '../../incident/core/index.ts'
import type { CandidateUnit } from '../core/index.ts'

/** A unit as the force knows it. */
export type ForceUnit = Pick<
  CandidateUnit,
  'unitId' | 'callSign' | 'organisationId' | 'organisationKind' | 'status' | 'skills'
>

/** What dispatch needs of the other rooms; apps/server wires it. */
export interface DispatchNeeds {
  /** Every unit, or those of the ids; `organisationId` is the one it serves now, loans counted. */
  listUnits(db: Db | Tx, now: Instant, ids?: readonly string[]): Promise<readonly ForceUnit[]>
  /** The officers in a unit now. */
  crewOf(db: Db | Tx, unitId: string): Promise<readonly string[]>
  /** Latest positions, read from memory. */
  positionOf(unitId: string): { readonly position: Position; readonly fixedAt: Instant } | null
  /** Road travel from each source to the target, in the order of the sources: one reverse search. */
  travelToOne(target: Position, sources: readonly Position[]): readonly Travel[]
  findIncident(db: Db | Tx, incidentId: string): Promise<Incident | null>
  /** The same with its row locked until the transaction ends, so that nobody is sent to what is being closed. */
  lockIncident(tx: Tx, incidentId: string): Promise<Incident | null>
  /** Adds what happened to units, and whom the system told, to the incident's timeline in this transaction. */
  appendUnitEvents(
    tx: Tx,
    incidentId: string,
    events: readonly DispatchEntry[],
    by: Pick<ActorContext, 'accountId' | 'name' | 'now'>,
  ): Promise<unknown>
  /** Keeps in the timeline whom the system advised to send. */
  appendAdvice(
    tx: Tx,
    incidentId: string,
    advice: Readonly<Record<string, unknown>>,
    by: Pick<ActorContext, 'accountId' | 'name' | 'now'>,
  ): Promise<unknown>
  responsePlan(db: Db | Tx): Promise<ResponsePlan>
}
