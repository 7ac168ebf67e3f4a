import { fromWallClock, wallClock } from '../../core/instant.ts'

/** `2016-08-01T14:05` on the district's wall clock, as the field wants it. */
export function wallText(at: number, zone: string): string {
  const { year, month, day, hour, minute } = wallClock(at, zone)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

/** The moment of such a text; null where it is none. */
export function momentOfWall(text: string, zone: string): number | null {
  const [, year, month, day, hour, minute] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined) return null
  return fromWallClock({ year, month, day, hour: hour ?? 0, minute: minute ?? 0 }, zone)
}
