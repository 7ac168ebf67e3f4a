import {
  type ForceBoard,
  type Officer,
  type OfficerId,
  type Unit,
  type UnitId,
  type UnitStatus,
} from '../../force/core/index.ts'
import { isOutstanding, isOpenOrder, type Activation, type ActivationOrder } from './activation.ts'
import type { RosteredNow } from '../../roster/core/index.ts'
import { NO_ROSTER, type OrderSubject, type Standing } from './call-out.ts'
import { isOnStreet, unitsByOfficer, whereabouts } from './street-strength.ts'

/** The force at the moment of a decision, and what counts as being out. Asked by name, not by loop. */
export interface Situation {
  readonly force: ForceBoard
  readonly countingStatuses: readonly UnitStatus[]
  /** What the published roster has each officer do now; empty where none holds. */
  readonly rostered: RosteredNow
  unit(id: UnitId): Unit | null
  officer(id: OfficerId): Officer | null
  unitOf(id: OfficerId): Unit | null
  /** Has an order to an incident, whatever its status says yet. */
  isCommitted(id: UnitId): boolean
  /** On the street: the unit by its status, the officer by unit or post. */
  isOut(subject: OrderSubject): boolean
  /** Who would come with it now: the crew of today, not that of the order. */
  officersOf(subject: OrderSubject): readonly OfficerId[]
}

export function situationOf(
  force: ForceBoard,
  countingStatuses: readonly UnitStatus[],
  committedUnitIds: ReadonlySet<string> = new Set(),
  rostered: RosteredNow = NO_ROSTER,
): Situation {
  const units = new Map(force.units.map((unit) => [unit.id, unit]))
  const officers = new Map(force.officers.map((officer) => [officer.id, officer]))
  const unitByOfficer = unitsByOfficer(force.units)
  return {
    force,
    countingStatuses,
    rostered,
    unit: (id) => units.get(id) ?? null,
    officer: (id) => officers.get(id) ?? null,
    unitOf: (id) => unitByOfficer.get(id) ?? null,
    isCommitted: (id) => committedUnitIds.has(id),
    isOut(subject) {
      if (subject.kind === 'unit') {
        const unit = units.get(subject.unitId)
        return unit !== undefined && countingStatuses.includes(unit.status)
      }
      const officer = officers.get(subject.officerId)
      if (!officer) return false
      return isOnStreet(whereabouts(officer, unitByOfficer.get(officer.id) ?? null, countingStatuses))
    },
    officersOf: (subject) =>
      subject.kind === 'unit' ? (units.get(subject.unitId)?.memberOfficerIds ?? []) : [subject.officerId],
  }
}

const isUnanswered = (order: ActivationOrder) => order.state.kind === 'ordered' && order.escalatedAt !== null

function standingBy(order: ActivationOrder): Standing {
  if (isUnanswered(order)) return 'no-answer'
  if (isOutstanding(order)) return 'coming'
  return order.state.kind === 'declined' ? 'declined' : 'came-in-again'
}

/** What each officer under an open order is to it. An order that brings somebody outweighs one that does not. */
export function standings(
  orders: Iterable<ActivationOrder>,
  situation: Situation,
): ReadonlyMap<OfficerId, Standing> {
  const found = new Map<OfficerId, Standing>()
  for (const order of orders) {
    if (!isOpenOrder(order)) continue
    const standing = standingBy(order)
    for (const officerId of situation.officersOf(order.subject))
      if (found.get(officerId) !== 'coming') found.set(officerId, standing)
  }
  return found
}

export const standingsOf = (activation: Activation, situation: Situation) =>
  standings(activation.orders.values(), situation)
