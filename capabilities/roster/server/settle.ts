import type { Instant } from '../../../foundation/core/instant.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { writeSetting } from '../../../foundation/server/settings.ts'
import {
  HOLIDAYS_SETTING,
  type Duty,
  type DutyOption,
  type Holiday,
  type Post,
  type RosterId,
} from '../core/index.ts'
import { writeCells } from './duty.store.ts'
import { readJudgedBy } from './ground.store.ts'
import { insertPost } from './post.store.ts'
import {
  appendRosterEvent,
  findRoster,
  insertRoster,
  markPublished,
  takeRosterNumber,
} from './roster.store.ts'
import { writeScheme } from './scheme.store.ts'

/** What a district is rostered by from its first day on, with ids of officers, organisations and units that are there. */
export interface SettledRosters {
  readonly schemes: readonly {
    readonly organisationId: string
    readonly patternCode: string
    readonly anchorDate: string
    readonly fromDate: string
    /** Officers' ids, one list a platoon of the pattern. */
    readonly platoons: readonly (readonly string[])[]
  }[]
  /** Ids are the caller's, so that cells can name them. */
  readonly posts: readonly Post[]
  readonly holidays: readonly Holiday[]
  /** Rosters that hold, in the order of their days; days off need no cell. */
  readonly rosters: readonly {
    readonly fromDate: string
    readonly days: number
    readonly title: string
    readonly cells: readonly {
      readonly officerId: string
      readonly organisationId: string
      readonly date: string
      readonly option: DutyOption
    }[]
  }[]
}

/** Stores schemes, platoons, posts, holidays and published rosters in a district that has none. */
export async function settleRoster(
  tx: Tx,
  { schemes, posts, holidays, rosters }: SettledRosters,
  { timeZone, now }: { readonly timeZone: string; readonly now: Instant },
): Promise<readonly RosterId[]> {
  const actor = systemContext('xunfang', now)
  for (const { platoons, ...scheme } of schemes) await writeScheme(tx, { ...scheme, version: 1 }, platoons)
  for (const post of posts) await insertPost(tx, post)
  if (holidays.length > 0) await writeSetting(tx, HOLIDAYS_SETTING, { holidays }, 0, now)
  const ids: RosterId[] = []
  for (const { fromDate, days, title, cells } of rosters) {
    const id = newId<RosterId>(now)
    const number = await takeRosterNumber(tx, now, timeZone)
    await insertRoster(tx, { id, number, fromDate, days, title, basedOn: null }, actor)
    const judged = await readJudgedBy(tx, fromDate)
    const patternOf = new Map(
      judged.schemes.map(({ organisationId, patternCode }) => [
        organisationId,
        judged.patterns.find(({ code }) => code === patternCode),
      ]),
    )
    const findShift = ({ organisationId, shift }: Duty) =>
      patternOf.get(organisationId)?.shifts.find(({ code }) => code === shift) ?? null
    await writeCells(tx, id, { findShift }, cells, 'solver', timeZone)
    const version = await markPublished(tx, (await findRoster(tx, id))!, judged, actor)
    await appendRosterEvent(tx, id, version, 'published', { cells: cells.length }, actor)
    ids.push(id)
  }
  return ids
}
