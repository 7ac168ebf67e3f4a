import { addDays, getDayNumber } from '../../foundation/core/day.ts'
import { localDate, type Instant } from '../../foundation/core/instant.ts'
import type { Tx } from '../../foundation/server/db.ts'
import { newId } from '../../foundation/server/ids.ts'
import { loadHighs } from '../../foundation/server/load-highs.ts'
import { solveRoster } from '../../solvers/rostering/solve.ts'
import {
  checkRoster,
  dealPlatoons,
  DEFAULT_ROSTER_RULES,
  DEFAULT_ROSTER_WEIGHTS,
  modelRoster,
  openGround,
  SHIPPED_PATTERNS,
  type Post,
  type PostId,
  type RosterGround,
  type RosterOfficer,
} from '../../capabilities/roster/core/index.ts'
import { settleRoster, type SettledRosters } from '../../capabilities/roster/server/settle.ts'

/** The reference district's reform: four platoons, and one of the secondary platoon drawn for patrol each day. */
const DEMONSTRATION_PATTERN = SHIPPED_PATTERNS.find(({ code }) => code === 'four-plus-one')!
const SOLVE_SECONDS = 60
const GOOD_ENOUGH = 1.5
/** A district beyond this size is given its pattern and posts, and makes its first roster itself. */
const MOST_OFFICERS = 600

export interface RosteredOrganisation {
  readonly id: string
  readonly officers: readonly {
    readonly id: string
    readonly sworn: boolean
    readonly patrolCapable: boolean
    readonly skills: readonly string[]
  }[]
  readonly units: readonly { readonly id: string; readonly callSign: string }[]
}

/**
 * Puts a new district on its duty pattern: platoons as even as they come, posts, and the published roster of the month
 * that holds `now`. A district too small for its own posts gets all but the roster.
 */
export async function settleRosters(
  tx: Tx,
  organisations: readonly RosteredOrganisation[],
  { timeZone, now }: { readonly timeZone: string; readonly now: Instant },
): Promise<void> {
  const fromDate = `${localDate(now, timeZone).slice(0, 7)}-01`
  const days = daysOfMonth(fromDate)
  const manned = organisations.filter(({ officers }) => officers.some(({ patrolCapable }) => patrolCapable))
  const posts = manned.flatMap((organisation) => postsOf(organisation, now))
  const schemes = manned.map((organisation) => ({
    organisationId: organisation.id,
    patternCode: DEMONSTRATION_PATTERN.code,
    anchorDate: '2026-01-01',
    fromDate,
    platoons: platoonsOf(organisation),
  }))
  const ground: RosterGround = {
    fromDate,
    days,
    patterns: [DEMONSTRATION_PATTERN],
    schemes,
    posts,
    officers: manned.flatMap(({ id, officers }): readonly RosterOfficer[] =>
      officers.map((officer) => ({
        ...officer,
        organisationId: id,
        platoon: schemes
          .find(({ organisationId }) => organisationId === id)!
          .platoons.findIndex((members) => members.includes(officer.id)),
        carried: { draws: 0, nights: 0, weekends: 0, holidays: 0 },
        before: [],
      })),
    ),
    absences: [],
    wishes: [],
    holidays: [],
    rules: DEFAULT_ROSTER_RULES,
    weights: DEFAULT_ROSTER_WEIGHTS,
    published: null,
    waivers: [],
  }
  const cells = ground.officers.length <= MOST_OFFICERS ? await solvedCells(ground) : null
  const settled: SettledRosters = {
    schemes,
    posts,
    holidays: [],
    rosters: cells ? [{ fromDate, days, title: `${fromDate.slice(0, 7)}`, cells }] : [],
  }
  await settleRoster(tx, settled, { timeZone, now })
}

async function solvedCells(ground: RosterGround) {
  const open = openGround(ground)
  const model = modelRoster(open)
  let isGoodEnough = false
  const { assignment } = solveRoster(
    model.problem,
    {
      seconds: SOLVE_SECONDS,
      seed: 1,
      clock: () => performance.now(),
      shouldStop: () => isGoodEnough,
      // Nobody waits for the last per cent of a demonstration.
      onProgress: ({ objective, bound }) => {
        isGoodEnough ||= objective !== null && bound !== null && objective <= bound * GOOD_ENOUGH
      },
    },
    await loadHighs(),
  )
  if (!assignment) return null
  const grid = model.toGrid(assignment)
  if (checkRoster(ground, grid).length > 0) throw new Error('the solver gave a roster that breaks a rule')
  return grid.flatMap((row, officer) =>
    row.flatMap((option, day) =>
      option.kind === 'off'
        ? []
        : [
            {
              officerId: ground.officers[officer]!.id,
              organisationId: ground.officers[officer]!.organisationId,
              date: open.dates[day]!,
              option,
            },
          ],
    ),
  )
}

/** Those who can patrol, as even as they come. */
function platoonsOf({ id: organisationId, officers }: RosteredOrganisation): readonly (readonly string[])[] {
  const capable = officers.filter(({ patrolCapable }) => patrolCapable)
  const dealt = dealPlatoons(
    capable.map(({ sworn }) => ({ organisationId, sworn })),
    DEMONSTRATION_PATTERN.platoons.length,
  )
  return DEMONSTRATION_PATTERN.platoons.map((_, platoon) =>
    capable.flatMap(({ id }, index) => (dealt[index] === platoon ? [id] : [])),
  )
}

/** A desk, the first two patrol units, the beat by day, casework and the reserve. */
function postsOf({ id: organisationId, units }: RosteredOrganisation, now: Instant): readonly Post[] {
  const post = (code: string, nameZh: string, nameEn: string, about: Partial<Post>): Post => ({
    id: newId<PostId>(now),
    organisationId,
    code,
    nameZh,
    nameEn,
    kind: 'other',
    isStreet: false,
    unitId: null,
    shifts: [],
    minOfficers: 0,
    maxOfficers: null,
    needsLeader: false,
    skills: [],
    ...about,
  })
  return [
    post('desk', '值班室', 'Duty desk', {
      kind: 'desk',
      shifts: ['whole-day'],
      minOfficers: 1,
      maxOfficers: 2,
      needsLeader: true,
    }),
    ...units.slice(0, 2).map(({ id, callSign }, index) =>
      post(`unit-${index + 1}`, `${callSign} 车组`, `Unit ${callSign}`, {
        kind: 'patrol',
        isStreet: true,
        unitId: id,
        shifts: ['whole-day'],
        // One is always crewed; the other as leaders are there.
        minOfficers: index === 0 ? 2 : 0,
        maxOfficers: 4,
        needsLeader: true,
      }),
    ),
    post('reserve', '备勤', 'Reserve', { kind: 'reserve', shifts: ['whole-day'], maxOfficers: 4 }),
    post('beat', '社区警务', 'Community beat', { kind: 'patrol', isStreet: true, shifts: ['office'] }),
    post('casework', '办案', 'Casework', { shifts: ['office'], maxOfficers: 2 }),
  ]
}

function daysOfMonth(first: string): number {
  const next = addDays(first, 31).slice(0, 7)
  return getDayNumber(`${next}-01`) - getDayNumber(first)
}
