import type { Chance } from '../../foundation/core/chance.ts'
import type { Position } from '../../foundation/core/geo.ts'
import type { Instant } from '../../foundation/core/instant.ts'
import { isRefused, type Api } from './api.ts'
import type { Diary } from './diary.ts'
import type { ActivationSeen, AssignmentSeen, PatrolOrderSeen } from './shapes.ts'

/** How long people take, in seconds of their own time. */
const ACKNOWLEDGE_SECONDS = [4, 18] as const
const DEPART_SECONDS = [3, 15] as const
/** Time on scene: log-normal, median by the class of the incident, spread as in published service times. */
const HANDLE_MEDIAN_MINUTES: Readonly<Record<string, number>> = {
  '01': 26,
  '02': 16,
  '03': 22,
  '04': 18,
  '05': 11,
  '06': 30,
  '07': 35,
  '08': 12,
  '09': 8,
}
const HANDLE_SPREAD = 0.45
/** One called to a level needs to get ready and go out. */
const ACTIVATION_ACKNOWLEDGE_SECONDS = [5, 45] as const
const ACTIVATION_ARRIVE_SECONDS = [60, 240] as const

export interface Answering {
  readonly api: Api
  readonly diary: Diary
  readonly chance: Chance
  readonly speed: number
  now(): Instant
  /** Whether the crew of a unit has come to a place. */
  isThere(unitId: string, to: Position): boolean
}

const secondsBetween = (
  [shortest, longest]: readonly [number, number],
  { chance, speed }: Answering,
): number => ((shortest + chance.next() * (longest - shortest)) * 1000) / speed

/** Plans what a crew says to its order: read, on the way, there, done. Called at each look; each is said once. */
export function answerAssignment(
  assignment: AssignmentSeen,
  incident: { position: Position; typeCode: string } | undefined,
  answering: Answering,
): void {
  const { api, diary } = answering
  const { id, unitId, role, state } = assignment
  // A unit that is promoted from stand-by is asked anew.
  const say = (verb: string, at: Instant) =>
    diary.plan(
      `${verb} ${id} ${role}`,
      at,
      async () => void (await api.post(`/api/assignments/${id}/${verb}`)),
    )
  const now = answering.now()
  if (state === 'ordered') say('acknowledge', now + secondsBetween(ACKNOWLEDGE_SECONDS, answering))
  // A reserved unit stays where it is until it is sent.
  if (role === 'stand-by') return
  if (state === 'acknowledged') say('depart', now + secondsBetween(DEPART_SECONDS, answering))
  if (state === 'en-route' && incident && answering.isThere(unitId, incident.position)) say('arrive', now)
  if (state === 'on-scene' && incident) {
    diary.plan(
      `clear ${id}`,
      now + handlingTime(incident.typeCode, answering),
      async () => void (await api.post(`/api/assignments/${id}/release`, { cause: 'cleared' })),
    )
  }
}

function handlingTime(typeCode: string, { chance, speed }: Answering): number {
  const median = HANDLE_MEDIAN_MINUTES[typeCode.slice(0, 2)] ?? 15
  const normal = Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next())
  return (median * Math.exp(HANDLE_SPREAD * normal) * 60_000) / speed
}

/** A crew reads what it is sent when it has a hand free. */
const READ_SECONDS = [20, 180] as const

/** Plans the receipts of the crews that an order was sent to. */
export function answerPatrolOrder(
  { id, units }: PatrolOrderSeen,
  isPlayed: (unitId: string) => boolean,
  answering: Answering,
): void {
  for (const { unitId, readAt } of units)
    if (readAt === null && isPlayed(unitId))
      answering.diary.plan(
        `read order ${id} ${unitId}`,
        answering.now() + secondsBetween(READ_SECONDS, answering),
        async () => void (await answering.api.post(`/api/patrol-orders/${id}/read`, { unitId })),
      )
}

/** Plans the answers of all who are called to a patrol level. */
export function answerActivation(activation: ActivationSeen, answering: Answering): void {
  const { api, diary } = answering
  const now = answering.now()
  for (const { id, state } of activation.orders) {
    if (state === 'ordered') {
      diary.plan(
        `acknowledge order ${id}`,
        now + secondsBetween(ACTIVATION_ACKNOWLEDGE_SECONDS, answering),
        async () => void (await api.post(`/api/activation-orders/${id}/acknowledge`)),
      )
    } else if (state === 'acknowledged') {
      diary.plan(
        `arrive order ${id}`,
        now + secondsBetween(ACTIVATION_ARRIVE_SECONDS, answering),
        async () => {
          const outcome = await api.post(`/api/activation-orders/${id}/arrive`)
          if (isRefused(outcome) && outcome.refused !== 'not-found') diary.forget(`arrive order ${id}`)
        },
      )
    }
  }
}
