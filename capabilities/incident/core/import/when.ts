import { fromWallClock, type Instant } from '../../../../foundation/core/instant.ts'

/** A moment as a file gives it: complete, or a local date without an hour. */
export type Reading =
  | { readonly kind: 'moment'; readonly clock: LocalClock; readonly offsetMinutes: number | null }
  | { readonly kind: 'date'; readonly clock: LocalClock }
  /** Seconds or milliseconds since 1970. */
  | { readonly kind: 'epoch'; readonly at: Instant }

export interface LocalClock {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** Reads one text; null where it does not fit the format or is no date of the calendar. */
export type WhenReader = (text: string) => Reading | null

type Part =
  | 'year'
  | 'month'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'shortYear'
  | 'hour12'
  | 'half'
  | 'monthName'
  | 'offset'
  | 'fraction'
  | 'epochSeconds'
  | 'epochMilliseconds'

/** Longest first, so that `MMM` is not read as `MM` and `M`. */
const TOKENS: readonly (readonly [token: string, part: Part, pattern: string])[] = [
  ['YYYY', 'year', '(\\d{4})'],
  ['SSS', 'fraction', '(\\d{1,9})'],
  ['MMM', 'monthName', '([A-Za-z]{3,9})'],
  ['YY', 'shortYear', '(\\d{2})'],
  ['MM', 'month', '(\\d{2})'],
  ['DD', 'day', '(\\d{2})'],
  ['HH', 'hour', '(\\d{2})'],
  ['hh', 'hour12', '(\\d{2})'],
  ['mm', 'minute', '(\\d{2})'],
  ['ss', 'second', '(\\d{2})'],
  ['M', 'month', '(\\d{1,2})'],
  ['D', 'day', '(\\d{1,2})'],
  ['H', 'hour', '(\\d{1,2})'],
  ['h', 'hour12', '(\\d{1,2})'],
  ['A', 'half', '([AaPp]\\.?[Mm]\\.?|上午|下午)'],
  ['Z', 'offset', '(Z|[+-]\\d{2}:?\\d{2}|[+-]\\d{2})'],
  ['X', 'epochSeconds', '(\\d{1,11})'],
  ['x', 'epochMilliseconds', '(\\d{10,14})'],
]

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** What is read when a mapping names no format: ISO 8601 and its common cousins, never an ambiguous day and month. */
const USUAL_FORMATS = [
  'YYYY-MM-DDTHH:mm:ss.SSSZ',
  'YYYY-MM-DDTHH:mm:ssZ',
  'YYYY-MM-DDTHH:mmZ',
  'YYYY-MM-DDTHH:mm:ss.SSS',
  'YYYY-MM-DDTHH:mm:ss',
  'YYYY-MM-DDTHH:mm',
  'YYYY-MM-DD',
  'YYYY-MM-DD HH:mm:ss.SSS',
  'YYYY-MM-DD HH:mm:ssZ',
  'YYYY-MM-DD HH:mm:ss',
  'YYYY-MM-DD HH:mm',
  'YYYY/M/D H:mm:ss',
  'YYYY/M/D H:mm',
  'YYYY/M/D',
  'YYYYMMDDHHmmss',
  'YYYYMMDDHHmm',
  'YYYYMMDD',
  'YYYY年M月D日 H时mm分ss秒',
  'YYYY年M月D日 H时mm分',
  'YYYY年M月D日 H:mm',
  'YYYY年M月D日',
]

/**
 * A reader for a format such as `MM/DD/YYYY hh:mm:ss A`, `YYYYMMDD`, `X`; for `auto`, of the usual formats.
 * Null for a format without a date (a clock column of its own is read by `clockReader`).
 */
export function whenReader(format: string): WhenReader | null {
  if (format === 'auto') {
    const readers = USUAL_FORMATS.map((each) => whenReader(each)!)
    let likely = readers[0]!
    // A file keeps to one format: what fitted last is tried first.
    return (text) => {
      const first = likely(text)
      if (first) return first
      for (const reader of readers) {
        const found = reader(text)
        if (!found) continue
        likely = reader
        return found
      }
      return null
    }
  }
  const compiled = compile(format)
  const has = (part: Part) => compiled.parts.includes(part)
  const isEpoch = has('epochSeconds') || has('epochMilliseconds')
  const hasDate = (has('year') || has('shortYear')) && (has('month') || has('monthName')) && has('day')
  if (!isEpoch && !hasDate) return null
  return (text) => readingOf(match(compiled, text))
}

/** A reader for a clock in a column of its own, such as `HH:mm` or `h:mm A`; `auto` takes 24-hour clocks. */
export function clockReader(
  format: string,
): ((text: string) => Pick<LocalClock, 'hour' | 'minute' | 'second'> | null) | null {
  const all = (format === 'auto' ? ['H:mm:ss', 'H:mm', 'HHmm', 'HHmmss'] : [format]).map(compile)
  if (!all.every(({ parts }) => parts.includes('hour') || parts.includes('hour12'))) return null
  return (text) => {
    for (const compiled of all) {
      const parts = match(compiled, text)
      const clock = parts && clockOf(parts)
      if (clock) return clock
    }
    return null
  }
}

interface Compiled {
  readonly pattern: RegExp
  readonly parts: readonly Part[]
}

function compile(format: string): Compiled {
  const parts: Part[] = []
  let pattern = ''
  for (let at = 0; at < format.length;) {
    // The T of ISO 8601 and text in square brackets stand for themselves.
    if (format[at] === '[') {
      const close = format.indexOf(']', at)
      const literal = close < 0 ? format.slice(at + 1) : format.slice(at + 1, close)
      pattern += escaped(literal)
      at = close < 0 ? format.length : close + 1
      continue
    }
    const token = TOKENS.find(([text]) => format.startsWith(text, at))
    if (token) {
      parts.push(token[1])
      pattern += token[2]
      at += token[0].length
    } else {
      pattern += escaped(format[at]!)
      at++
    }
  }
  return { pattern: new RegExp(`^${pattern}$`), parts }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/ /g, '\\s+')
}

