import type { Bounds, Position } from '../../../foundation/core/geo.ts'
import { isWithin } from '../../../foundation/core/geo.ts'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import type { CoordinateSystem } from './coordinates.ts'
import { toWgs84 } from './coordinates.ts'
import type { LonLat } from './features.ts'
import type { Projection } from './projection.ts'
import type { Area, AreaKind, Site, SiteClass, SiteContact } from './register.ts'
import { AREA_KINDS, closedRing, SITE_CLASSES } from './register.ts'

/** One data row of a file as its reader found it: cells by column heading, numbered as the file numbers it. */
export interface PlaceRow {
  readonly row: number
  readonly cells: Readonly<Record<string, string>>
}

/** One feature of a GeoJSON file; `ring` is the outline of its polygon in the file's coordinates, or null. */
export interface AreaRow extends PlaceRow {
  readonly ring: readonly LonLat[] | null
}

export const PLACE_IMPORT_CAUSES = [
  'missing',
  'not-in-list',
  'not-a-number',
  'outside-the-world',
  'outside-district',
  'organisation-unknown',
  'duplicate-in-file',
  'too-long',
  'not-a-polygon',
  'invalid-ring',
] as const
export type PlaceImportCause = (typeof PLACE_IMPORT_CAUSES)[number]

/** A row that was not taken: which one, which field, why, and what stood there. */
export interface PlaceRejection {
  readonly row: number
  readonly field: string
  readonly cause: PlaceImportCause
  readonly value: string
}

export interface PlaceImportKnowledge {
  readonly organisations: readonly {
    readonly id: string
    readonly code: string | null
    readonly nameZh: string
    readonly nameEn: string
  }[]
  /** How the file states positions: a plane of an agency, or degrees in some system. */
  readonly coordinates: { readonly projection: Projection } | { readonly system: CoordinateSystem }
  /** Rows outside it are rejected; null takes any place on earth. */
  readonly bounds: Bounds | null
}

export interface PlaceImportPlan<Draft> {
  readonly drafts: readonly Draft[]
  readonly rejections: readonly PlaceRejection[]
}

export type ImportedSite = Omit<Site, 'id' | 'version'> & SiteContact
export type ImportedArea = Omit<Area, 'id' | 'version'>

const HEADINGS = {
  name: ['名称', '单位名称', '场所名称', 'title'],
  class: ['类别', '类型', '单位类别', 'siteclass'],
  trade: ['行业', '业态', 'category', 'type'],
  organisation: ['所属单位', '管辖单位', '派出所', 'station', 'org', 'department'],
  address: ['地址', '详细地址', 'addr'],
  lon: ['经度', 'longitude', 'lng', 'x', 'long'],
  lat: ['纬度', 'latitude', 'y'],
  contactName: ['联系人', '负责人', 'contact', 'owner'],
  contactPhone: ['电话', '联系电话', '手机', 'phone', 'tel', 'mobile'],
  kind: ['类别', '类型', 'type'],
} as const satisfies Record<string, readonly string[]>
type Field = keyof typeof HEADINGS

const CLASS_WORDS: Readonly<Record<string, SiteClass>> = {
  居民小区: 'residential',
  小区: 'residential',
  compound: 'residential',
  场所行业: 'venue',
  场所: 'venue',
  行业: 'venue',
  重点单位: 'key-unit',
  要害单位: 'key-unit',
  ...Object.fromEntries(SITE_CLASSES.map((name) => [name, name])),
}
const AREA_WORDS: Readonly<Record<string, AreaKind>> = {
  派出所辖区: 'station',
  辖区: 'station',
  巡区: 'beat',
  重点区域: 'key-area',
  其他: 'other',
  ...Object.fromEntries(AREA_KINDS.map((name) => [name, name])),
}

const LONGEST = { name: 200, trade: 60, address: 300, contactName: 60, contactPhone: 40 } as const

/** Headings are compared without case, blanks, hyphens and underscores. */
const squeeze = (heading: string) => heading.toLowerCase().replace(/[\s_-]+/g, '')

/** Reads a field under whatever heading the file has for it; a missing column reads as empty text. */
function reader(row: PlaceRow): (field: Field) => string {
  const cells = new Map(Object.entries(row.cells).map(([heading, text]) => [squeeze(heading), text.trim()]))
  return (field) => {
    for (const heading of [field, ...HEADINGS[field]]) {
      const text = cells.get(squeeze(heading))
      if (text) return text
    }
    return ''
  }
}

type Fault = Omit<PlaceRejection, 'row'>
const fault = (field: string, cause: PlaceImportCause, value: string): Fault => ({ field, cause, value })
const isFault = (value: unknown): value is Fault =>
  typeof value === 'object' && value !== null && 'cause' in value && 'field' in value

