import type { FoundSeries, CategoryKnox, SeriesMember } from './day-series.ts'
import type { FoundWarning, WatchedFigures } from './day-warnings.ts'
import type { NamedSeries } from './series-identity.ts'

/** What people know an incident by: an imported call's number at its source, or the house's own. */
export type IncidentName =
  | { readonly kind: 'call'; readonly id: string; readonly source: string; readonly externalId: string }
  | { readonly kind: 'incident'; readonly id: string; readonly number: string }

export type KeptMember = Omit<SeriesMember, 'incident'> & { readonly incident: IncidentName }

/** A series as it is kept with a run: under the id that it has on other days too. */
export type KeptSeries = Omit<FoundSeries, 'members'> & {
  readonly id: string
  /** The day that first showed it. */
  readonly since: string
  readonly members: readonly KeptMember[]
}

/** What a run found beside its stops. */
export interface KeptFindings {
  /** At the beginning of which day. */
  readonly atDate: string
  readonly series: readonly KeptSeries[]
  readonly seriesLeftOut: number
  readonly knox: readonly CategoryKnox[]
  readonly warnings: readonly FoundWarning[]
  readonly watched: WatchedFigures
}

/** The same text on every day for the same incident. */
export const incidentKey = ({ kind, id }: IncidentName): string => `${kind}:${id}`

/** A kept series as `recogniseSeries` knows it. */
export function asNamed({ id, since, category, members }: KeptSeries): NamedSeries {
  return { id, since, category, incidents: members.map(({ incident }) => incidentKey(incident)) }
}
