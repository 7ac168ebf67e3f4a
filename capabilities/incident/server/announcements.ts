import type { Instant } from '../../../foundation/core/instant.ts'
import type { Announcement } from '../../../foundation/server/outbox/outbox.ts'
import type { Incident, IncidentEvent } from '../core/index.ts'

/** Event of the timeline → topic that the rest of the house hears. What is not here changes the record only. */
const TOPICS: Partial<Record<IncidentEvent['type'], string>> = {
  opened: 'incident.opened',
  'level-proposed': 'incident.level-proposed',
  'level-confirmed': 'incident.level-set',
  'level-overridden': 'incident.level-set',
  escalated: 'incident.level-set',
  'de-escalated': 'incident.level-set',
  'stage-changed': 'incident.stage-changed',
  closed: 'incident.closed',
  reopened: 'incident.reopened',
  merged: 'incident.merged',
  'details-changed': 'incident.changed',
  'report-attached': 'incident.changed',
  'note-added': 'incident.changed',
  'medical-help': 'incident.changed',
  'force-used': 'incident.changed',
  absorbed: 'incident.changed',
}

/** Without free text: a subscriber reads that from the incident, under its own rights. */
export function announcementOf(incident: Incident, event: IncidentEvent, at: Instant): Announcement | null {
  const topic = TOPICS[event.type]
  if (!topic) return null
  return {
    topic,
    subjectId: incident.id,
    organisationId: incident.organisationId,
    permission: 'incident.read',
    at,
    data: {
      number: incident.number,
      typeCode: incident.typeCode,
      position: incident.position,
      level: incident.level,
      proposedLevel: incident.proposal?.level ?? null,
      stage: incident.stage,
      status: incident.status,
      version: incident.version,
      change: event.type,
      ...('from' in event.data ? { from: event.data.from } : {}),
      ...(event.type === 'merged' ? { intoId: event.data.intoId } : {}),
    },
  }
}