type Parts = Partial<Record<Part, string>>

function match({ pattern, parts }: Compiled, text: string): Parts | null {
  const found = pattern.exec(text.trim())
  if (!found) return null
  const read: Parts = {}
  parts.forEach((part, i) => (read[part] = found[i + 1]!))
  return read
}

function readingOf(parts: Parts | null): Reading | null {
  if (!parts) return null
  if (parts.epochSeconds !== undefined) return { kind: 'epoch', at: Number(parts.epochSeconds) * 1000 }
  if (parts.epochMilliseconds !== undefined) return { kind: 'epoch', at: Number(parts.epochMilliseconds) }
  const year = parts.year !== undefined ? Number(parts.year) : 2000 + Number(parts.shortYear)
  const month =
    parts.monthName !== undefined
      ? MONTHS.indexOf(parts.monthName.slice(0, 3).toLowerCase()) + 1
      : Number(parts.month)
  const day = Number(parts.day)
  if (!isDate(year, month, day)) return null
  if (parts.hour === undefined && parts.hour12 === undefined)
    return { kind: 'date', clock: { year, month, day, hour: 0, minute: 0, second: 0 } }
  const clock = clockOf(parts)
  if (!clock) return null
  const offsetMinutes = parts.offset === undefined ? null : offsetOf(parts.offset)
  return { kind: 'moment', clock: { year, month, day, ...clock }, offsetMinutes }
}

function clockOf(parts: Parts): Pick<LocalClock, 'hour' | 'minute' | 'second'> | null {
  const minute = Number(parts.minute ?? 0)
  const second = Number(parts.second ?? 0)
  let hour = Number(parts.hour ?? parts.hour12)
  if (parts.hour12 !== undefined) {
    if (hour < 1 || hour > 12 || parts.half === undefined) return null
    hour = (hour % 12) + (/^p|下午/i.test(parts.half) ? 12 : 0)
  }
  if (hour > 23 || minute > 59 || second > 59) return null
  return { hour, minute, second }
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0
  const digits = text.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)
  return text.startsWith('-') ? -minutes : minutes
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

const QUARTER_HOUR_MS = 900_000
const DAY_MS = 86_400_000
const LARGEST_CACHE = 20_000

/**
 * From wall clocks of one zone to moments. The zone's offset is looked up once a day and kept, since a look-up costs
 * more than the rest of a row; on a day whose offset changes, once a quarter of an hour. Daylight saving as in
 * foundation/core/instant.ts.
 */
export function zoneClock(timeZone: string): (clock: LocalClock) => Instant {
  const quarters = new Map<number, number>()
  /** Null for a day on which the offset changes. */
  const days = new Map<number, number | null>()
  const shiftAt = (flat: number): number => {
    const at = new Date(flat)
    return (
      fromWallClock(
        {
          year: at.getUTCFullYear(),
          month: at.getUTCMonth() + 1,
          day: at.getUTCDate(),
          hour: at.getUTCHours(),
          minute: at.getUTCMinutes(),
        },
        timeZone,
      ) - flat
    )
  }
  const shiftOfDay = (day: number): number | null => {
    const [begins, ends] = [shiftAt(day * DAY_MS), shiftAt((day + 1) * DAY_MS)]
    return begins === ends ? begins : null
  }
  return (clock) => {
    const flat = Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second)
    const ofDay = kept(days, Math.floor(flat / DAY_MS), shiftOfDay)
    if (ofDay !== null) return flat + ofDay
    const minute = Math.floor(flat / 60_000) * 60_000
    return flat + kept(quarters, Math.floor(flat / QUARTER_HOUR_MS), () => shiftAt(minute))
  }
}

function kept<T>(known: Map<number, T>, key: number, find: (key: number) => T): T {
  let found = known.get(key)
  if (found === undefined) {
    if (known.size >= LARGEST_CACHE) known.clear()
    found = find(key)
    known.set(key, found)
  }
  return found
}

/** True for an IANA name that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    fromWallClock({ year: 2000, month: 1, day: 1 }, name)
    return true
  } catch {
    return false
  }
}
