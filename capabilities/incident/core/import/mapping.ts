import { COORDINATE_SYSTEMS, projectionOf, type CoordinateSystem } from '../../../place/core/index.ts'
import { isRefusal } from '../../../../foundation/core/outcome.ts'
import { CALL_FACTS, ORIGINS, type CallFact, type Origin } from '../types.ts'
import { clockReader, isTimeZone, whenReader } from './when.ts'

/** How a calls-for-service file is read. docs/import.md describes each field; the presets are examples. */
export interface CallMapping {
  /** Names the source in the history: importing again under the same name adds only what is new. */
  readonly source: string
  readonly format: {
    /** `auto` looks at the first line. */
    readonly delimiter: string
    readonly quote: string
    readonly encoding: 'auto' | 'utf-8' | 'gb18030' | 'utf-16le' | 'windows-1252'
    /** Lines before the one with the column names. */
    readonly skipLines: number
  }
  readonly key:
    | { readonly column: string }
    /** `repeats: keep` takes equal rows as different calls (files without a number and without a time). */
    | { readonly natural: readonly string[]; readonly repeats: 'keep' | 'drop' }
  readonly time: {
    readonly column: string
    readonly format: string
    readonly clockColumn: string | null
    readonly clockFormat: string
    /** IANA name; not used where the text carries its own offset. */
    readonly zone: string
    /** Clocks that stand for «unknown», such as 00:00. */
    readonly unknownClocks: readonly string[]
    /** What becomes of a date without an hour. */
    readonly dateOnly: 'draw' | 'reject'
  }
  readonly place: PlaceMapping
  readonly type: {
    readonly column: string
    /** From the file's value to a code of our dictionary; looked at first. */
    readonly table: Readonly<Record<string, string>>
    /** The column whose words are looked at next (call-mapping.ts); null to leave words alone. */
    readonly wording: string | null
    /** The code for all others; null rejects them. */
    readonly otherwise: string | null
  }
  readonly origin: {
    readonly column: string | null
    readonly table: Readonly<Record<string, Origin>>
    readonly otherwise: Origin
  }
  /**
   * What a call was aimed at, how it was done and what was taken: columns with a table from each of their values to a
   * code. A value without a code is left out.
   */
  readonly facts: Readonly<Partial<Record<CallFact, FactMapping>>>
  readonly category: string | null
  readonly description: string | null
  readonly address: string | null
  /** Columns kept as they are beside the call. None unless named: what nobody asked for may be about persons. */
  readonly keep: readonly string[]
}

export interface FactMapping {
  readonly column: string
  readonly table: Readonly<Record<string, string>>
}

export type PlaceMapping =
  | {
      readonly kind: 'degrees'
      readonly lon: string
      readonly lat: string
      readonly system: CoordinateSystem
    }
  | {
      readonly kind: 'plane'
      readonly x: string
      readonly y: string
      readonly epsg: number | null
      readonly proj4: string | null
    }
  | {
      readonly kind: 'text'
      readonly column: string
      readonly order: 'lon-lat' | 'lat-lon'
      readonly system: CoordinateSystem
    }

/** What is wrong with a mapping, and at which path in it. `cause` is a key of the message texts. */
export interface MappingFault {
  readonly path: string
  readonly cause: MappingCause
  readonly value?: string
  /** What may stand there. */
  readonly allowed?: readonly string[]
}

export type MappingCause =
  | 'not-an-object'
  | 'missing'
  | 'not-text'
  | 'not-a-number'
  | 'not-a-list-of-text'
  | 'not-a-table'
  | 'not-a-code'
  | 'not-one-of'
  | 'unknown-field'
  | 'unknown-time-format'
  | 'unknown-time-zone'
  | 'unknown-epsg'
  | 'needs-epsg-or-proj4'
  | 'needs-one-place'
  | 'needs-one-key'
  | 'column-not-in-file'
  | 'type-not-in-dictionary'

const ENCODINGS = ['auto', 'utf-8', 'gb18030', 'utf-16le', 'windows-1252'] as const

const FIELDS = 'note source format key time place type origin facts category description address keep'.split(
  ' ',
)

type Json = Record<string, unknown>

