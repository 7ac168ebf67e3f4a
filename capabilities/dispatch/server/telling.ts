import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import { DEFAULT_NOTICE_POLICY, toldFirst, type Assignment } from '../core/index.ts'
import { loadCandidates, readRecommendationPolicy } from './candidates.ts'
import type { DispatchNeeds } from './needs.ts'
import { insertNotices, takeDue, type Notice } from './notice-store.ts'

/** The one group channel of the district. */
export const GROUP = 'district'

/** Tells the nearest free units at once, and sets the notice to the group for later. */
export async function tellNearby(
  tx: Tx,
  actor: ActorContext,
  incidentId: string,
  needs: DispatchNeeds,
): Promise<void> {
  const incident = await needs.findIncident(tx, incidentId)
  if (incident?.status !== 'open') return
  const policy = (await readSetting(tx, 'notice-policy', DEFAULT_NOTICE_POLICY)).value
  const units = toldFirst(
    await loadCandidates(tx, incident, needs, actor.now),
    policy,
    (await readRecommendationPolicy(tx)).expiredAfterSeconds,
  )
  const about = {
    number: incident.number,
    typeCode: incident.typeCode,
    address: incident.address,
    position: incident.position,
  }
  const near = units.map(({ unitId, callSign, travelSeconds }): Notice => ({
    id: newId(actor.now),
    kind: 'nearby',
    incidentId,
    assignmentId: null,
    recipientKind: 'unit',
    recipientId: unitId,
    data: { ...about, callSign, travelSeconds },
    dueAt: actor.now,
    sentAt: actor.now,
  }))
  const group: Notice = {
    id: newId(actor.now),
    kind: 'group',
    incidentId,
    assignmentId: null,
    recipientKind: 'group',
    recipientId: GROUP,
    data: { ...about, toldFirst: units.map(({ callSign }) => callSign) },
    dueAt: actor.now + policy.groupChannelDelaySeconds * 1000,
    sentAt: null,
  }
  await insertNotices(tx, [...near, group])
  if (units.length > 0)
    await needs.appendUnitEvents(tx, incidentId, [{ type: 'notice-sent', data: { units } }], actor)
  await announceNotices(tx, near)
}

/** Sends what has become due: the group hears after the units that are near. */
export async function sendDueNotices(tx: Tx, now: number): Promise<void> {
  await announceNotices(tx, await takeDue(tx, now))
}

/** Reminds a crew of an unanswered order, or tells its organisation's leader. */
export async function tellChase(
  tx: Tx,
  actor: ActorContext,
  assignment: Assignment,
  kind: 'chase' | 'leader',
  incidentNumber: string,
): Promise<void> {
  const notice: Notice = {
    id: newId(actor.now),
    kind,
    incidentId: assignment.incidentId,
    assignmentId: assignment.id,
    recipientKind: kind === 'chase' ? 'unit' : 'organisation',
    recipientId: kind === 'chase' ? assignment.unitId : assignment.organisationId,
    data: {
      number: incidentNumber,
      callSign: assignment.callSign,
      role: assignment.role,
      chaseCount: assignment.chaseCount,
    },
    dueAt: actor.now,
    sentAt: actor.now,
  }
  await insertNotices(tx, [notice])
  await announceNotices(tx, [notice])
}

/** Without the address, which may be somebody's home: a reader gets it with the notice, under its own rights. */
async function announceNotices(tx: Tx, notices: readonly Notice[]): Promise<void> {
  await announce(
    tx,
    ...notices.map((notice) => ({
      topic: 'notice.sent',
      subjectId: notice.id,
      organisationId: null,
      permission: 'dispatch.read',
      at: notice.sentAt ?? notice.dueAt,
      data: {
        kind: notice.kind,
        incidentId: notice.incidentId,
        assignmentId: notice.assignmentId,
        recipientKind: notice.recipientKind,
        recipientId: notice.recipientId,
        ...withoutAddress(notice.data),
      },
    })),
  )
}

function withoutAddress({ address: _, ...told }: Notice['data']): Notice['data'] {
  return told
}
