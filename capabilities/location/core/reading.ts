import type { Instant } from '../../../foundation/core/instant.ts'

/** Reads one field of a device's message. NaN means «not told or not usable»; a time that cannot be read gives null. */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A number from JSON or from the text of a form. Empty text, words and infinities give NaN. */
export function readNumber(value: unknown): number {
  if (typeof value === 'number') return finite(value)
  if (typeof value !== 'string') return NaN
  const text = value.trim()
  return NUMBER.test(text) ? finite(Number(text)) : NaN
}

const finite = (number: number) => (Number.isFinite(number) ? number : NaN)

/** Devices say -1 for «unknown» (Core Location does, and so Traccar Client); nothing is negative here. */
export function readAccuracy(value: unknown): number {
  const metres = readNumber(value)
  return metres >= 0 && metres <= 1_000_000 ? metres : NaN
}

export function readSpeed(value: unknown, metresPerSecondEach: number): number {
  const speed = readNumber(value) * metresPerSecondEach
  return speed >= 0 && speed <= 1_000 ? speed : NaN
}

/** 0 to 360, clockwise from north; 360 is 0. */
export function readBearing(value: unknown): number {
  const degrees = readNumber(value)
  return degrees >= 0 && degrees <= 360 ? degrees % 360 : NaN
}

export function readPercent(value: unknown, percentEach: number): number {
  const percent = readNumber(value) * percentEach
  return percent >= 0 && percent <= 100 ? percent : NaN
}

/** Unix seconds below this, milliseconds above: the same bound as Traccar's (2³¹ − 1 seconds are the year 2038). */
const SECONDS_BELOW = 2_147_483_647

/** As far as a calendar goes: the bounds of a JavaScript Date. */
const LAST_MOMENT = 8_640_000_000_000_000

const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)$/
const ZONED_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s?(Z|[+-]\d{2}(:?\d{2})?)$/i

/**
 * Unix seconds or milliseconds, ISO 8601, or `yyyy-MM-dd HH:mm:ss`. A time without an offset is UTC, so that
 * it means the same wherever the server stands. Null where it is none of these.
 */
export function readTime(value: unknown): Instant | null {
  if (typeof value === 'string') {
    const at = readCanonicalTime(value)
    if (at !== null) return at
  }
  const number = readNumber(value)
  if (!Number.isNaN(number)) {
    const at = Math.round(number <= SECONDS_BELOW ? number * 1000 : number)
    return Math.abs(at) <= LAST_MOMENT ? at : null
  }
  if (typeof value !== 'string') return null
  const text = value.trim()
  const local = LOCAL_TIME.exec(text)
  const at = local
    ? Date.parse(`${local[1]}T${local[2]!.replace(',', '.')}Z`)
    : ZONED_TIME.test(text)
      ? Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'))
      : NaN
  return Number.isFinite(at) ? at : null
}

/** `YYYY-MM-DDTHH:MM:SSZ` or `….mmmZ`, as nearly every sender writes it, digit by digit: a fifth of what the patterns cost. */
function readCanonicalTime(text: string): Instant | null {
  const hasMilliseconds = text.length === 24
  if (!hasMilliseconds && text.length !== 20) return null
  if (text.charCodeAt(text.length - 1) !== 90 || text.charCodeAt(10) !== 84) return null
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return null
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return null
  if (hasMilliseconds && text.charCodeAt(19) !== 46) return null
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  const milliseconds = hasMilliseconds ? digits(text, 20, 3) : 0
  const isTime =
    year >= 1000 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59
  return isTime && milliseconds >= 0 && hour >= 0 && minute >= 0 && second >= 0
    ? Date.UTC(year, month - 1, day, hour, minute, second, milliseconds)
    : null
}

/** The number that `count` digits at a place write, or NaN. */
function digits(text: string, from: number, count: number): number {
  let number = 0
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return NaN
    number = number * 10 + digit
  }
  return number
}

/** An id that a device gives itself: an IMEI, a name, a number. Null where there is none or it is no id. */
export function readCode(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  if (typeof text !== 'string') return null
  const code = text.trim()
  return code.length > 0 && code.length <= 100 ? code : null
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
