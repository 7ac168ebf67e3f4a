import { addDays, daysBetween } from '../../../foundation/core/day.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import type { Officer } from '../../force/core/index.ts'
import {
  endDate,
  LIFE_RULES,
  LIFE_RULES_SETTING,
  openCheck,
  openGround,
  worsening,
  type CellChange,
  type DutyOption,
  type LifeRules,
  type OfficerDay,
  type OpenGround,
  type RosterBreach,
  type RosterGrid,
  type RosterGround,
  type RosterOfficer,
} from '../core/index.ts'
import { addWaivers, momentOf, writeCells } from './duty.store.ts'
import { loadGround } from './ground.store.ts'
import type { LifeNeeds } from './life.needs.ts'
import { announceRoster } from './making.ts'
import { advanceRoster, appendRosterEvent, lockPublishedIn, type KeptRoster } from './roster.store.ts'
import type { DutyOrigin } from './tables.ts'

export async function readLifeRules(db: Db | Tx): Promise<LifeRules> {
  return { ...LIFE_RULES, ...(await readSetting<Partial<LifeRules>>(db, LIFE_RULES_SETTING, {})).value }
}

/** A published roster with all that it is judged by, locked: nobody else changes it until the transaction ends. */
export interface Published {
  readonly roster: KeptRoster
  readonly ground: RosterGround
  readonly grid: RosterGrid
  readonly open: OpenGround
}

/** Every published roster with a day in [fromDate, untilDate], the last day included; locked in the order of their ids. */
export async function openPublished(
  tx: Tx,
  needs: LifeNeeds,
  fromDate: string,
  untilDate: string,
): Promise<Published[]> {
  const opened: Published[] = []
  for (const roster of await lockPublishedIn(tx, fromDate, addDays(untilDate, 1)))
    opened.push(await withGround(tx, needs, roster))
  return opened
}

/** A roster with its ground as it is now, whoever holds its lock. */
export async function withGround(db: Db | Tx, needs: LifeNeeds, roster: KeptRoster): Promise<Published> {
  const { fromDate, days } = roster
  const { ground, grid } = await loadGround(db, needs, { fromDate, days, roster })
  return { roster, ground, grid, open: openGround(ground) }
}

export const holdsOn = (
  { roster }: { readonly roster: Pick<KeptRoster, 'fromDate' | 'days'> },
  date: string,
): boolean => roster.fromDate <= date && date < endDate(roster)

/** What an officer has on a day; off where the roster does not know either. */
export function cellAt({ roster, grid, open }: Published, { officerId, date }: OfficerDay): DutyOption {
  const officer = open.officerIndex.get(officerId)
  const day = daysBetween(roster.fromDate, date)
  return (officer === undefined ? undefined : grid[officer]![day]) ?? { kind: 'off' }
}

export function officerIn({ ground, open }: Published, officerId: string): RosterOfficer | null {
  return ground.officers[open.officerIndex.get(officerId) ?? -1] ?? null
}

/** The hours of a duty; null for all that is none. */
export function hoursOf(
  { open }: Published,
  option: DutyOption,
  date: string,
  timeZone: string,
): { readonly startsAt: number; readonly endsAt: number } | null {
  const shift = option.kind === 'duty' ? open.findShift(option) : null
  if (!shift) return null
  const { startMinute, lengthMinutes } = shift
  return {
    startsAt: momentOf(date, startMinute, timeZone),
    endsAt: momentOf(date, startMinute + lengthMinutes, timeZone),
  }
}

/** What changed cells would make worse, where the pattern does not bind the days that people have agreed to depart from it. */
export function wouldWorsen(
  { ground, grid }: Published,
  changes: readonly CellChange[],
): readonly RosterBreach[] {
  const waivers = [...ground.waivers, ...changes.map(({ officerId, date }) => ({ officerId, date }))]
  return worsening(openCheck({ ...ground, waivers }, grid).try(changes))
}

/** Changes cells of a published roster by what happened to it: the cells, its version, its timeline, and the news. */
export async function changePublished(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  published: Published,
  change: {
    readonly cells: readonly CellChange[]
    readonly origin: DutyOrigin
    /** The pattern does not bind these days any more, and why. */
    readonly waive?: 'swap' | 'sick-call'
    readonly type: string
    readonly data: Readonly<Record<string, unknown>>
  },
): Promise<void> {
  const { cells, origin, waive, type, data } = change
  if (cells.length === 0) return
  const { roster, open } = published
  const writes = cells.map((cell) => ({
    ...cell,
    organisationId: officerIn(published, cell.officerId)!.organisationId,
  }))
  await writeCells(tx, roster.id, open, writes, origin, needs.timeZone())
  if (waive)
    await addWaivers(
      tx,
      roster.id,
      cells.map(({ officerId, date }) => ({ officerId, date })),
      waive,
    )
  const version = await advanceRoster(tx, roster)
  await appendRosterEvent(tx, roster.id, version, type, data, actor)
  await announceRoster(tx, actor, { ...roster, version }, 'roster.changed', {
    days: cells.map(({ officerId, date }) => ({ officerId, date })),
  })
}

/** The officer that the caller acts for: the account's own, or one of an organisation it may act for. */
export async function officerActedFor(
  db: Db | Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  officerId: string | undefined,
  permission: string,
): Promise<Officer | Refusal> {
  const id = officerId ?? actor.officerId
  if (id === null) return refuse('not-own-officer', { field: 'officerId' })
  const officer = (await needs.listOfficers(db)).find((one) => one.id === id)
  if (!officer) return refuse('officer-unknown', { field: 'officerId', detail: { officerId: id } })
  return id === actor.officerId || actor.mayFor(permission, officer.organisationId)
    ? officer
    : refuse('out-of-scope', { field: 'officerId', detail: { officerId: id } })
}

/** Refuses what no text in this room may say of a person; nothing here needs it. */
export function textFault(
  needs: LifeNeeds,
  texts: Readonly<Record<string, string | null | undefined>>,
): Refusal | null {
  for (const [field, text] of Object.entries(texts)) {
    const topics = text ? needs.sensitiveTopics(text) : []
    if (topics.length > 0) return refuse('absence-text-sensitive', { field, detail: { topics } })
  }
  return null
}
