import { distanceMetres, type Position } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { classOf } from './incident-type.ts'

export interface DuplicatePolicy {
  readonly withinMetres: number
  readonly withinSeconds: number
  /** Suggestions below this score stay hidden. Between 0 and 1. */
  readonly leastScore: number
}

/** Setting `duplicate-policy`. */
export const DEFAULT_DUPLICATE_POLICY: DuplicatePolicy = {
  withinMetres: 500,
  withinSeconds: 3600,
  leastScore: 0.45,
}

export interface Sighting {
  readonly typeCode: string
  readonly position: Position
  readonly at: Instant
}

export interface DuplicateSuggestion<Known> {
  readonly incident: Known
  /** 0 to 1: half place, three tenths time, two tenths type. */
  readonly score: number
  readonly reasons: readonly (
    | { readonly id: 'near'; readonly distanceMetres: number }
    | { readonly id: 'soon'; readonly apartSeconds: number }
    | { readonly id: 'same-type' }
    | { readonly id: 'same-class' }
  )[]
}

/**
 * Incidents that may be the same event as a new report, best first. Both limits of the policy are hard:
 * what is farther or older is never suggested, whatever its type. A person decides; nothing merges by itself.
 */
export function suggestDuplicates<Known extends Sighting>(
  report: Sighting,
  known: readonly Known[],
  policy: DuplicatePolicy,
): readonly DuplicateSuggestion<Known>[] {
  return known
    .flatMap((incident) => suggestionFor(report, incident, policy) ?? [])
    .filter(({ score }) => score >= policy.leastScore)
    .toSorted((a, b) => b.score - a.score)
}

function suggestionFor<Known extends Sighting>(
  report: Sighting,
  incident: Known,
  { withinMetres, withinSeconds }: DuplicatePolicy,
): DuplicateSuggestion<Known> | null {
  const metres = distanceMetres(report.position, incident.position)
  const apartSeconds = Math.abs(report.at - incident.at) / 1000
  if (metres > withinMetres || apartSeconds > withinSeconds) return null
  const isSameType = report.typeCode === incident.typeCode
  const isSameClass = classOf(report.typeCode) === classOf(incident.typeCode)
  const place = 1 - metres / withinMetres
  const time = 1 - apartSeconds / withinSeconds
  const kind = isSameType ? 1 : isSameClass ? 0.5 : 0
  return {
    incident,
    score: 0.5 * place + 0.3 * time + 0.2 * kind,
    reasons: [
      { id: 'near', distanceMetres: Math.round(metres) },
      { id: 'soon', apartSeconds: Math.round(apartSeconds) },
      ...(isSameType ? [{ id: 'same-type' } as const] : isSameClass ? [{ id: 'same-class' } as const] : []),
    ],
  }
}
