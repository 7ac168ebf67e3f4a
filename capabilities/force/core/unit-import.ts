import {
  LONGEST_CELL,
  cellReader,
  listOf,
  type ImportCause,
  type ImportPlan,
  type ImportRejection,
  type ImportRow,
} from './import-columns.ts'
import { organisationFinder } from './officer-import.ts'
import {
  UNIT_KINDS,
  type Officer,
  type OfficerId,
  type Organisation,
  type OrganisationId,
  type UnitKind,
} from './types.ts'

const HEADINGS = {
  callSign: ['call sign', 'unit', '呼号', '单元'],
  organisation: ['department', 'station', 'org', '单位', '所属单位', '部门'],
  kind: ['unit kind', 'type', '类型', '种类'],
  leader: ['leader badge', 'lead', '带班民警', '带班'],
  crew: ['members', 'crew badges', '组员'],
  vehicle: ['plate', 'vehicle plate', '车辆', '车牌', '号牌'],
  skills: ['skill', '技能', '专长'],
  equipment: ['kit', '装备'],
} as const
type Field = keyof typeof HEADINGS

const KIND_WORDS: Readonly<Record<string, UnitKind>> = {
  车巡: 'car',
  汽车: 'car',
  摩巡: 'motorcycle',
  摩托: 'motorcycle',
  骑巡: 'bicycle',
  步巡: 'foot',
  徒步: 'foot',
  特警: 'special',
  巡特警: 'special',
  便衣: 'plain-clothes',
  其他: 'other',
}

export interface UnitUpsert {
  readonly callSign: string
  readonly organisationId: OrganisationId
  readonly kind: UnitKind
  readonly leaderOfficerId: OfficerId | null
  readonly memberOfficerIds: readonly OfficerId[]
  /** Taken over by plate; made when the district does not know it yet. */
  readonly vehiclePlate: string | null
  readonly skills: readonly string[]
  readonly equipment: readonly string[]
}

export interface UnitImportKnowledge {
  readonly organisations: readonly Pick<Organisation, 'id' | 'code' | 'nameZh' | 'nameEn'>[]
  readonly officers: readonly Pick<Officer, 'id' | 'badgeNumber' | 'sworn' | 'organisationId'>[]
  /** The call sign of the unit that each officer is in now. */
  readonly callSignOf: ReadonlyMap<OfficerId, string>
  /** The call sign of the unit that uses each vehicle now, by plate. */
  readonly callSignOfPlate: ReadonlyMap<string, string>
}

/**
 * Rows of a units file to upserts by call sign, and rejections by row, field and cause. Crew and leader are
 * badge numbers; the leader need not be repeated among the crew. An officer may be in one unit only, in the
 * file as in the district, and in a unit of the own organisation (loans are made by people, not by files). A vehicle is in one unit as well.
 */
export function planUnitsImport(
  rows: readonly ImportRow[],
  known: UnitImportKnowledge,
): ImportPlan<UnitUpsert> {
  const rejections = new Map<ImportRow, Fault>()
  // A rejected row leaves its unit and that unit's crew as they are, which may take an officer away from a row
  // planned before it: plan again until no further row falls. Each pass rejects at least one more.
  for (;;) {
    const left = rows.filter((row) => !rejections.has(row))
    const { upserts, fallen } = planPass(left, known)
    if (fallen.size === 0)
      return {
        upserts,
        rejections: [...rejections]
          .map(([{ row }, fault]) => ({ row, ...fault }))
          .sort((a, b) => a.row - b.row),
      }
    for (const [row, fault] of fallen) rejections.set(row, fault)
  }
}

type Fault = Omit<ImportRejection, 'row'>
type Cell = (field: Field) => string

function planPass(rows: readonly ImportRow[], known: UnitImportKnowledge) {
  const findOrganisation = organisationFinder(known.organisations)
  const officerByBadge = new Map(known.officers.map((officer) => [officer.badgeNumber, officer]))
  const described = new Set(rows.map((row) => cellReader(row, HEADINGS)('callSign')))
  // A unit that the file describes anew gives up its crew; all others keep theirs.
  const takenBy = new Map([...known.callSignOf].filter(([, callSign]) => !described.has(callSign)))
  const plateOf = new Map([...known.callSignOfPlate].filter(([, callSign]) => !described.has(callSign)))
  const upserts: (UnitUpsert & { row: number })[] = []
  const fallen = new Map<ImportRow, Fault>()
  const seen = new Set<string>()

  for (const row of rows) {
    const cell: Cell = cellReader(row, HEADINGS)
    const planned = planUnit(cell)
    if ('cause' in planned) {
      fallen.set(row, planned)
      continue
    }
    seen.add(planned.callSign)
    for (const officerId of planned.memberOfficerIds) takenBy.set(officerId, planned.callSign)
    if (planned.vehiclePlate !== null) plateOf.set(planned.vehiclePlate, planned.callSign)
    upserts.push({ row: row.row, ...planned })
  }
  return { upserts, fallen }

  function planUnit(cell: Cell): UnitUpsert | Fault {
    const fault = (field: Field, cause: ImportCause, value = cell(field)): Fault => ({
      field,
      cause,
      value: value.slice(0, LONGEST_CELL),
    })
    const callSign = cell('callSign')
    if (callSign === '') return fault('callSign', 'missing')
    if (callSign.length > LONGEST_CELL) return fault('callSign', 'too-long')
    if (seen.has(callSign)) return fault('callSign', 'duplicate-in-file')
    if (cell('organisation') === '') return fault('organisation', 'missing')
    const organisationId = findOrganisation(cell('organisation'))
    if (organisationId === null) return fault('organisation', 'organisation-unknown')
    const kind = unitKind(cell('kind'))
    if (kind === null) return fault('kind', 'not-in-list')

    const vehiclePlate = cell('vehicle') || null
    if (vehiclePlate !== null && plateOf.has(vehiclePlate)) return fault('vehicle', 'vehicle-in-other-unit')

    const leader = cell('leader') === '' ? null : officerByBadge.get(cell('leader'))
    if (leader === undefined) return fault('leader', 'officer-unknown')
    if (leader && !leader.sworn) return fault('leader', 'leader-not-sworn')
    const members = new Set<OfficerId>()
    const crew = listOf(cell('crew'))
    for (const badge of leader ? [leader.badgeNumber, ...crew] : crew) {
      const officer = officerByBadge.get(badge)
      if (!officer) return fault('crew', 'officer-unknown', badge)
      const other = takenBy.get(officer.id)
      if (other !== undefined && other !== callSign) return fault('crew', 'officer-in-other-unit', badge)
      if (officer.organisationId !== organisationId)
        return fault('crew', 'officer-of-other-organisation', badge)
      members.add(officer.id)
    }
    return {
      callSign,
      organisationId,
      kind,
      leaderOfficerId: leader?.id ?? null,
      memberOfficerIds: [...members],
      vehiclePlate,
      skills: listOf(cell('skills')),
      equipment: listOf(cell('equipment')),
    }
  }
}

function unitKind(text: string): UnitKind | null {
  if (text === '') return 'car'
  const word = text.toLowerCase()
  return UNIT_KINDS.find((kind) => kind === word) ?? KIND_WORDS[text] ?? null
}
