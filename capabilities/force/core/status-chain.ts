import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { STATUS_SOURCES, UNIT_STATUSES, type StatusSource, type UnitStatus } from './types.ts'

/** One legal step of a unit. The id is the same in this table, the refusal, the audit entry and the screen. */
export interface StatusTransition {
  readonly id: string
  readonly from: UnitStatus
  readonly to: UnitStatus
  readonly sources: readonly StatusSource[]
}

const anyone = STATUS_SOURCES
const command: readonly StatusSource[] = ['dispatcher', 'system']
const people: readonly StatusSource[] = ['dispatcher', 'unit']

/**
 * Every legal step. What is not here is illegal.
 *
 * How to read it: nobody goes to an incident from off duty or out of service (a call-out comes first); a unit
 * bound to an incident (en route, on scene, stand-by) neither rests, inspects nor goes off duty before it is
 * cleared; from patrol the system may return a unit to where a level activation took it from.
 */
export const STATUS_TRANSITIONS: readonly StatusTransition[] = [
  { id: 'S01', from: 'off-duty', to: 'briefing', sources: anyone },
  { id: 'S02', from: 'off-duty', to: 'patrolling', sources: anyone },
  { id: 'S03', from: 'off-duty', to: 'out-of-service', sources: people },

  { id: 'S11', from: 'briefing', to: 'patrolling', sources: anyone },
  { id: 'S12', from: 'briefing', to: 'en-route', sources: anyone },
  { id: 'S13', from: 'briefing', to: 'stand-by', sources: command },
  { id: 'S14', from: 'briefing', to: 'off-duty', sources: anyone },
  { id: 'S15', from: 'briefing', to: 'out-of-service', sources: people },

  { id: 'S21', from: 'patrolling', to: 'en-route', sources: anyone },
  { id: 'S22', from: 'patrolling', to: 'on-scene', sources: anyone },
  { id: 'S23', from: 'patrolling', to: 'stand-by', sources: command },
  { id: 'S24', from: 'patrolling', to: 'inspecting', sources: anyone },
  { id: 'S25', from: 'patrolling', to: 'break', sources: anyone },
  { id: 'S26', from: 'patrolling', to: 'briefing', sources: anyone },
  { id: 'S27', from: 'patrolling', to: 'off-duty', sources: anyone },
  { id: 'S28', from: 'patrolling', to: 'out-of-service', sources: people },

  { id: 'S31', from: 'en-route', to: 'on-scene', sources: anyone },
  { id: 'S32', from: 'en-route', to: 'patrolling', sources: command },
  { id: 'S33', from: 'en-route', to: 'stand-by', sources: command },
  { id: 'S34', from: 'en-route', to: 'out-of-service', sources: people },

  { id: 'S41', from: 'on-scene', to: 'patrolling', sources: anyone },
  { id: 'S42', from: 'on-scene', to: 'en-route', sources: anyone },
  { id: 'S43', from: 'on-scene', to: 'stand-by', sources: command },
  { id: 'S44', from: 'on-scene', to: 'out-of-service', sources: people },

  { id: 'S51', from: 'stand-by', to: 'en-route', sources: anyone },
  { id: 'S52', from: 'stand-by', to: 'patrolling', sources: command },
  { id: 'S53', from: 'stand-by', to: 'on-scene', sources: anyone },
  { id: 'S54', from: 'stand-by', to: 'out-of-service', sources: people },

  { id: 'S61', from: 'inspecting', to: 'patrolling', sources: anyone },
  { id: 'S62', from: 'inspecting', to: 'en-route', sources: anyone },
  { id: 'S63', from: 'inspecting', to: 'on-scene', sources: anyone },
  { id: 'S64', from: 'inspecting', to: 'stand-by', sources: command },
  { id: 'S65', from: 'inspecting', to: 'break', sources: anyone },
  { id: 'S66', from: 'inspecting', to: 'off-duty', sources: people },
  { id: 'S67', from: 'inspecting', to: 'out-of-service', sources: people },

  { id: 'S71', from: 'break', to: 'patrolling', sources: anyone },
  { id: 'S72', from: 'break', to: 'en-route', sources: anyone },
  { id: 'S73', from: 'break', to: 'stand-by', sources: command },
  { id: 'S74', from: 'break', to: 'inspecting', sources: people },
  { id: 'S75', from: 'break', to: 'briefing', sources: anyone },
  { id: 'S76', from: 'break', to: 'off-duty', sources: anyone },
  { id: 'S77', from: 'break', to: 'out-of-service', sources: people },

  { id: 'S81', from: 'out-of-service', to: 'briefing', sources: people },
  { id: 'S82', from: 'out-of-service', to: 'patrolling', sources: people },
  { id: 'S83', from: 'out-of-service', to: 'off-duty', sources: people },
]

/** Statuses in which a unit serves a named incident. */
export const BOUND_TO_INCIDENT: readonly UnitStatus[] = ['en-route', 'on-scene', 'stand-by']

export const isUnitStatus = (text: string): text is UnitStatus =>
  (UNIT_STATUSES as readonly string[]).includes(text)

export const isBoundToIncident = (status: UnitStatus): boolean => BOUND_TO_INCIDENT.includes(status)

/** The step from one status to another, whoever asks; null where the chain has none. */
export function findTransition(from: UnitStatus, to: UnitStatus): StatusTransition | null {
  return STATUS_TRANSITIONS.find((step) => step.from === from && step.to === to) ?? null
}

/** Where a unit may go next when `source` asks, in the order of the table. The buttons of a screen. */
export function nextStatuses(from: UnitStatus, source: StatusSource): readonly UnitStatus[] {
  return STATUS_TRANSITIONS.filter((step) => step.from === from && step.sources.includes(source)).map(
    (step) => step.to,
  )
}

/**
 * The step a unit takes, or why it may not: `unit-already-in-status`, `status-step-illegal` (the chain has no
 * such step; `detail.legal` lists those it has) or `status-step-not-yours` (`detail.sources` may take it).
 */
export function decideStatus(
  from: UnitStatus,
  to: UnitStatus,
  source: StatusSource,
): StatusTransition | Refusal {
  if (from === to) return refuse('unit-already-in-status', { field: 'status', detail: { status: to } })
  const step = findTransition(from, to)
  if (!step)
    return refuse('status-step-illegal', {
      field: 'status',
      detail: { from, to, source, legal: nextStatuses(from, source) },
    })
  if (!step.sources.includes(source))
    return refuse('status-step-not-yours', {
      field: 'status',
      detail: { rule: step.id, from, to, source, sources: step.sources },
    })
  return step
}
