import { POST_KINDS, type DutyPattern } from './pattern.ts'

export const PATTERN_FAULTS = [
  'not-an-object',
  'not-a-list',
  'not-a-text',
  'not-a-whole-number',
  'out-of-range',
  'empty',
  'too-many',
  'twice',
  'unknown-role',
  'unknown-shift',
  'unknown-post-kind',
  'unknown-field',
  'works-more-than-lasts',
  'role-never-comes',
  'shift-never-worked',
  'draw-from-rest',
  'draw-shift-also-role',
  'nobody-works',
  'platoons-together',
] as const

/** One thing wrong with a pattern: where (`roles[1].shifts[0]`), what, and the numbers or names that the text needs. */
export interface PatternFault {
  readonly path: string
  readonly code: (typeof PATTERN_FAULTS)[number]
  readonly detail: Readonly<Record<string, string | number>>
}

const FIELDS = {
  pattern: [
    'code',
    'nameZh',
    'nameEn',
    'sources',
    'sequence',
    'platoons',
    'roles',
    'shifts',
    'draws',
    'minimums',
  ],
  platoon: ['nameZh', 'nameEn', 'ahead'],
  role: ['code', 'nameZh', 'nameEn', 'markZh', 'markEn', 'shifts'],
  shift: ['code', 'nameZh', 'nameEn', 'startMinute', 'lengthMinutes', 'workMinutes'],
  draw: ['code', 'nameZh', 'nameEn', 'fromRole', 'officers', 'shift'],
  minimum: ['shift', 'post', 'skill', 'officers'],
} as const

/**
 * Reads a duty pattern from data that anybody may have written. Gives the pattern, or every fault with its place; a
 * pattern that passes can be rostered by: all that it names is there, every day is somebody's, and no two platoons
 * are the same.
 */
export function checkPattern(
  value: unknown,
): { readonly pattern: DutyPattern } | { readonly faults: readonly PatternFault[] } {
  const faults: PatternFault[] = []
  const say: SayFault = (path, code, detail = {}) => {
    faults.push({ path, code, detail })
  }
  readShape(value, say)
  if (faults.length > 0) return { faults }
  const pattern = value as DutyPattern
  readSense(pattern, say)
  return faults.length > 0 ? { faults } : { pattern }
}

type SayFault = (path: string, code: PatternFault['code'], detail?: PatternFault['detail']) => void
type Fields = Readonly<Record<string, unknown>>

function readShape(value: unknown, say: SayFault): void {
  const pattern = asObject(value, '', FIELDS.pattern, say)
  if (!pattern) return
  code(pattern, '', say)
  names(pattern, '', say)
  eachOf(pattern, 'sources', 0, 20, say, (source, path) => text(source, path, 500, say))
  eachOf(pattern, 'sequence', 1, 366, say, (role, path) => text(role, path, 40, say))
  eachOf(pattern, 'platoons', 1, 12, say, (one, path) => {
    const platoon = asObject(one, path, FIELDS.platoon, say)
    if (!platoon) return
    names(platoon, path, say)
    whole(platoon.ahead, `${path}.ahead`, 0, 365, say)
  })
  eachOf(pattern, 'roles', 1, 20, say, (one, path) => {
    const role = asObject(one, path, FIELDS.role, say)
    if (!role) return
    code(role, path, say)
    names(role, path, say)
    text(role.markZh, `${path}.markZh`, 2, say)
    text(role.markEn, `${path}.markEn`, 2, say)
    eachOf(role, 'shifts', 0, 10, say, (shift, at) => text(shift, at, 40, say), path)
  })
  eachOf(pattern, 'shifts', 1, 20, say, (one, path) => {
    const shift = asObject(one, path, FIELDS.shift, say)
    if (!shift) return
    code(shift, path, say)
    names(shift, path, say)
    whole(shift.startMinute, `${path}.startMinute`, 0, 1439, say)
    whole(shift.lengthMinutes, `${path}.lengthMinutes`, 30, 1440, say)
    whole(shift.workMinutes, `${path}.workMinutes`, 0, 1440, say)
  })
  eachOf(pattern, 'draws', 0, 5, say, (one, path) => {
    const draw = asObject(one, path, FIELDS.draw, say)
    if (!draw) return
    code(draw, path, say)
    names(draw, path, say)
    text(draw.fromRole, `${path}.fromRole`, 40, say)
    text(draw.shift, `${path}.shift`, 40, say)
    whole(draw.officers, `${path}.officers`, 1, 50, say)
  })
  eachOf(pattern, 'minimums', 0, 50, say, (one, path) => {
    const minimum = asObject(one, path, FIELDS.minimum, say)
    if (!minimum) return
    text(minimum.shift, `${path}.shift`, 40, say)
    if (!(POST_KINDS as readonly unknown[]).includes(minimum.post))
      say(`${path}.post`, 'unknown-post-kind', { given: String(minimum.post) })
    if (minimum.skill !== null) text(minimum.skill, `${path}.skill`, 40, say)
    whole(minimum.officers, `${path}.officers`, 1, 500, say)
  })
}

