import { isOnStreet, type Duty, type OpenGround } from '../../core/index.ts'
import { findOption } from '../../core/index.ts'
import type { Cells } from '../grid/desk.ts'

/** One post of a shift, or a draw, with who has it. */
export interface PostOfDay {
  readonly key: string
  readonly duty: Duty
  readonly officers: readonly number[]
  /** Fewer than the post must have. */
  readonly missing: number
}

export interface StationOfDay {
  readonly organisationId: string
  /** In the order of the pattern's shifts, in each the posts. */
  readonly posts: readonly PostOfDay[]
  readonly onDuty: number
  readonly away: readonly { readonly officer: number; readonly kind: 'leave' | 'training' }[]
}

/** A day's posts by organisation: those with somebody, and those that should have and have not. */
export function dayPosts(open: OpenGround, cells: Cells, day: number): readonly StationOfDay[] {
  const { officers, schemes } = open.ground
  return schemes.map(({ organisationId }) => {
    const pattern = open.schemeOf(organisationId)!.pattern
    const held = new Map<string, number[]>()
    const away: { officer: number; kind: 'leave' | 'training' }[] = []
    const asked = new Set<string>()
    officers.forEach((who, officer) => {
      const key = cells[officer]![day]!
      const option = findOption(key)
      if (who.organisationId === organisationId)
        for (const shift of open.role(officer, day)?.shifts ?? []) asked.add(shift)
      if (option?.kind === 'duty' && option.organisationId === organisationId) {
        const there = held.get(key)
        if (there) there.push(officer)
        else held.set(key, [officer])
      }
      if (who.organisationId === organisationId && (option?.kind === 'leave' || option?.kind === 'training'))
        away.push({ officer, kind: option.kind })
    })
    const posts = pattern.shifts.flatMap(({ code: shift }): PostOfDay[] => [
      ...open.postsOf(organisationId).flatMap((post): PostOfDay[] => {
        const key = `${organisationId}/${shift}/${post.id}`
        const there = held.get(key) ?? []
        const isAsked = asked.has(shift) && (post.shifts.length === 0 || post.shifts.includes(shift))
        const missing = isAsked ? Math.max(0, post.minOfficers - there.length) : 0
        if (there.length === 0 && missing === 0) return []
        return [
          {
            key,
            duty: { kind: 'duty', organisationId, shift, postId: post.id, draw: null },
            officers: there,
            missing,
          },
        ]
      }),
      ...pattern.draws.flatMap((draw): PostOfDay[] => {
        const key = `${organisationId}/${shift}/draw:${draw.code}`
        const there = held.get(key) ?? []
        return draw.shift !== shift || there.length === 0
          ? []
          : [
              {
                key,
                duty: { kind: 'duty', organisationId, shift, postId: null, draw: draw.code },
                officers: there,
                missing: 0,
              },
            ]
      }),
    ])
    return { organisationId, posts, away, onDuty: posts.reduce((sum, post) => sum + post.officers.length, 0) }
  })
}

export interface HourOfDay {
  readonly onDuty: number
  readonly onStreet: number
}

/** How many are on duty in each hour of a day, those still there from the day before among them. */
export function dayHours(open: OpenGround, cells: Cells, day: number): readonly HourOfDay[] {
  const hours = Array.from({ length: 24 }, () => ({ onDuty: 0, onStreet: 0 }))
  const count = (key: string | undefined, shiftBy: number) => {
    const option = key === undefined ? null : findOption(key)
    const shift = option?.kind === 'duty' ? open.findShift(option) : null
    if (option?.kind !== 'duty' || !shift) return
    const from = Math.max(0, shift.startMinute + shiftBy)
    const until = Math.min(1440, shift.startMinute + shift.lengthMinutes + shiftBy)
    for (let hour = Math.floor(from / 60); hour * 60 < until; hour++) {
      hours[hour]!.onDuty++
      if (isOnStreet(open, option)) hours[hour]!.onStreet++
    }
  }
  for (const row of cells) {
    count(row[day], 0)
    if (day > 0) count(row[day - 1], -1440)
  }
  return hours
}
