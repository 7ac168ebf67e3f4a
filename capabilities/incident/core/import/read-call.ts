import proj4 from 'proj4'
import type { Position } from '../../../../foundation/core/geo.ts'
import { wallClock, type Instant } from '../../../../foundation/core/instant.ts'
import { isRefusal } from '../../../../foundation/core/outcome.ts'
import { projectionOf, toWgs84 } from '../../../place/core/index.ts'
import { mapCall } from '../call-mapping.ts'
import type { CallFact, CallFacts, Circumstance, Origin } from '../types.ts'
import { drawMinuteOfDay, type HourProfile } from './hour-profile.ts'
import type { CallMapping, PlaceMapping } from './mapping.ts'
import { clockReader, whenReader, zoneClock, type LocalClock } from './when.ts'

/** Why a row is not taken. A row has one cause: the first that is found, in this order. */
export const REJECT_CAUSES = [
  'unclosed-quote',
  'line-too-long',
  'column-count',
  'bad-encoding',
  'missing-key',
  'key-too-long',
  'missing-time',
  'bad-time',
  'no-hour',
  'future-time',
  'missing-place',
  'bad-place',
  'null-island',
  'outside-area',
  'missing-type',
  'unknown-type',
] as const
export type RejectCause = (typeof REJECT_CAUSES)[number]

export interface Rejection {
  readonly rejected: RejectCause
  readonly column: string | null
  readonly value: string
}

/** A row that is taken, but for the hour where it has none: that waits for `settleHour`. */
export interface ReadCall {
  readonly key: string
  readonly when:
    | { readonly kind: 'moment'; readonly at: Instant; readonly localHour: number }
    | { readonly kind: 'date'; readonly clock: LocalClock }
  readonly typeCode: string
  /** False where no table and no word knew the type. */
  readonly typeKnown: boolean
  readonly circumstances: readonly Circumstance[]
  /** Codes of target, entry and object that the mapping's tables give; null where there is none. */
  readonly facts: CallFacts | null
  readonly origin: Origin
  readonly category: string | null
  readonly description: string | null
  readonly address: string | null
  readonly lon: number
  readonly lat: number
  readonly raw: Readonly<Record<string, string>>
}

export interface CallContext {
  readonly now: Instant
  /** Whether the district holds a place; null takes all. */
  readonly isInArea: ((position: Position) => boolean) | null
}

export type CallReader = (cells: readonly string[]) => ReadCall | Rejection

/** Clocks of an agency's computer run ahead a little, and its day ends later than ours. */
const LATEST_AHEAD_MS = 86_400_000
const LONGEST_KEY = 500
const EARLIEST_YEAR = 1900
/** Positions nearer than this to 0°, 0° are a failed geocoding, not the Gulf of Guinea. */
const NULL_ISLAND_DEGREES = 0.01

export const isRejection = (outcome: ReadCall | Rejection): outcome is Rejection => 'rejected' in outcome