function readSense(pattern: DutyPattern, say: SayFault): void {
  const { sequence, platoons, roles, shifts, draws, minimums } = pattern
  unique(roles, 'roles', say)
  unique(shifts, 'shifts', say)
  unique(draws, 'draws', say)
  const role = new Map(roles.map((one) => [one.code, one]))
  const isShift = (one: string) => shifts.some(({ code: known }) => known === one)
  sequence.forEach((one, day) => {
    if (!role.has(one)) say(`sequence[${day}]`, 'unknown-role', { given: one })
  })
  roles.forEach((one, index) => {
    one.shifts.forEach((shift, at) => {
      if (!isShift(shift)) say(`roles[${index}].shifts[${at}]`, 'unknown-shift', { given: shift })
      if (one.shifts.indexOf(shift) < at) say(`roles[${index}].shifts[${at}]`, 'twice', { given: shift })
    })
    if (!sequence.includes(one.code)) say(`roles[${index}].code`, 'role-never-comes', { given: one.code })
  })
  shifts.forEach((shift, index) => {
    if (shift.workMinutes > shift.lengthMinutes)
      say(`shifts[${index}].workMinutes`, 'works-more-than-lasts', {
        workMinutes: shift.workMinutes,
        lengthMinutes: shift.lengthMinutes,
      })
    const isWorked =
      roles.some((one) => one.shifts.includes(shift.code)) || draws.some((draw) => draw.shift === shift.code)
    if (!isWorked) say(`shifts[${index}].code`, 'shift-never-worked', { given: shift.code })
  })
  draws.forEach((draw, index) => {
    const from = role.get(draw.fromRole)
    if (!from) say(`draws[${index}].fromRole`, 'unknown-role', { given: draw.fromRole })
    else if (from.shifts.length === 0)
      say(`draws[${index}].fromRole`, 'draw-from-rest', { given: draw.fromRole })
    else if (from.shifts.includes(draw.shift))
      say(`draws[${index}].shift`, 'draw-shift-also-role', { given: draw.shift })
    if (!isShift(draw.shift)) say(`draws[${index}].shift`, 'unknown-shift', { given: draw.shift })
  })
  minimums.forEach((minimum, index) => {
    if (!isShift(minimum.shift)) say(`minimums[${index}].shift`, 'unknown-shift', { given: minimum.shift })
  })
  platoons.forEach((platoon, index) => {
    if (platoon.ahead >= sequence.length)
      say(`platoons[${index}].ahead`, 'out-of-range', {
        given: platoon.ahead,
        least: 0,
        most: sequence.length - 1,
      })
    const twin = platoons.findIndex(({ ahead }) => ahead === platoon.ahead)
    if (twin < index)
      say(`platoons[${index}].ahead`, 'platoons-together', { given: platoon.ahead, platoon: twin + 1 })
  })
  sequence.forEach((_, day) => {
    const isWorked = platoons.some(
      ({ ahead }) => (role.get(sequence[(day + ahead) % sequence.length]!)?.shifts.length ?? 0) > 0,
    )
    if (!isWorked) say(`sequence[${day}]`, 'nobody-works', { day: day + 1 })
  })
}

function asObject(value: unknown, path: string, known: readonly string[], say: SayFault): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    say(path, 'not-an-object')
    return null
  }
  for (const field of Object.keys(value))
    if (!known.includes(field)) say(join(path, field), 'unknown-field', { field })
  return value as Fields
}

function eachOf(
  owner: Fields,
  field: string,
  least: number,
  most: number,
  say: SayFault,
  read: (value: unknown, path: string) => void,
  ownerPath = '',
): void {
  const path = join(ownerPath, field)
  const list = owner[field]
  if (!Array.isArray(list)) return say(path, 'not-a-list')
  if (list.length < least) say(path, 'empty')
  if (list.length > most) return say(path, 'too-many', { given: list.length, most })
  list.forEach((value, index) => {
    read(value, `${path}[${index}]`)
  })
}

function text(value: unknown, path: string, most: number, say: SayFault): void {
  if (typeof value !== 'string') return say(path, 'not-a-text')
  if (value.trim() === '') say(path, 'empty')
  if ([...value].length > most) say(path, 'too-many', { given: [...value].length, most })
}

function whole(value: unknown, path: string, least: number, most: number, say: SayFault): void {
  if (typeof value !== 'number' || !Number.isInteger(value)) return say(path, 'not-a-whole-number')
  if (value < least || value > most) say(path, 'out-of-range', { given: value, least, most })
}

/** Codes go into addresses and files: small letters, digits and hyphens. */
function code(owner: Fields, path: string, say: SayFault): void {
  const at = join(path, 'code')
  if (typeof owner.code !== 'string') return say(at, 'not-a-text')
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(owner.code)) say(at, 'out-of-range', { given: owner.code })
}

function names(owner: Fields, path: string, say: SayFault): void {
  text(owner.nameZh, join(path, 'nameZh'), 60, say)
  text(owner.nameEn, join(path, 'nameEn'), 60, say)
}

function unique(list: readonly { readonly code: string }[], path: string, say: SayFault): void {
  list.forEach(({ code: given }, index) => {
    if (list.findIndex((one) => one.code === given) < index) say(`${path}[${index}].code`, 'twice', { given })
  })
}

const join = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`)
