import { Temporal } from 'temporal-polyfill'
import { addDays } from '../../../foundation/core/day.ts'
import { toIso, wallClock, type Instant } from '../../../foundation/core/instant.ts'

/** One entry of an officer's calendar. Who else is there is not in it: a feed leaves the house. */
export interface CalendarEntry {
  /** Stays the same for the same day, so that a changed duty replaces the old one. */
  readonly uid: string
  readonly title: string
  readonly place: string | null
  /** When the roster last said so. */
  readonly changedAt: Instant
  /** Counts up with each change of the roster. */
  readonly sequence: number
  readonly when:
    | { readonly kind: 'hours'; readonly startsAt: Instant; readonly endsAt: Instant }
    | { readonly kind: 'day'; readonly date: string }
}

export interface Calendar {
  readonly name: string
  readonly timeZone: string
  readonly entries: readonly CalendarEntry[]
}

/** Octets of a line without its break (RFC 5545 3.1). */
const LINE_OCTETS = 75

/** An iCalendar object (RFC 5545), to be served as text/calendar in UTF-8. */
export function calendarText({ name, timeZone, entries }: Calendar): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Xunfang//Roster//ZH',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(name)}`,
    `X-WR-TIMEZONE:${escapeText(timeZone)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    ...zoneLines(timeZone, entries),
    ...entries.flatMap((entry) => entryLines(entry, timeZone)),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${foldLine(line)}\r\n`).join('')
}

function entryLines({ uid, title, place, changedAt, sequence, when }: CalendarEntry, timeZone: string) {
  const times =
    when.kind === 'hours'
      ? [
          `DTSTART;TZID=${timeZone}:${localStamp(when.startsAt, timeZone)}`,
          `DTEND;TZID=${timeZone}:${localStamp(when.endsAt, timeZone)}`,
        ]
      : [
          `DTSTART;VALUE=DATE:${dateStamp(when.date)}`,
          // The end is the first day after.
          `DTEND;VALUE=DATE:${dateStamp(addDays(when.date, 1))}`,
        ]
  return [
    'BEGIN:VEVENT',
    `UID:${escapeText(uid)}`,
    `DTSTAMP:${utcStamp(changedAt)}`,
    `LAST-MODIFIED:${utcStamp(changedAt)}`,
    `SEQUENCE:${sequence}`,
    ...times,
    `SUMMARY:${escapeText(title)}`,
    ...(place === null ? [] : [`LOCATION:${escapeText(place)}`]),
    `TRANSP:${when.kind === 'hours' ? 'OPAQUE' : 'TRANSPARENT'}`,
    'END:VEVENT',
  ]
}

/** The zone as it is over the time of the entries: one observance for its beginning and one for each change of clocks. */
function zoneLines(timeZone: string, entries: readonly CalendarEntry[]): string[] {
  const hours = entries.flatMap(({ when }) => (when.kind === 'hours' ? [when] : []))
  if (hours.length === 0) return []
  const from = Math.min(...hours.map(({ startsAt }) => startsAt))
  const until = Math.max(...hours.map(({ endsAt }) => endsAt))
  const lines = ['BEGIN:VTIMEZONE', `TZID:${timeZone}`]
  const observe = (onset: string, before: string, after: string, isSummer: boolean) =>
    lines.push(
      `BEGIN:${isSummer ? 'DAYLIGHT' : 'STANDARD'}`,
      `DTSTART:${onset}`,
      `TZOFFSETFROM:${before}`,
      `TZOFFSETTO:${after}`,
      `END:${isSummer ? 'DAYLIGHT' : 'STANDARD'}`,
    )
  let at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone)
  observe('19700101T000000', offsetText(at), offsetText(at), false)
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    if (next === null || next.epochMilliseconds >= until) break
    // The onset is told by the clock that hung until then.
    const onset = utcStamp(next.epochMilliseconds + at.offsetNanoseconds / 1e6).slice(0, -1)
    observe(onset, offsetText(at), offsetText(next), next.offsetNanoseconds > at.offsetNanoseconds)
    at = next
  }
  return [...lines, 'END:VTIMEZONE']
}

const offsetText = ({ offset }: { readonly offset: string }) => offset.replaceAll(':', '')

const two = (value: number) => String(value).padStart(2, '0')

function localStamp(at: Instant, timeZone: string): string {
  const { year, month, day, hour, minute, second } = wallClock(at, timeZone)
  return `${year}${two(month)}${two(day)}T${two(hour)}${two(minute)}${two(second)}`
}

const utcStamp = (at: Instant) => `${toIso(at).slice(0, 19).replaceAll(/[-:]/g, '')}Z`
const dateStamp = (date: string) => date.replaceAll('-', '')

/** TEXT of RFC 5545 3.3.11: backslash, semicolon, comma and line break are escaped; other control characters are no text. */
export function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(';', '\\;')
    .replaceAll(',', '\\,')
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    .replaceAll(/\p{Cc}/gu, '')
}

/** Breaks a line so that none is longer than 75 octets of UTF-8, and never within a character. */
export function foldLine(line: string): string {
  let folded = ''
  let octets = 0
  for (const character of line) {
    const size = octetsOf(character.codePointAt(0)!)
    if (octets + size > LINE_OCTETS) {
      folded += '\r\n '
      // The space that marks what goes on counts.
      octets = 1
    }
    folded += character
    octets += size
  }
  return folded
}

function octetsOf(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
