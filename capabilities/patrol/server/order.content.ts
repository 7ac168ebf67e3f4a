import { fromIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { noteSensitive, type SensitiveNote } from '../../incident/core/index.ts'
import type { Evidence, OrderContent } from '../core/index.ts'
import type { OrderNeeds } from './order.needs.ts'
import type { ContentGiven, EvidenceGiven } from './order.schemas.ts'

/** The free texts of an order, looked through for what is not to be recorded. */
export function noteOfTexts(
  given: Partial<ContentGiven>,
  reason: string | null | undefined,
): SensitiveNote | null {
  const written = (given.evidence ?? []).map((one) =>
    one.kind === 'written' ? one.text : one.kind === 'stop' ? '' : (one.summary ?? ''),
  )
  const texts = { reason: given.reason ?? '', place: given.place?.label ?? '', evidence: written.join('\n') }
  return noteSensitive(texts, reason)
}

/**
 * What was given of an order, as it is kept: whose it is, and what the place is called, follow from the place where nobody
 * says so, and the counts of a stop are the run's own. Refuses `invalid-time`, `evidence-unknown`, `out-of-scope` (a stop of a run that the caller may
 * not read).
 */
export async function takeContent(
  tx: Tx,
  actor: ActorContext,
  needs: OrderNeeds,
  given: Partial<ContentGiven>,
): Promise<Partial<OrderContent> | Refusal> {
  const { startsAt, expiresAt, evidence, place, organisationId, unitIds, ...rest } = given
  const taken: { -readonly [Field in keyof OrderContent]?: OrderContent[Field] } = {}
  for (const [field, text] of [
    ['startsAt', startsAt],
    ['expiresAt', expiresAt],
  ] as const) {
    if (text === undefined) continue
    const at = fromIso(text)
    if (at === null) return refuse('invalid-time', { field })
    taken[field] = at
  }
  if (place) taken.place = { ...place, label: place.label.trim() || (await needs.nameNear(tx, place)) || '' }
  if (organisationId !== undefined) taken.organisationId = organisationId
  else if (place) taken.organisationId = await needs.organisationAt(tx, place)
  if (unitIds) taken.unitIds = unitIds.toSorted()
  if (evidence) {
    const found = await takeEvidence(tx, actor, needs, evidence)
    if (isRefusal(found)) return found
    taken.evidence = found
  }
  return { ...taken, ...rest, ...(rest.reason === undefined ? {} : { reason: rest.reason.trim() }) }
}

async function takeEvidence(
  tx: Tx,
  actor: ActorContext,
  needs: OrderNeeds,
  given: readonly EvidenceGiven[],
): Promise<Evidence[] | Refusal> {
  const evidence: Evidence[] = []
  for (const one of given) {
    if (one.kind === 'stop') {
      if (!actor.mayForDistrict('analysis.read')) return refuse('out-of-scope', { field: 'evidence' })
      const { runId, shift, rank } = one
      const counts = await needs.findStop(tx, { runId, shift, rank })
      if (!counts) return refuse('evidence-unknown', { field: 'evidence', detail: { runId, shift, rank } })
      evidence.push({ kind: 'stop', runId, shift, rank, ...counts })
    } else if (one.kind === 'written') evidence.push(one)
    else evidence.push({ ...one, summary: one.summary ?? '' })
  }
  return evidence
}

/** A whole order out of what a draft was given. */
export function wholeContent(taken: Partial<OrderContent>): OrderContent {
  const empty = { organisationId: null, category: null, evidence: [], unitIds: [] }
  // The schema of a draft asks for all the rest.
  return { ...empty, ...taken } as OrderContent
}