/** Reads a mapping's JSON. Gives every fault that it finds, each with the path to it, or the mapping with its defaults filled in. */
export function readMapping(json: unknown): CallMapping | readonly MappingFault[] {
  const faults: MappingFault[] = []
  const top = objectAt(json, '', faults)
  if (!top) return faults
  onlyFields(top, '', FIELDS, faults)
  const mapping: CallMapping = {
    source: textAt(top, 'source', '', faults),
    format: readFormat(top['format'], faults),
    key: readKey(top['key'], faults),
    time: readTime(top['time'], faults),
    place: readPlace(top['place'], faults),
    type: readType(top['type'], faults),
    origin: readOrigin(top['origin'], faults),
    facts: readFacts(top['facts'], faults),
    category: optionalText(top, 'category', '', faults),
    description: optionalText(top, 'description', '', faults),
    address: optionalText(top, 'address', '', faults),
    keep: top['keep'] === undefined ? [] : textListAt(top, 'keep', '', faults),
  }
  return faults.length > 0 ? faults : mapping
}

export function isMapping(outcome: CallMapping | readonly MappingFault[]): outcome is CallMapping {
  return !Array.isArray(outcome)
}

/** Every column that the mapping names must stand in the file's first line. */
export function checkColumns(mapping: CallMapping, header: readonly string[]): MappingFault[] {
  const named: [path: string, column: string | null][] = [
    ...('column' in mapping.key
      ? [['key.column', mapping.key.column] as [string, string]]
      : mapping.key.natural.map((column, i): [string, string] => [`key.natural[${i}]`, column])),
    ['time.column', mapping.time.column],
    ['time.clockColumn', mapping.time.clockColumn],
    ...placeColumns(mapping.place),
    ['type.column', mapping.type.column],
    ['type.wording', mapping.type.wording],
    ['origin.column', mapping.origin.column],
    ...Object.entries(mapping.facts).map(([name, { column }]): [string, string] => [
      `facts.${name}.column`,
      column,
    ]),
    ['category', mapping.category],
    ['description', mapping.description],
    ['address', mapping.address],
    ...mapping.keep.map((column, i): [string, string] => [`keep[${i}]`, column]),
  ]
  return named
    .filter(([, column]) => column !== null && !header.includes(column))
    .map(([path, column]) => ({ path, cause: 'column-not-in-file', value: column!, allowed: header }))
}

/** Every code that the mapping gives must stand in the dictionary. */
export function checkTypeCodes(mapping: CallMapping, codes: ReadonlySet<string>): MappingFault[] {
  const given: [string, string | null][] = [
    ...Object.entries(mapping.type.table).map(([value, code]): [string, string] => [
      `type.table.${value}`,
      code,
    ]),
    ['type.otherwise', mapping.type.otherwise],
  ]
  return given
    .filter(([, code]) => code !== null && !codes.has(code))
    .map(([path, code]) => ({ path, cause: 'type-not-in-dictionary', value: code! }))
}

function placeColumns(place: PlaceMapping): [string, string][] {
  switch (place.kind) {
    case 'degrees':
      return [
        ['place.lon', place.lon],
        ['place.lat', place.lat],
      ]
    case 'plane':
      return [
        ['place.x', place.x],
        ['place.y', place.y],
      ]
    case 'text':
      return [['place.column', place.column]]
  }
}

function readFormat(json: unknown, faults: MappingFault[]): CallMapping['format'] {
  const at = json === undefined ? {} : objectAt(json, 'format', faults)
  if (!at) return { delimiter: 'auto', quote: '"', encoding: 'auto', skipLines: 0 }
  onlyFields(at, 'format', ['delimiter', 'quote', 'encoding', 'skipLines'], faults)
  const skipLines = at['skipLines'] ?? 0
  if (typeof skipLines !== 'number' || !Number.isInteger(skipLines) || skipLines < 0)
    faults.push({ path: 'format.skipLines', cause: 'not-a-number' })
  const delimiter =
    at['delimiter'] === 'tab' ? '\t' : (optionalText(at, 'delimiter', 'format', faults) ?? 'auto')
  return {
    delimiter,
    quote: optionalText(at, 'quote', 'format', faults) ?? '"',
    encoding: oneOf(at, 'encoding', 'format', ENCODINGS, 'auto', faults),
    skipLines: typeof skipLines === 'number' ? skipLines : 0,
  }
}

