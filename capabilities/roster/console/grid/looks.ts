import {
  findOption,
  isNight,
  type DayRole,
  type DutyPattern,
  type Post,
  type PostKind,
  type RosterGround,
  type ShiftTime,
} from '../../core/index.ts'

/** What a cell is to the eye: each tone has a colour of its own, and a mark, for those who cannot tell colours. */
export type CellTone = PostKind | 'draw' | 'leave' | 'training' | 'off' | 'unknown'

/** How an option looks and is called. */
export interface CellLook {
  readonly tone: CellTone
  /** What the shift is to the pattern: «值», «副»; the text key of a mark where the pattern has none. */
  readonly role: { readonly zh: string; readonly en: string } | null
  readonly shift: ShiftTime | null
  readonly post: Post | null
  readonly drawName: { readonly zh: string; readonly en: string } | null
  readonly organisationId: string | null
  readonly isNight: boolean
  /** The part of the day that it works, in hundredths of the day: from, and until midnight at most. */
  readonly bar: { readonly from: number; readonly until: number } | null
}

export interface Looks {
  /** Throws nothing: a key that this ground does not know looks unknown. */
  of(key: string): CellLook
}

const PLAIN = { role: null, shift: null, post: null, drawName: null, organisationId: null, isNight: false }

/** Reads options of a ground as pictures; each is made once. */
export function openLooks(ground: Pick<RosterGround, 'patterns' | 'schemes' | 'posts'>): Looks {
  const made = new Map<string, CellLook>()
  const patterns = new Map(ground.patterns.map((pattern) => [pattern.code, pattern]))
  const followed = new Map(
    ground.schemes.map(({ organisationId, patternCode }) => [organisationId, patterns.get(patternCode)]),
  )
  const posts = new Map<string, Post>(ground.posts.map((post) => [post.id, post]))
  const make = (key: string): CellLook => {
    const option = findOption(key)
    if (option === null) return { tone: 'unknown', ...PLAIN, bar: null }
    if (option.kind !== 'duty') return { tone: option.kind, ...PLAIN, bar: null }
    const pattern = followed.get(option.organisationId)
    const shift = pattern?.shifts.find(({ code }) => code === option.shift) ?? null
    const post = posts.get(option.postId ?? '') ?? null
    const draw = pattern?.draws.find(({ code }) => code === option.draw) ?? null
    const role = roleOfShift(pattern, option.shift)
    return {
      tone: option.draw !== null ? 'draw' : (post?.kind ?? 'unknown'),
      role: option.draw !== null || role === null ? null : { zh: role.markZh, en: role.markEn },
      shift,
      post,
      drawName: draw && { zh: draw.nameZh, en: draw.nameEn },
      organisationId: option.organisationId,
      isNight: shift !== null && isNight(shift),
      bar: shift && {
        from: Math.round((shift.startMinute / 1440) * 100),
        until: Math.min(100, Math.round(((shift.startMinute + shift.lengthMinutes) / 1440) * 100)),
      },
    }
  }
  return {
    of(key) {
      const known = made.get(key)
      if (known) return known
      const look = make(key)
      made.set(key, look)
      return look
    },
  }
}

function roleOfShift(pattern: DutyPattern | undefined, shift: string): DayRole | null {
  return pattern?.roles.find(({ shifts }) => shifts.includes(shift)) ?? null
}

/** Which letter means which kind of duty; none of them an arrow or a digit, which choose and count. */
export const TYPED: Readonly<Record<string, CellTone>> = {
  d: 'desk',
  p: 'patrol',
  r: 'reserve',
  o: 'other',
  x: 'draw',
}

/** What a typed key makes of a cell: the next allowed option of its kind, the n-th of all, or off. Null: nothing. */
export function typedOption(
  key: string,
  current: string,
  allowed: readonly string[],
  looks: Looks,
): string | null {
  if (key === '0' || key === 'Delete' || key === 'Backspace') return 'off'
  if (/^[1-9]$/.test(key)) return allowed[Number(key) - 1] ?? null
  const tone = TYPED[key.toLowerCase()]
  if (tone === undefined) return null
  const ofKind = allowed.filter((each) => looks.of(each).tone === tone)
  if (ofKind.length === 0) return null
  return ofKind[(ofKind.indexOf(current) + 1) % ofKind.length]!
}
