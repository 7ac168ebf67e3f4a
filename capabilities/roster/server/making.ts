import { addDays } from '../../../foundation/core/day.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { openGround, type DutyOption, type RosterId } from '../core/index.ts'
import { listDuties, writeCells } from './duty.store.ts'
import { loadGround } from './ground.store.ts'
import type { RosterNeeds } from './needs.ts'
import {
  appendRosterEvent,
  findRoster,
  insertRoster,
  takeRosterNumber,
  type KeptRoster,
} from './roster.store.ts'
import { listSchemes } from './scheme.store.ts'

export interface DraftAsked {
  readonly fromDate: string
  readonly days: number
  readonly title: string
  readonly basedOnId: string | null
}

/**
 * Begins a draft for all organisations that follow a pattern: approved leave and training stand in it from the start,
 * the rest is off, or as in the roster it is based on. Refuses `based-on-unknown`, `no-duty-scheme` where nobody
 * follows a pattern on its first day, and `scheme-changes-within` where somebody begins another one in its midst: a
 * roster is judged by one pattern an organisation.
 */
export async function makeDraft(
  tx: Tx,
  actor: ActorContext,
  needs: RosterNeeds,
  { fromDate, days, title, basedOnId }: DraftAsked,
): Promise<KeptRoster | Refusal> {
  const based = basedOnId === null ? null : await findRoster(tx, basedOnId)
  if (basedOnId !== null && !based) return refuse('based-on-unknown', { field: 'basedOnId' })
  const until = addDays(fromDate, days)
  const schemes = await listSchemes(tx)
  if (!schemes.some((scheme) => scheme.fromDate <= fromDate)) return refuse('no-duty-scheme')
  const within = schemes.find((scheme) => scheme.fromDate > fromDate && scheme.fromDate < until)
  if (within)
    return refuse('scheme-changes-within', {
      field: 'days',
      detail: { organisationId: within.organisationId, fromDate: within.fromDate },
    })
  const timeZone = needs.timeZone()
  const id = newId<RosterId>(actor.now)
  const number = await takeRosterNumber(tx, actor.now, timeZone)
  await insertRoster(tx, { id, number, fromDate, days, title, basedOn: based?.id ?? null }, actor)
  const roster = (await findRoster(tx, id))!
  const { ground } = await loadGround(tx, needs, { fromDate, days, roster })
  const open = openGround(ground)
  const copied = new Map(
    (based ? await listDuties(tx, based.id) : []).map(({ officerId, date, option }) => [
      `${officerId} ${date}`,
      option,
    ]),
  )
  const cells = ground.officers.flatMap((officer, row) =>
    open.dates.flatMap((date, day) => {
      const absence = open.absence(row, day)
      const option: DutyOption = absence
        ? { kind: absence }
        : knownOption(open, copied.get(`${officer.id} ${date}`))
      return option.kind === 'off'
        ? []
        : [{ officerId: officer.id, date, option, organisationId: officer.organisationId }]
    }),
  )
  await writeCells(tx, id, open, cells, 'hand', timeZone)
  await appendRosterEvent(tx, id, 1, 'made', { basedOnId, cells: cells.length }, actor)
  await writeAudit(tx, actor, {
    action: 'roster.make',
    subjectKind: 'roster',
    subjectId: id,
    detail: { number, fromDate, days, basedOnId },
  })
  await announceRoster(tx, actor, roster, 'roster.made')
  return roster
}

/** An option of an older roster where the patterns of now still know it; else off, and leave that is over is off too. */
function knownOption(open: ReturnType<typeof openGround>, option: DutyOption | undefined): DutyOption {
  if (option?.kind !== 'duty') return { kind: 'off' }
  const isKnown = open.findShift(option) !== null && (option.postId === null || open.posts.has(option.postId))
  return isKnown ? option : { kind: 'off' }
}

/** Tells of a roster: published ones to all who read rosters, drafts to those who read drafts. Ids and states alone. */
export async function announceRoster(
  tx: Tx,
  actor: ActorContext,
  { id, number, state, version, publishedAt }: KeptRoster,
  topic: string,
  data: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await announce(tx, {
    topic,
    subjectId: id,
    organisationId: null,
    permission: publishedAt === null ? 'roster.read-drafts' : 'roster.read',
    at: actor.now,
    data: { number, state, version, ...data },
  })
}
