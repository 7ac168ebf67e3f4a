import { seededChance } from '../../../foundation/core/chance.ts'
import { addDays } from '../../../foundation/core/day.ts'
import { isNight, roleOn } from './pattern.ts'
import { SHIPPED_PATTERNS } from './patterns.ts'
import {
  DEFAULT_ROSTER_RULES,
  DEFAULT_ROSTER_WEIGHTS,
  type Post,
  type PostId,
  type RosterAbsence,
  type RosterGround,
  type RosterOfficer,
  type RosterWish,
} from './roster.ts'

const ANCHOR = '2026-01-01'

export interface MadeUpGround {
  readonly seed: number
  readonly stations: number
  readonly officersPerStation: number
  readonly days: number
  readonly patternCode: string
  /** Of officers on leave for a week of the month, and in training for a day. */
  readonly leaveShare: number
  readonly trainingShare: number
  readonly fromDate?: string
}

/**
 * A district that does not exist, for specs and measures: stations of equal size, nearly half of them sworn, platoons
 * as even as they come, a desk and as many patrol units as a platoon can crew. Words and sizes follow the reference
 * district; names it has none.
 */
export function makeUpGround(wish: MadeUpGround): RosterGround {
  const { seed, stations, officersPerStation, days, patternCode, leaveShare, trainingShare } = wish
  const fromDate = wish.fromDate ?? '2026-12-01'
  const chance = seededChance(seed)
  const pattern = SHIPPED_PATTERNS.find(({ code }) => code === patternCode)
  if (!pattern) throw new RangeError(`no shipped pattern ${patternCode}`)
  const platoons = pattern.platoons.length
  const officers: RosterOfficer[] = []
  const posts: Post[] = []
  const absences: RosterAbsence[] = []
  const wishes: RosterWish[] = []
  const longShifts = new Set(pattern.roles.flatMap(({ shifts }) => shifts))
  for (let station = 0; station < stations; station++) {
    const organisationId = `station-${station + 1}`
    posts.push(...postsOf(organisationId, Math.floor(officersPerStation / platoons), [...longShifts]))
    for (let index = 0; index < officersPerStation; index++) {
      const id = `${organisationId}-${String(index + 1).padStart(3, '0')}`
      const round = Math.floor(index / platoons)
      officers.push({
        id,
        organisationId,
        // Every other round of the platoons is sworn, so that each platoon has its share.
        sworn: round % 2 === 0,
        patrolCapable: true,
        skills: chance.next() < 0.4 ? ['driver'] : [],
        platoon: index % platoons,
        carried: {
          draws: chance.below(3),
          nights: 4 + chance.below(4),
          weekends: 4 + chance.below(3),
          holidays: chance.below(3),
        },
        before: [],
      })
      if (chance.next() < leaveShare) {
        const first = chance.below(days)
        absences.push({
          officerId: id,
          kind: 'leave',
          fromDate: addDays(fromDate, first),
          untilDate: addDays(fromDate, Math.min(days - 1, first + 4)),
        })
      } else if (chance.next() < trainingShare) {
        // On a day that nobody comes to from a night: training after one cannot keep the rest before it.
        const fit = Array.from({ length: days }, (_, day) => addDays(fromDate, day)).filter(
          (date) =>
            !roleOn(pattern, ANCHOR, index % platoons, addDays(date, -1)).shifts.some((code) =>
              pattern.shifts.some((shift) => shift.code === code && isNight(shift)),
            ),
        )
        const day = chance.pick(fit)
        absences.push({ officerId: id, kind: 'training', fromDate: day, untilDate: day })
      }
      if (chance.next() < 0.3)
        wishes.push({
          officerId: id,
          date: addDays(fromDate, chance.below(days)),
          shift: pattern.draws[0]?.shift ?? null,
          isWanted: false,
          weight: 1 + chance.below(3),
        })
    }
  }
  return {
    fromDate,
    days,
    patterns: [pattern],
    schemes: Array.from({ length: stations }, (_, station) => ({
      organisationId: `station-${station + 1}`,
      patternCode,
      anchorDate: ANCHOR,
    })),
    posts,
    officers,
    absences,
    wishes,
    holidays: [addDays(fromDate, 24)],
    rules: DEFAULT_ROSTER_RULES,
    weights: DEFAULT_ROSTER_WEIGHTS,
    published: null,
    waivers: [],
  }
}

/** A desk, patrol units of two and three, and room in reserve; the day after, everybody has a place too. */
function postsOf(organisationId: string, platoonSize: number, shifts: readonly string[]): Post[] {
  const post = (code: string, about: Partial<Post>): Post => ({
    id: `${organisationId}-${code}` as PostId,
    organisationId,
    code,
    nameZh: code,
    nameEn: code,
    kind: 'patrol',
    isStreet: true,
    unitId: null,
    shifts: [],
    minOfficers: 0,
    maxOfficers: null,
    needsLeader: false,
    skills: [],
    ...about,
  })
  const manned = shifts.filter((shift) => shift !== 'office')
  const units = Math.max(1, Math.floor((platoonSize - 1) / 3))
  return [
    post('desk', { kind: 'desk', isStreet: false, minOfficers: 1, maxOfficers: 2, needsLeader: true }),
    ...Array.from({ length: units }, (_, unit) =>
      post(`unit-${unit + 1}`, {
        shifts: manned,
        // The first is always crewed; others as people are there.
        minOfficers: unit === 0 ? 2 : 0,
        maxOfficers: 4,
        needsLeader: true,
      }),
    ),
    ...(shifts.includes('office') ? [post('beat', { shifts: ['office'], maxOfficers: null })] : []),
  ]
}
