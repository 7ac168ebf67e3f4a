import type { Instant } from '../../../foundation/core/instant.ts'
import type { Incident, IncidentEvent, TimelineEntry } from './incident.ts'
import type { IncidentId } from './types.ts'

/** The incident as its first event makes it. Throws RangeError for any other first event: a timeline begins with `opened`. */
export function opened(id: IncidentId, event: IncidentEvent, at: Instant): Incident {
  if (event.type !== 'opened') throw new RangeError(`a timeline begins with opened, not ${event.type}`)
  const { reportId: _, ...data } = event.data
  return {
    ...data,
    id,
    openedAt: at,
    proposal: null,
    level: null,
    firstArrivedAt: null,
    stage: 'response',
    status: 'open',
    version: 1,
  }
}

/** The incident after one more event. Decides nothing: what `decide` has let through simply happened. */
export function evolve(incident: Incident, event: IncidentEvent, at: Instant): Incident {
  const next = { ...incident, version: incident.version + 1 }
  switch (event.type) {
    case 'details-changed':
      return { ...next, ...event.data }
    case 'level-proposed':
      return { ...next, proposal: event.data }
    case 'level-confirmed':
    case 'level-overridden':
    case 'escalated':
    case 'de-escalated':
      return { ...next, level: event.data.level }
    case 'stage-changed':
      return { ...next, stage: event.data.to }
    case 'closed':
      return {
        ...asEnded(next),
        status: 'closed',
        closedAt: at,
        dispositionCode: event.data.dispositionCode,
        result: event.data.result,
      }
    case 'merged':
      return { ...asEnded(next), status: 'merged', mergedIntoId: event.data.intoId }
    case 'reopened':
      return { ...asEnded(next), status: 'open' }
    case 'unit-arrived':
      // The first arrival is remembered, but a unit's step is no change of the record that someone may be editing.
      return { ...incident, firstArrivedAt: incident.firstArrivedAt ?? at }
    default:
      return incident
  }
}

/** Without what only a closed or a merged incident has. */
function asEnded(incident: Incident): Extract<Incident, { status: 'open' }> {
  const {
    closedAt: _at,
    dispositionCode: _code,
    result: _result,
    mergedIntoId: _into,
    ...rest
  } = incident as Incident & {
    closedAt?: unknown
    dispositionCode?: unknown
    result?: unknown
    mergedIntoId?: unknown
  }
  return { ...rest, status: 'open' }
}

/** The state that a timeline leads to. Throws RangeError for an empty one. */
export function replay(id: IncidentId, timeline: readonly TimelineEntry[]): Incident {
  const [first, ...rest] = timeline
  if (!first) throw new RangeError('an incident has at least one event')
  return rest.reduce(
    (incident, { event, at }) => evolve(incident, event, at),
    opened(id, first.event, first.at),
  )
}
