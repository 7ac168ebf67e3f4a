import type { DemandTerm, SolverDemand } from '../../../solvers/rostering/problem.ts'
import { platoonsInRole, workedShifts } from './check.ts'
import { isOnStreet, isStaffed, type OpenGround } from './options.ts'
import { optionKey, type Duty, type DutyOption } from './roster.ts'

/** Sets of officers by name, each listed once. */
export class Groups {
  readonly list: number[][] = []
  readonly #known = new Map<string, number>()

  of(name: string, members: () => number[]): number {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    this.list.push(members())
    this.#known.set(name, this.list.length - 1)
    return this.list.length - 1
  }
}

/** R07 to R11 and R15. */
export function organisationDemands(
  open: OpenGround,
  index: ReadonlyMap<string, number>,
  groups: Groups,
): readonly SolverDemand[] {
  const { ground } = open
  const { officers } = ground
  const able = (skill: string) =>
    groups.of(`skill ${skill}`, () =>
      officers.flatMap((who, at) =>
        (skill === 'sworn' ? who.sworn : who.skills.includes(skill)) ? [at] : [],
      ),
    )
  return ground.schemes.flatMap(({ organisationId }) => {
    const { pattern } = open.schemeOf(organisationId)!
    const members = officers.flatMap((who, at) => (who.organisationId === organisationId ? [at] : []))
    const optionOf = (duty: Omit<Duty, 'kind' | 'organisationId'>) =>
      index.get(optionKey({ kind: 'duty', organisationId, ...duty }))!
    return open.dates.flatMap((date, day): readonly SolverDemand[] => {
      const at = (...words: readonly (string | number)[]) => [...words, organisationId, date].join('|')
      const worked = workedShifts(open, organisationId, day, members)
      const term = (shift: number, group: number | null, coefficient = 1): DemandTerm => ({
        day,
        shift,
        group,
        coefficient,
      })
      const posts = pattern.shifts.flatMap(({ code: shift }) =>
        open
          .postsOf(organisationId)
          .filter((post) => isStaffed(post, shift))
          .flatMap((post): readonly SolverDemand[] => {
            const option = optionOf({ shift, postId: post.id, draw: null })
            const low = worked.has(shift) ? post.minOfficers : 0
            const high = post.maxOfficers ?? Infinity
            const crowd = post.maxOfficers ?? members.length
            return [
              ...(low > 0 || high < Infinity
                ? [hard(at(low > 0 ? 'R07' : 'R08', shift, post.id), [term(option, null)], low, high)]
                : []),
              ...(post.needsLeader
                ? [
                    hard(
                      at('R09', shift, post.id),
                      [term(option, able('sworn'), crowd), term(option, null, -1)],
                      0,
                      Infinity,
                    ),
                  ]
                : []),
              ...post.skills.map(({ skill, officers: needed }) =>
                low > 0
                  ? hard(at('R10', shift, post.id, skill), [term(option, able(skill))], needed, Infinity)
                  : hard(
                      at('R10', shift, post.id, skill),
                      [term(option, able(skill), crowd), term(option, null, -needed)],
                      0,
                      Infinity,
                    ),
              ),
            ]
          }),
      )
      const minimums = pattern.minimums
        .filter(({ shift }) => worked.has(shift))
        .map(({ shift, post: kind, skill, officers: needed }, number) =>
          hard(
            at('R15', shift, kind, number),
            open
              .postsOf(organisationId)
              .filter((post) => post.kind === kind && isStaffed(post, shift))
              .map((post) =>
                term(optionOf({ shift, postId: post.id, draw: null }), skill === null ? null : able(skill)),
              ),
            needed,
            Infinity,
          ),
        )
      const draws = pattern.draws.flatMap(({ code, fromRole, shift, officers: wanted }) =>
        [...platoonsInRole(open, day, fromRole, members)].map((platoon) =>
          hard(
            at('R11', code, platoon),
            [
              term(
                optionOf({ shift, postId: null, draw: code }),
                groups.of(`platoon ${organisationId} ${platoon}`, () =>
                  members.filter((officer) => officers[officer]!.platoon === platoon),
                ),
              ),
            ],
            wanted,
            wanted,
          ),
        ),
      )
      return [...posts, ...minimums, ...draws]
    })
  })
}

const hard = (id: string, terms: readonly DemandTerm[], low: number, high: number): SolverDemand => ({
  id,
  terms,
  low,
  high,
  underCost: Infinity,
  overCost: Infinity,
})

/** R12: at every time of a day when somebody comes or goes, those on the street outnumber the share. */
export function streetDemands(
  open: OpenGround,
  options: readonly DutyOption[],
  groups: Groups,
): readonly SolverDemand[] {
  const { rules, officers } = open.ground
  if (rules.streetShares.length === 0) return []
  const duties = options.flatMap((option, shift) => {
    const time = option.kind === 'duty' ? open.findShift(option) : null
    return option.kind === 'duty' && time
      ? [
          {
            shift,
            from: time.startMinute,
            until: time.startMinute + time.lengthMinutes,
            isStreet: isOnStreet(open, option),
          },
        ]
      : []
  })
  const capable = groups.of('patrol-capable', () =>
    officers.flatMap((who, at) => (who.patrolCapable ? [at] : [])),
  )
  const changes = [...new Set(duties.flatMap(({ from, until }) => [from % 1440, until % 1440]))]
  return open.dates.flatMap((date, day) =>
    rules.streetShares.flatMap(({ fromMinute, untilMinute, share }) => {
      const seen = new Set<string>()
      const minutes = [...new Set([fromMinute, ...changes])]
        .filter((minute) => minute >= fromMinute && minute < untilMinute)
        .sort((a, b) => a - b)
      return minutes.flatMap((minute): readonly SolverDemand[] => {
        const worth = (isStreet: boolean) => (isStreet ? 1 - share : -share)
        const today = duties.filter(({ from, until }) => from <= minute && minute < until)
        const yesterday = duties.filter(({ from, until }) => from <= minute + 1440 && minute + 1440 < until)
        const key = [...today, { shift: -1 }, ...yesterday].map(({ shift }) => shift).join()
        if (seen.has(key)) return []
        seen.add(key)
        const terms = (list: typeof duties, on: number): readonly DemandTerm[] =>
          list.map(({ shift, isStreet }) => ({
            day: on,
            shift,
            group: capable,
            coefficient: worth(isStreet),
          }))
        const carried = day > 0 ? 0 : carriedIn(open, minute, worth)
        return [
          {
            ...hard(
              ['R12', `${fromMinute}-${untilMinute}`, minute, date].join('|'),
              [...terms(today, day), ...(day > 0 ? terms(yesterday, day - 1) : [])],
              // Thirds do not add up to nothing in binary.
              -carried - 1e-6,
              Infinity,
            ),
          },
        ]
      })
    }),
  )
}

/** What those still on duty from before the roster add to its first day. */
function carriedIn(open: OpenGround, minute: number, worth: (isStreet: boolean) => number): number {
  return open.ground.officers.reduce((sum, { patrolCapable, before }) => {
    const last = before.at(-1)
    const time = last?.kind === 'duty' ? open.findShift(last) : null
    if (!patrolCapable || last?.kind !== 'duty' || !time) return sum
    const isThere = minute + 1440 < time.startMinute + time.lengthMinutes
    return isThere ? sum + worth(isOnStreet(open, last)) : sum
  }, 0)
}
