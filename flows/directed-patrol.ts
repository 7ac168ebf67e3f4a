import type { Instant } from '../foundation/core/instant.ts'
import { systemContext } from '../foundation/server/http/context.ts'
import type { FlowRow } from '../foundation/server/outbox/runner.ts'
import type { OrderNeeds } from '../capabilities/patrol/server/order.needs.ts'
import { layDownOccurrences, recallOrder, sendOrder } from '../capabilities/patrol/server/order.telling.ts'

/** What the story needs of the other rooms; apps/server/compose.ts wires it. */
export interface DirectedPatrolDeps {
  now(): Instant
  readonly patrol: OrderNeeds
}

type Step = FlowRow<DirectedPatrolDeps>['run']

/** When the band comes round, and what is asked each time, so that what is done can be counted against it. */
const layDown: Step = (tx, { subjectId }, { patrol }) => layDownOccurrences(tx, subjectId, patrol)

/** Its units hear of it; from now on it is on their phones, and their receipts come back. */
const send: Step = (tx, { subjectId }, { now }) =>
  sendOrder(tx, systemContext('directed patrol', now()), subjectId)

/** It is gone from their phones. */
const recall: Step = (tx, { subjectId }, { now }) =>
  recallOrder(tx, systemContext('directed patrol', now()), subjectId)

/** A row with the topics that its step may lead to. */
export interface DirectedPatrolRow extends FlowRow<DirectedPatrolDeps> {
  readonly leadsTo: readonly string[]
}

/** A commander approves and withdraws; that time is up is the clock's word (capabilities/patrol/server/order.jobs.ts). */
export const CAUSED_BY_PEOPLE_OR_CLOCK = [
  'patrol-order.issued',
  'patrol-order.withdrawn',
  'patrol-order.expired',
] as const

/**
 * The story of a directed patrol order from its approval on, read from top to bottom. Before it an analyst has drafted
 * and proposed it on the evidence of a run; beside it a timer counts visits from the tracks of units.
 * Ids are what «has already run» is remembered by: never rename one.
 */
export const DIRECTED_PATROL_FLOW: readonly DirectedPatrolRow[] = [
  { id: 'directed-patrol/lay-down', on: 'patrol-order.issued', run: layDown, leadsTo: [] },
  { id: 'directed-patrol/send', on: 'patrol-order.issued', run: send, leadsTo: ['patrol-order.sent'] },
  {
    id: 'directed-patrol/recall-withdrawn',
    on: 'patrol-order.withdrawn',
    run: recall,
    leadsTo: ['patrol-order.recalled'],
  },
  { id: 'directed-patrol/cut-short', on: 'patrol-order.withdrawn', run: layDown, leadsTo: [] },
  {
    id: 'directed-patrol/recall-expired',
    on: 'patrol-order.expired',
    run: recall,
    leadsTo: ['patrol-order.recalled'],
  },
]