function readKey(json: unknown, faults: MappingFault[]): CallMapping['key'] {
  const none = { column: '' }
  if (json === undefined) {
    faults.push({ path: 'key', cause: 'missing' })
    return none
  }
  const at = objectAt(json, 'key', faults)
  if (!at) return none
  onlyFields(at, 'key', ['column', 'natural', 'repeats'], faults)
  if ((at['column'] === undefined) === (at['natural'] === undefined)) {
    faults.push({ path: 'key', cause: 'needs-one-key' })
    return none
  }
  if (at['column'] !== undefined) return { column: textAt(at, 'column', 'key', faults) }
  return {
    natural: textListAt(at, 'natural', 'key', faults),
    repeats: oneOf(at, 'repeats', 'key', ['keep', 'drop'], 'drop', faults),
  }
}

function readTime(json: unknown, faults: MappingFault[]): CallMapping['time'] {
  const at = json === undefined ? null : objectAt(json, 'time', faults)
  if (json === undefined) faults.push({ path: 'time', cause: 'missing' })
  if (!at)
    return {
      column: '',
      format: 'auto',
      clockColumn: null,
      clockFormat: 'auto',
      zone: 'UTC',
      unknownClocks: [],
      dateOnly: 'draw',
    }
  onlyFields(
    at,
    'time',
    ['column', 'format', 'clockColumn', 'clockFormat', 'zone', 'unknownClocks', 'dateOnly'],
    faults,
  )
  const format = optionalText(at, 'format', 'time', faults) ?? 'auto'
  if (whenReader(format) === null)
    faults.push({ path: 'time.format', cause: 'unknown-time-format', value: format })
  const clockFormat = optionalText(at, 'clockFormat', 'time', faults) ?? 'auto'
  if (clockReader(clockFormat) === null)
    faults.push({ path: 'time.clockFormat', cause: 'unknown-time-format', value: clockFormat })
  const zone = textAt(at, 'zone', 'time', faults)
  if (zone !== '' && !isTimeZone(zone))
    faults.push({ path: 'time.zone', cause: 'unknown-time-zone', value: zone })
  return {
    column: textAt(at, 'column', 'time', faults),
    format,
    clockColumn: optionalText(at, 'clockColumn', 'time', faults),
    clockFormat,
    zone,
    unknownClocks: at['unknownClocks'] === undefined ? [] : textListAt(at, 'unknownClocks', 'time', faults),
    dateOnly: oneOf(at, 'dateOnly', 'time', ['draw', 'reject'], 'draw', faults),
  }
}

function readPlace(json: unknown, faults: MappingFault[]): PlaceMapping {
  const none: PlaceMapping = { kind: 'degrees', lon: '', lat: '', system: 'wgs-84' }
  if (json === undefined) {
    faults.push({ path: 'place', cause: 'missing' })
    return none
  }
  const at = objectAt(json, 'place', faults)
  if (!at) return none
  onlyFields(at, 'place', ['lon', 'lat', 'x', 'y', 'epsg', 'proj4', 'column', 'order', 'system'], faults)
  const kinds = [at['lon'] ?? at['lat'], at['x'] ?? at['y'], at['column']].filter(
    (each) => each !== undefined,
  )
  if (kinds.length !== 1) {
    faults.push({ path: 'place', cause: 'needs-one-place' })
    return none
  }
  const system = oneOf(at, 'system', 'place', COORDINATE_SYSTEMS, 'wgs-84', faults)
  if (at['column'] !== undefined)
    return {
      kind: 'text',
      column: textAt(at, 'column', 'place', faults),
      order: oneOf(at, 'order', 'place', ['lon-lat', 'lat-lon'], 'lon-lat', faults),
      system,
    }
  if (at['lon'] !== undefined || at['lat'] !== undefined)
    return {
      kind: 'degrees',
      lon: textAt(at, 'lon', 'place', faults),
      lat: textAt(at, 'lat', 'place', faults),
      system,
    }
  const proj4 = optionalText(at, 'proj4', 'place', faults)
  const epsg = at['epsg'] === undefined ? null : Number(at['epsg'])
  if (epsg === null && proj4 === null) faults.push({ path: 'place', cause: 'needs-epsg-or-proj4' })
  if (epsg !== null && proj4 === null && isRefusal(projectionOf(epsg)))
    faults.push({ path: 'place.epsg', cause: 'unknown-epsg', value: String(at['epsg']) })
  return {
    kind: 'plane',
    x: textAt(at, 'x', 'place', faults),
    y: textAt(at, 'y', 'place', faults),
    epsg,
    proj4,
  }
}