/** A reader of rows under a mapping whose columns are known to stand in `header`. Never throws. */
export function callReader(
  mapping: CallMapping,
  header: readonly string[],
  context: CallContext,
): CallReader {
  const column = (name: string): number => header.indexOf(name)
  const keyColumns = ('column' in mapping.key ? [mapping.key.column] : mapping.key.natural).map(column)
  const readWhen = whenReaderOf(mapping, header)
  const readPlace = placeReaderOf(mapping.place, header)
  const readType = typeReaderOf(mapping, header)
  const textColumn = (name: string | null) => {
    const index = name === null ? -1 : column(name)
    return (cells: readonly string[]): string | null => (index < 0 ? null : cells[index]!.trim() || null)
  }
  const categoryOf = textColumn(mapping.category)
  const descriptionOf = textColumn(mapping.description)
  const addressOf = textColumn(mapping.address)
  const originText = textColumn(mapping.origin.column)
  const factsOf = factReaderOf(mapping, header)
  const kept = mapping.keep.map((name): [string, number] => [name, column(name)])
  const mapped = mappedColumns(mapping).map(column)

  return (cells) => {
    if (
      cells.length < header.length ||
      (cells.length > header.length && cells.slice(header.length).some((cell) => cell.trim() !== ''))
    )
      return { rejected: 'column-count', column: null, value: String(cells.length) }
    const damaged = mapped.find((index) => cells[index]!.includes('\ufffd'))
    if (damaged !== undefined)
      return { rejected: 'bad-encoding', column: header[damaged]!, value: cells[damaged]! }

    const key =
      keyColumns.length === 1
        ? cells[keyColumns[0]!]!.trim()
        : keyColumns.map((index) => cells[index]!.trim()).join('|')
    if (key.replaceAll('|', '') === '' && 'column' in mapping.key)
      return { rejected: 'missing-key', column: mapping.key.column, value: '' }
    if (key.length > LONGEST_KEY)
      return { rejected: 'key-too-long', column: header[keyColumns[0]!]!, value: key }
    const when = readWhen(cells, context.now)
    if ('rejected' in when) return when
    const position = readPlace(cells)
    if ('rejected' in position) return position
    if (context.isInArea && !context.isInArea(position))
      return { rejected: 'outside-area', column: null, value: `${position.lon}, ${position.lat}` }
    const type = readType(cells)
    if ('rejected' in type) return type
    const said = originText(cells)
    const raw: Record<string, string> = {}
    for (const [name, index] of kept) if (cells[index] !== '') raw[name] = printable(cells[index]!)
    return {
      key: printable(key),
      when,
      ...type,
      origin: (said === null ? undefined : mapping.origin.table[said]) ?? mapping.origin.otherwise,
      facts: factsOf(cells),
      category: printableOrNull(categoryOf(cells)),
      description: printableOrNull(descriptionOf(cells)),
      address: printableOrNull(addressOf(cells)),
      lon: position.lon,
      lat: position.lat,
      raw,
    }
  }
}

/** The moment of a call: as the file gives it, or on its date at a time drawn from the profile. */
export function settleHour(
  call: Pick<ReadCall, 'key' | 'when'>,
  occurrence: number,
  drawing: {
    readonly profile: HourProfile
    readonly seed: number
    readonly momentOf: (clock: LocalClock) => Instant
  },
): { occurredAt: Instant; hourDrawn: boolean } {
  if (call.when.kind === 'moment') return { occurredAt: call.when.at, hourDrawn: false }
  const minute = drawMinuteOfDay(drawing.profile, drawing.seed, call.key, occurrence)
  const clock = { ...call.when.clock, hour: Math.floor(minute / 60), minute: minute % 60, second: 0 }
  return { occurredAt: drawing.momentOf(clock), hourDrawn: true }
}

/** Reads the local hour of a row, for a profile of hours; null where the row has none that is known. */
export function hourReader(
  mapping: CallMapping,
  header: readonly string[],
): (cells: readonly string[]) => number | null {
  const readWhen = whenReaderOf(mapping, header)
  return (cells) => {
    if (cells.length < header.length) return null
    const when = readWhen(cells, Infinity)
    return 'rejected' in when || when.kind === 'date' ? null : when.localHour
  }
}

function mappedColumns(mapping: CallMapping): string[] {
  const { place } = mapping
  return [
    ...('column' in mapping.key ? [mapping.key.column] : mapping.key.natural),
    mapping.time.column,
    ...(mapping.time.clockColumn === null ? [] : [mapping.time.clockColumn]),
    ...(place.kind === 'degrees'
      ? [place.lon, place.lat]
      : place.kind === 'plane'
        ? [place.x, place.y]
        : [place.column]),
    mapping.type.column,
  ]
}

type WhenOutcome = ReadCall['when'] | Rejection

