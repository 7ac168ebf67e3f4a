import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { findDisposition, type Disposition } from './disposition.ts'
import type { LevelProposal } from './grading.ts'
import type {
  ForceUse,
  Incident,
  IncidentDetails,
  IncidentEvent,
  MedicalHelp,
  PlaceFinding,
} from './incident.ts'
import { findType, type IncidentType } from './incident-type.ts'
import { isHigher, type Level } from './level.ts'
import { findStageMove, type OpenStage } from './stage.ts'
import type { IncidentId, ReportId } from './types.ts'

export type IncidentCommand =
  | { readonly do: 'attach-report'; readonly reportId: ReportId }
  | {
      readonly do: 'change-details'
      readonly changes: Partial<IncidentDetails>
      readonly finding: PlaceFinding | null
    }
  | { readonly do: 'propose-level'; readonly proposal: LevelProposal }
  | { readonly do: 'confirm-level'; readonly level: Level; readonly reason: string | null }
  | { readonly do: 'escalate'; readonly level: Level; readonly reason: string }
  | { readonly do: 'de-escalate'; readonly level: Level; readonly reason: string }
  | { readonly do: 'advance-stage'; readonly stage: OpenStage; readonly reason: string | null }
  | { readonly do: 'unit-arrived' }
  | { readonly do: 'add-note'; readonly text: string }
  | { readonly do: 'record-medical-help'; readonly help: MedicalHelp }
  | { readonly do: 'record-force'; readonly force: ForceUse }
  | { readonly do: 'close'; readonly dispositionCode: string; readonly result: string }
  | { readonly do: 'reopen'; readonly reason: string }
  | { readonly do: 'merge'; readonly into: Incident; readonly reason: string }
  | {
      readonly do: 'absorb'
      readonly incidentId: IncidentId
      readonly number: string
      readonly reason: string
    }

/** The dictionaries that decisions look into. */
export interface IncidentBooks {
  readonly types: readonly IncidentType[]
  readonly dispositions: readonly Disposition[]
}

/**
 * What a command does to an incident: events, none where it changes nothing, or the reason why not.
 * Refuses: `incident-closed`, `incident-merged`, `reason-required`, `text-required`, `invalid-type`, `invalid-people-count`,
 * `level-not-proposed`, `level-already-set`, `override-reason-required`, `level-not-set`, `level-not-higher`,
 * `level-not-lower`, `stage-order`, `invalid-disposition`, `disposition-needs-scene`, `level-not-confirmed`,
 * `justification-required`, `incident-open`, `merge-into-itself`, `merge-target-ended`.
 */
export function decide(
  incident: Incident,
  command: IncidentCommand,
  books: IncidentBooks,
): readonly IncidentEvent[] | Refusal {
  if (command.do === 'reopen') return reopen(incident, command.reason)
  // What was written down late still belongs to the record of an incident that has ended.
  if (command.do === 'add-note') return note(command.text)
  if (command.do === 'attach-report' && incident.status !== 'merged') {
    return [{ type: 'report-attached', data: { reportId: command.reportId } }]
  }
  if (incident.status === 'closed') return refuse('incident-closed', { detail: { number: incident.number } })
  if (incident.status === 'merged')
    return refuse('incident-merged', { detail: { number: incident.number, intoId: incident.mergedIntoId } })
  switch (command.do) {
    case 'attach-report':
      return [{ type: 'report-attached', data: { reportId: command.reportId } }]
    case 'change-details':
      return changeDetails(incident, command.changes, command.finding, books)
    case 'propose-level':
      return isSameProposal(incident.proposal, command.proposal)
        ? []
        : [{ type: 'level-proposed', data: command.proposal }]
    case 'confirm-level':
      return confirmLevel(incident, command)
    case 'escalate':
      return escalate(incident, command)
    case 'de-escalate':
      return deEscalate(incident, command)
    case 'advance-stage':
      return advanceStage(incident, command)
    case 'unit-arrived':
      return incident.stage === 'response' || incident.stage === 'reinforcement'
        ? [stageChange(incident, 'handling', null)]
        : []
    case 'record-medical-help':
      return [{ type: 'medical-help', data: command.help }]
    case 'record-force':
      if (!command.force.justification.trim())
        return refuse('justification-required', { field: 'justification' })
      return [{ type: 'force-used', data: command.force }]
    case 'close':
      return close(incident, command, books)
    case 'merge':
      return merge(incident, command)
    case 'absorb':
      return [
        {
          type: 'absorbed',
          data: { incidentId: command.incidentId, number: command.number, reason: command.reason },
        },
      ]
  }
}

type Command<Do extends IncidentCommand['do']> = Extract<IncidentCommand, { do: Do }>

function note(text: string): readonly IncidentEvent[] | Refusal {
  if (!text.trim()) return refuse('text-required', { field: 'text' })
  return [{ type: 'note-added', data: { text } }]
}

/** Checks what a report or a correction says. Refuses `invalid-type`, `invalid-people-count`. */
export function checkDetails(
  { typeCode, peopleCount }: Partial<IncidentDetails>,
  books: IncidentBooks,
): Refusal | null {
  if (typeCode !== undefined && !findType(books.types, typeCode))
    return refuse('invalid-type', { field: 'typeCode', detail: { typeCode } })
  if (peopleCount != null && !(Number.isInteger(peopleCount) && peopleCount >= 0))
    return refuse('invalid-people-count', { field: 'peopleCount' })
  return null
}