function readType(json: unknown, faults: MappingFault[]): CallMapping['type'] {
  const at = json === undefined ? null : objectAt(json, 'type', faults)
  if (json === undefined) faults.push({ path: 'type', cause: 'missing' })
  if (!at) return { column: '', table: {}, wording: null, otherwise: null }
  onlyFields(at, 'type', ['column', 'table', 'wording', 'otherwise'], faults)
  return {
    column: textAt(at, 'column', 'type', faults),
    table: at['table'] === undefined ? {} : textTableAt(at, 'table', 'type', faults),
    wording: optionalText(at, 'wording', 'type', faults),
    otherwise: at['otherwise'] === null ? null : (optionalText(at, 'otherwise', 'type', faults) ?? '0999'),
  }
}

/** Letters, digits, points and hyphens: a code, and no room for a sentence or a Chinese name. */
const CODE = /^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/

function readFacts(json: unknown, faults: MappingFault[]): CallMapping['facts'] {
  const at = json === undefined ? {} : objectAt(json, 'facts', faults)
  if (!at) return {}
  onlyFields(at, 'facts', CALL_FACTS, faults)
  const facts: Partial<Record<CallFact, FactMapping>> = {}
  for (const name of CALL_FACTS) {
    if (at[name] === undefined) continue
    const path = `facts.${name}`
    const one = objectAt(at[name], path, faults)
    if (!one) continue
    onlyFields(one, path, ['column', 'table'], faults)
    const table = textTableAt(one, 'table', path, faults)
    for (const [value, code] of Object.entries(table))
      if (!CODE.test(code)) faults.push({ path: `${path}.table.${value}`, cause: 'not-a-code', value: code })
    facts[name] = { column: textAt(one, 'column', path, faults), table }
  }
  return facts
}

function readOrigin(json: unknown, faults: MappingFault[]): CallMapping['origin'] {
  const at = json === undefined ? {} : objectAt(json, 'origin', faults)
  if (!at) return { column: null, table: {}, otherwise: 'citizen' }
  onlyFields(at, 'origin', ['column', 'table', 'otherwise'], faults)
  const table = at['table'] === undefined ? {} : textTableAt(at, 'table', 'origin', faults)
  for (const [value, origin] of Object.entries(table)) {
    if (!(ORIGINS as readonly string[]).includes(origin))
      faults.push({ path: `origin.table.${value}`, cause: 'not-one-of', value: origin, allowed: ORIGINS })
  }
  return {
    column: optionalText(at, 'column', 'origin', faults),
    table: table as Record<string, Origin>,
    otherwise: oneOf(at, 'otherwise', 'origin', ORIGINS, 'citizen', faults),
  }
}

function objectAt(json: unknown, path: string, faults: MappingFault[]): Json | null {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json
  faults.push({ path: path || '/', cause: 'not-an-object' })
  return null
}

function onlyFields(at: Json, path: string, allowed: readonly string[], faults: MappingFault[]): void {
  for (const field of Object.keys(at))
    if (!allowed.includes(field))
      faults.push({ path: joined(path, field), cause: 'unknown-field', value: field, allowed })
}

function textAt(at: Json, field: string, path: string, faults: MappingFault[]): string {
  const value = at[field]
  if (typeof value === 'string' && value !== '') return value
  faults.push({ path: joined(path, field), cause: value === undefined ? 'missing' : 'not-text' })
  return ''
}

function optionalText(at: Json, field: string, path: string, faults: MappingFault[]): string | null {
  return at[field] === undefined || at[field] === null ? null : textAt(at, field, path, faults)
}

function textListAt(at: Json, field: string, path: string, faults: MappingFault[]): string[] {
  const value = at[field]
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string'))
    return value
  faults.push({ path: joined(path, field), cause: 'not-a-list-of-text' })
  return []
}

function textTableAt(at: Json, field: string, path: string, faults: MappingFault[]): Record<string, string> {
  const value = at[field]
  if (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === 'string')
  )
    return value as Record<string, string>
  faults.push({ path: joined(path, field), cause: 'not-a-table' })
  return {}
}

function oneOf<const T extends string>(
  at: Json,
  field: string,
  path: string,
  allowed: readonly T[],
  usual: T,
  faults: MappingFault[],
): T {
  const value = at[field]
  if (value === undefined) return usual
  if ((allowed as readonly unknown[]).includes(value)) return value as T
  faults.push({ path: joined(path, field), cause: 'not-one-of', value: String(value), allowed })
  return usual
}

const joined = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`)