/** Every row becomes a draft or a rejection, once. */
function planRows<Row extends PlaceRow, Draft>(
  rows: readonly Row[],
  read: (row: Row) => Draft | Fault,
  keyOf: (draft: Draft) => string,
): PlaceImportPlan<Draft> {
  const drafts: Draft[] = []
  const rejections: PlaceRejection[] = []
  const seen = new Set<string>()
  for (const row of rows) {
    const outcome = read(row)
    const key = isFault(outcome) ? null : keyOf(outcome)
    if (isFault(outcome)) rejections.push({ row: row.row, ...outcome })
    else if (seen.has(key!)) {
      rejections.push({ row: row.row, ...fault('name', 'duplicate-in-file', reader(row)('name')) })
    } else {
      seen.add(key!)
      drafts.push(outcome)
    }
  }
  return { drafts, rejections }
}

/** Rows of a sites file as drafts; those that cannot be taken are named with field and cause. */
export function planSitesImport(
  rows: readonly PlaceRow[],
  known: PlaceImportKnowledge,
): PlaceImportPlan<ImportedSite> {
  return planRows(
    rows,
    (row) => readSite(reader(row), known),
    (site) => `${site.name}\n${site.address}`,
  )
}

function readSite(cell: (field: Field) => string, known: PlaceImportKnowledge): ImportedSite | Fault {
  for (const [field, longest] of Object.entries(LONGEST) as [keyof typeof LONGEST, number][]) {
    if (cell(field).length > longest) return fault(field, 'too-long', cell(field).slice(0, longest))
  }
  const name = cell('name')
  if (name === '') return fault('name', 'missing', '')
  const siteClass = CLASS_WORDS[cell('class').toLowerCase()]
  if (siteClass === undefined)
    return fault('class', cell('class') === '' ? 'missing' : 'not-in-list', cell('class'))
  const organisationId = organisationOf(cell('organisation'), known)
  if (isFault(organisationId)) return organisationId
  const position = positionOf(cell('lon'), cell('lat'), known)
  if (isFault(position)) return position
  return {
    name,
    class: siteClass,
    trade: cell('trade'),
    organisationId,
    address: cell('address'),
    ...position,
    contactName: cell('contactName'),
    contactPhone: cell('contactPhone'),
  }
}

function organisationOf(text: string, known: PlaceImportKnowledge): string | null | Fault {
  if (text === '') return null
  const found = known.organisations.find(({ id, code, nameZh, nameEn }) =>
    [id, code, nameZh, nameEn].includes(text),
  )
  return found?.id ?? fault('organisation', 'organisation-unknown', text)
}

function positionOf(lonText: string, latText: string, known: PlaceImportKnowledge): Position | Fault {
  for (const [field, text] of [
    ['lon', lonText],
    ['lat', latText],
  ] as const) {
    if (text === '') return fault(field, 'missing', '')
    if (!Number.isFinite(Number(text))) return fault(field, 'not-a-number', text)
  }
  const position = convert([Number(lonText), Number(latText)], known)
  const stated = `${lonText}, ${latText}`
  if (position === null) return fault('lon', 'outside-the-world', stated)
  if (known.bounds !== null && !isWithin(known.bounds, position))
    return fault('lon', 'outside-district', stated)
  return position
}

function convert([x, y]: LonLat, { coordinates }: PlaceImportKnowledge): Position | null {
  if ('projection' in coordinates) return coordinates.projection.toWgs84(x, y)
  if (Math.abs(x) > 180 || Math.abs(y) > 90 || (x === 0 && y === 0)) return null
  return toWgs84({ lon: x, lat: y }, coordinates.system)
}

/** Features of an areas file as drafts. Holes are left out: an area is asked what lies inside its outline. */
export function planAreasImport(
  rows: readonly AreaRow[],
  known: PlaceImportKnowledge,
): PlaceImportPlan<ImportedArea> {
  return planRows(
    rows,
    (row) => readArea(row, reader(row), known),
    (area) => `${area.kind}\n${area.name}`,
  )
}

function readArea(
  row: AreaRow,
  cell: (field: Field) => string,
  known: PlaceImportKnowledge,
): ImportedArea | Fault {
  const name = cell('name')
  if (name === '') return fault('name', 'missing', '')
  if (name.length > LONGEST.name) return fault('name', 'too-long', name.slice(0, LONGEST.name))
  const kindText = cell('kind')
  const kind = kindText === '' ? 'station' : AREA_WORDS[kindText.toLowerCase()]
  if (kind === undefined) return fault('kind', 'not-in-list', kindText)
  const organisationId = organisationOf(cell('organisation'), known)
  if (isFault(organisationId)) return organisationId
  if (row.ring === null) return fault('geometry', 'not-a-polygon', '')
  const points = row.ring.map((point) => convert(point, known))
  if (points.some((point) => point === null)) return fault('geometry', 'outside-the-world', name)
  const ring = closedRing(points.map((point) => [point!.lon, point!.lat] as const))
  return isRefusal(ring) ? fault('geometry', 'invalid-ring', name) : { name, kind, organisationId, ring }
}