function whenReaderOf(
  { time }: CallMapping,
  header: readonly string[],
): (cells: readonly string[], now: Instant) => WhenOutcome {
  const at = header.indexOf(time.column)
  const clockAt = time.clockColumn === null ? -1 : header.indexOf(time.clockColumn)
  const read = whenReader(time.format)!
  const readClock = clockReader(time.clockFormat)!
  const momentOf = zoneClock(time.zone)
  const unknown = new Set(time.unknownClocks)
  const isUnknown = (clock: LocalClock, text: string): boolean =>
    unknown.has(text) || (unknown.size > 0 && unknown.has(`${two(clock.hour)}:${two(clock.minute)}`))

  return (cells, now) => {
    const text = cells[at]!.trim()
    if (text === '') return { rejected: 'missing-time', column: time.column, value: '' }
    const bad: Rejection = { rejected: 'bad-time', column: time.column, value: text }
    const reading = read(text)
    if (!reading) return bad
    if (reading.kind === 'epoch') return taken(reading.at, wallClock(reading.at, time.zone).hour, now, text)
    if (reading.clock.year < EARLIEST_YEAR) return bad
    let { clock } = reading
    let hasHour = reading.kind === 'moment'
    if (clockAt >= 0) {
      const clockText = cells[clockAt]!.trim()
      const own = clockText === '' || unknown.has(clockText) ? null : readClock(clockText)
      if (clockText !== '' && own === null && !unknown.has(clockText))
        return { rejected: 'bad-time', column: time.clockColumn, value: clockText }
      if (own) clock = { ...clock, ...own }
      hasHour = own !== null
    }
    if (hasHour && isUnknown(clock, text)) hasHour = false
    if (!hasHour) {
      if (time.dateOnly === 'reject') return { rejected: 'no-hour', column: time.column, value: text }
      const date = { ...clock, hour: 0, minute: 0, second: 0 }
      const begins = taken(momentOf(date), 0, now, text)
      return 'rejected' in begins ? begins : { kind: 'date', clock: date }
    }
    const offset = reading.kind === 'moment' ? reading.offsetMinutes : null
    const flat = Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second)
    return taken(offset === null ? momentOf(clock) : flat - offset * 60_000, clock.hour, now, text)
  }

  function taken(moment: Instant, localHour: number, now: Instant, text: string): WhenOutcome {
    if (moment > now + LATEST_AHEAD_MS) return { rejected: 'future-time', column: time.column, value: text }
    return { kind: 'moment', at: moment, localHour }
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `POINT (113.6 34.1)`, `(34.1, 113.6)`, `113.6,34.1`: the two first numbers. */
const TWO_NUMBERS = /(-?\d+(?:\.\d+)?)[\s,;]+(-?\d+(?:\.\d+)?)/

function placeReaderOf(
  place: PlaceMapping,
  header: readonly string[],
): (cells: readonly string[]) => Position | Rejection {
  if (place.kind === 'text') {
    const at = header.indexOf(place.column)
    return (cells) => {
      const text = cells[at]!.trim()
      if (text === '') return { rejected: 'missing-place', column: place.column, value: '' }
      const found = TWO_NUMBERS.exec(text)
      if (!found) return { rejected: 'bad-place', column: place.column, value: text }
      const [one, two] = [Number(found[1]), Number(found[2])]
      const [lon, lat] = place.order === 'lon-lat' ? [one, two] : [two, one]
      return onEarth(lon, lat, place.column, text, (position) => toWgs84(position, place.system))
    }
  }
  const [first, second] = place.kind === 'degrees' ? [place.lon, place.lat] : [place.x, place.y]
  const firstAt = header.indexOf(first)
  const secondAt = header.indexOf(second)
  const toDegrees = place.kind === 'plane' ? planeToWgs84(place) : null
  return (cells) => {
    const firstText = cells[firstAt]!.trim()
    const secondText = cells[secondAt]!.trim()
    if (firstText === '' || secondText === '')
      return { rejected: 'missing-place', column: firstText === '' ? first : second, value: '' }
    const one = numberOf(firstText)
    const two = numberOf(secondText)
    if (one === null || two === null)
      return {
        rejected: 'bad-place',
        column: one === null ? first : second,
        value: one === null ? firstText : secondText,
      }
    const text = `${firstText}, ${secondText}`
    if (toDegrees) {
      if (one === 0 && two === 0) return { rejected: 'null-island', column: first, value: text }
      const position = toDegrees(one, two)
      return position
        ? onEarth(position.lon, position.lat, first, text, (same) => same)
        : { rejected: 'bad-place', column: first, value: text }
    }
    const system = place.kind === 'degrees' ? place.system : 'wgs-84'
    return onEarth(one, two, first, text, (position) => toWgs84(position, system))
  }
}

function planeToWgs84({
  epsg,
  proj4: definition,
}: Extract<PlaceMapping, { kind: 'plane' }>): (x: number, y: number) => Position | null {
  if (definition !== null) {
    const transform = proj4(definition)
    return (x, y) => {
      const [lon, lat] = transform.inverse([x, y])
      return Number.isFinite(lon) && Number.isFinite(lat) ? { lon: lon!, lat: lat! } : null
    }
  }
  const projection = projectionOf(epsg!)
  return isRefusal(projection) ? () => null : (x, y) => projection.toWgs84(x, y)
}

function onEarth(
  lon: number,
  lat: number,
  column: string,
  text: string,
  convert: (position: Position) => Position,
): Position | Rejection {
  if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return { rejected: 'bad-place', column, value: text }
  if (Math.abs(lon) < NULL_ISLAND_DEGREES && Math.abs(lat) < NULL_ISLAND_DEGREES)
    return { rejected: 'null-island', column, value: text }
  const position = convert({ lon, lat })
  // Seven decimals are a centimetre.
  return { lon: Math.round(position.lon * 1e7) / 1e7, lat: Math.round(position.lat * 1e7) / 1e7 }
}

/** A number as agencies write it, with an English thousands comma or without. */
function numberOf(text: string): number | null {
  const plain = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(plain) ? Number(plain) : null
}

type TypeFinding = Pick<ReadCall, 'typeCode' | 'typeKnown' | 'circumstances'>

function typeReaderOf(
  { type }: CallMapping,
  header: readonly string[],
): (cells: readonly string[]) => TypeFinding | Rejection {
  const at = header.indexOf(type.column)
  const wordingAt = type.wording === null ? -1 : header.indexOf(type.wording)
  const known = new Map<string, TypeFinding | null>()
  const find = (value: string, wording: string): TypeFinding | null => {
    const words = wordingAt < 0 ? null : mapCall(wording)
    const circumstances = words?.circumstances ?? []
    const own = Object.hasOwn(type.table, value) ? type.table[value]! : null
    if (own !== null) return { typeCode: own, typeKnown: true, circumstances }
    if (words?.known) return { typeCode: words.typeCode, typeKnown: true, circumstances }
    return type.otherwise === null ? null : { typeCode: type.otherwise, typeKnown: false, circumstances }
  }
  return (cells) => {
    const value = cells[at]!.trim()
    const wording = wordingAt < 0 ? '' : cells[wordingAt]!.trim()
    if (value === '' && wording === '') return { rejected: 'missing-type', column: type.column, value: '' }
    const memory = `${value}\u001f${wording}`
    let finding = known.get(memory)
    if (finding === undefined) {
      // Free text would fill the memory without end.
      if (known.size > 5_000) known.clear()
      finding = find(value, wording)
      known.set(memory, finding)
    }
    return finding ?? { rejected: 'unknown-type', column: type.column, value }
  }
}

/** Only values that the mapping has a code for: what else stands in such a column may be words about a person. */
function factReaderOf(
  { facts }: CallMapping,
  header: readonly string[],
): (cells: readonly string[]) => CallFacts | null {
  const columns = Object.entries(facts).map(([name, { column, table }]) => ({
    name: name as CallFact,
    index: header.indexOf(column),
    codeOf: (value: string) => (Object.hasOwn(table, value) ? table[value]! : null),
  }))
  return (cells) => {
    const known = columns.flatMap(({ name, index, codeOf }) => {
      const code = codeOf(cells[index]!.trim())
      return code === null ? [] : [[name, code] as const]
    })
    return known.length > 0 ? Object.fromEntries(known) : null
  }
}

/** PostgreSQL's text holds no NUL. */
function printable(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '') : text
}

function printableOrNull(text: string | null): string | null {
  return text === null ? null : printable(text) || null
}