function changeDetails(
  incident: Incident,
  changes: Partial<IncidentDetails>,
  finding: PlaceFinding | null,
  books: IncidentBooks,
): readonly IncidentEvent[] | Refusal {
  const wrong = checkDetails(changes, books)
  if (wrong) return wrong
  const told = { ...changes, ...finding }
  const changed = Object.fromEntries(
    Object.entries(told).filter(
      ([field, value]) => JSON.stringify(incident[field as keyof Incident]) !== JSON.stringify(value),
    ),
  )
  return Object.keys(changed).length === 0 ? [] : [{ type: 'details-changed', data: changed }]
}

function isSameProposal(a: LevelProposal | null, b: LevelProposal): boolean {
  const reasons = (proposal: LevelProposal) => proposal.reasons.map(({ ruleId }) => ruleId).join(' ')
  return a !== null && a.level === b.level && reasons(a) === reasons(b)
}

function confirmLevel(
  incident: Incident,
  { level, reason }: Command<'confirm-level'>,
): readonly IncidentEvent[] | Refusal {
  if (!incident.proposal) return refuse('level-not-proposed')
  if (incident.level)
    return refuse('level-already-set', { field: 'level', detail: { level: incident.level } })
  const proposed = incident.proposal.level
  if (level === proposed) return [{ type: 'level-confirmed', data: { level, from: null } }]
  if (!reason?.trim())
    return refuse('override-reason-required', { field: 'reason', detail: { proposed, level } })
  return [{ type: 'level-overridden', data: { level, from: null, proposed, reason } }]
}

function escalate(
  incident: Incident,
  { level, reason }: Command<'escalate'>,
): readonly IncidentEvent[] | Refusal {
  if (!reason.trim()) return refuse('reason-required', { field: 'reason' })
  if (!incident.level) return refuse('level-not-set', { field: 'level' })
  if (!isHigher(level, incident.level))
    return refuse('level-not-higher', { field: 'level', detail: { from: incident.level, level } })
  return [
    { type: 'escalated', data: { level, from: incident.level, reason } },
    ...(incident.stage === 'reinforcement' ? [] : [stageChange(incident, 'reinforcement', reason)]),
  ]
}

function deEscalate(
  incident: Incident,
  { level, reason }: Command<'de-escalate'>,
): readonly IncidentEvent[] | Refusal {
  if (!reason.trim()) return refuse('reason-required', { field: 'reason' })
  if (!incident.level) return refuse('level-not-set', { field: 'level' })
  if (!isHigher(incident.level, level))
    return refuse('level-not-lower', { field: 'level', detail: { from: incident.level, level } })
  return [{ type: 'de-escalated', data: { level, from: incident.level, reason } }]
}

function stageChange(incident: Incident, to: OpenStage, reason: string | null): IncidentEvent {
  return { type: 'stage-changed', data: { from: incident.stage, to, reason } }
}

function advanceStage(
  incident: Incident,
  { stage, reason }: Command<'advance-stage'>,
): readonly IncidentEvent[] | Refusal {
  const move = findStageMove(incident.stage, stage)
  if (!move) return refuse('stage-order', { field: 'stage', detail: { from: incident.stage, to: stage } })
  if (move.needsReason && !reason?.trim()) return refuse('reason-required', { field: 'reason' })
  return [stageChange(incident, stage, reason)]
}

function close(
  incident: Incident,
  { dispositionCode, result }: Command<'close'>,
  books: IncidentBooks,
): readonly IncidentEvent[] | Refusal {
  const disposition = findDisposition(books.dispositions, dispositionCode)
  if (!disposition)
    return refuse('invalid-disposition', { field: 'dispositionCode', detail: { dispositionCode } })
  if (disposition.needsScene && !incident.firstArrivedAt) {
    return refuse('disposition-needs-scene', { field: 'dispositionCode', detail: { dispositionCode } })
  }
  // Whoever was sent was sent at a level; only what never needed anyone may end ungraded.
  if (disposition.needsScene && !incident.level) return refuse('level-not-confirmed', { field: 'level' })
  return [{ type: 'closed', data: { dispositionCode, result } }]
}

function reopen(incident: Incident, reason: string): readonly IncidentEvent[] | Refusal {
  if (incident.status === 'open') return refuse('incident-open', { detail: { number: incident.number } })
  if (!reason.trim()) return refuse('reason-required', { field: 'reason' })
  return [{ type: 'reopened', data: { reason } }]
}

function merge(incident: Incident, { into, reason }: Command<'merge'>): readonly IncidentEvent[] | Refusal {
  if (into.id === incident.id) return refuse('merge-into-itself', { field: 'intoId' })
  if (!reason.trim()) return refuse('reason-required', { field: 'reason' })
  if (into.status !== 'open')
    return refuse('merge-target-ended', { field: 'intoId', detail: { number: into.number } })
  return [{ type: 'merged', data: { intoId: into.id, intoNumber: into.number, reason } }]
}
