import {
  LONGEST_CELL,
  cellReader,
  listOf,
  yesOrNo,
  type ImportCause,
  type ImportPlan,
  type ImportRejection,
  type ImportRow,
} from './import-columns.ts'
import type { Organisation, OrganisationId } from './types.ts'

const HEADINGS = {
  badgeNumber: ['badge', 'badge number', 'police number', '警号', '编号'],
  name: ['officer', 'full name', '姓名'],
  organisation: ['department', 'station', 'org', '单位', '所属单位', '部门'],
  sworn: ['is sworn', 'kind', '民警', '身份', '是否民警'],
  patrolCapable: ['patrol', 'can patrol', '可巡防', '是否可巡防', '具备巡防条件'],
  skills: ['skill', '技能', '专长'],
  phone: ['mobile', 'telephone', '电话', '手机', '联系电话'],
} as const
type Field = keyof typeof HEADINGS

export interface OfficerUpsert {
  readonly badgeNumber: string
  readonly name: string
  readonly organisationId: OrganisationId
  readonly sworn: boolean
  readonly patrolCapable: boolean
  readonly skills: readonly string[]
  readonly phone: string | null
}

/** Finds an organisation by id, code or either name. */
export function organisationFinder(
  organisations: readonly Pick<Organisation, 'id' | 'code' | 'nameZh' | 'nameEn'>[],
): (text: string) => OrganisationId | null {
  const known = new Map<string, OrganisationId>()
  for (const { id, code, nameZh, nameEn } of organisations)
    for (const word of [nameEn, nameZh, code, id]) known.set(word.trim().toLowerCase(), id)
  return (text) => known.get(text.toLowerCase()) ?? null
}

/**
 * Rows of an officers file to upserts by badge number, and rejections by row, field and cause.
 * Badge number, name and organisation must be there; sworn and patrol-capable are yes when left empty.
 * A badge number twice in the file: the first row is taken, the later ones are rejected.
 */
export function planOfficersImport(
  rows: readonly ImportRow[],
  known: { readonly organisations: readonly Pick<Organisation, 'id' | 'code' | 'nameZh' | 'nameEn'>[] },
): ImportPlan<OfficerUpsert> {
  const findOrganisation = organisationFinder(known.organisations)
  const upserts: (OfficerUpsert & { row: number })[] = []
  const rejections: ImportRejection[] = []
  const seen = new Set<string>()
  for (const row of rows) {
    const cell = cellReader(row, HEADINGS)
    const reject = (field: Field, cause: ImportCause) => {
      rejections.push({ row: row.row, field, cause, value: cell(field).slice(0, LONGEST_CELL) })
    }
    const fault = firstFault(cell, seen)
    if (fault) {
      reject(fault.field, fault.cause)
      continue
    }
    const organisationId = findOrganisation(cell('organisation'))
    if (organisationId === null) {
      reject('organisation', 'organisation-unknown')
      continue
    }
    seen.add(cell('badgeNumber'))
    upserts.push({
      row: row.row,
      badgeNumber: cell('badgeNumber'),
      name: cell('name'),
      organisationId,
      sworn: yesOrNo(cell('sworn') || 'yes')!,
      patrolCapable: yesOrNo(cell('patrolCapable') || 'yes')!,
      skills: listOf(cell('skills')),
      phone: cell('phone') || null,
    })
  }
  return { upserts, rejections }
}

function firstFault(
  cell: (field: Field) => string,
  seen: ReadonlySet<string>,
): { field: Field; cause: ImportCause } | null {
  for (const field of ['badgeNumber', 'name', 'organisation'] as const)
    if (cell(field) === '') return { field, cause: 'missing' }
  for (const field of ['badgeNumber', 'name', 'phone'] as const)
    if (cell(field).length > LONGEST_CELL) return { field, cause: 'too-long' }
  for (const field of ['sworn', 'patrolCapable'] as const)
    if (cell(field) !== '' && yesOrNo(cell(field)) === null) return { field, cause: 'not-yes-or-no' }
  if (seen.has(cell('badgeNumber'))) return { field: 'badgeNumber', cause: 'duplicate-in-file' }
  return null
}
