import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planOfficersImport } from './officer-import.ts'
import { planUnitsImport, type UnitImportKnowledge } from './unit-import.ts'
import type { OfficerId, OrganisationId } from './types.ts'

const organisations = [
  { id: 'org-1' as OrganisationId, code: 'ZCQ', nameZh: '主城区派出所', nameEn: 'Urban station' },
  { id: 'org-2' as OrganisationId, code: 'XTJ', nameZh: '巡特警大队', nameEn: 'Special patrol' },
]

describe('officers import', () => {
  const rows = (...cells: Record<string, string>[]) =>
    cells.map((one, index) => ({ row: index + 2, cells: one }))

  it('reads Chinese and English headings alike', () => {
    const chinese = planOfficersImport(
      rows({
        警号: '061001',
        姓名: '李卫',
        单位: '主城区派出所',
        身份: '辅警',
        可巡防: '否',
        技能: '急救、驾驶',
        电话: '138',
      }),
      { organisations },
    )
    const english = planOfficersImport(
      rows({
        'Badge Number': '061001',
        name: '李卫',
        department: 'ZCQ',
        sworn: 'no',
        'patrol-capable': '0',
        skills: '急救,驾驶',
        mobile: '138',
      }),
      { organisations },
    )
    expect(chinese.rejections).toEqual([])
    expect(chinese.upserts).toEqual(english.upserts)
    expect(chinese.upserts[0]).toMatchObject({ organisationId: 'org-1', sworn: false, patrolCapable: false })
  })

  it('names row, field and cause of what it rejects', () => {
    const plan = planOfficersImport(
      rows(
        { badge: '1', name: 'A', org: 'ZCQ' },
        { badge: '1', name: 'B', org: 'ZCQ' },
        { badge: '', name: 'C', org: 'ZCQ' },
        { badge: '4', name: 'D', org: '水上派出所' },
        { badge: '5', name: 'E', org: 'ZCQ', sworn: 'perhaps' },
      ),
      { organisations },
    )
    expect(plan.upserts.map((upsert) => upsert.row)).toEqual([2])
    expect(plan.rejections).toEqual([
      { row: 3, field: 'badgeNumber', cause: 'duplicate-in-file', value: '1' },
      { row: 4, field: 'badgeNumber', cause: 'missing', value: '' },
      { row: 5, field: 'organisation', cause: 'organisation-unknown', value: '水上派出所' },
      { row: 6, field: 'sworn', cause: 'not-yes-or-no', value: 'perhaps' },
    ])
  })

  it('accounts for every row once, whatever is in it', () => {
    const cell = fc.oneof(fc.constantFrom('', '1', '2', 'ZCQ', '是', 'no'), fc.string({ maxLength: 8 }))
    const anyRow = fc.dictionary(fc.constantFrom('badge', 'name', 'org', 'sworn', 'patrol', 'x'), cell)
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 15 }), (cells) => {
        const plan = planOfficersImport(rows(...cells), { organisations })
        const accounted = [...plan.upserts, ...plan.rejections].map(({ row }) => row).sort((a, b) => a - b)
        expect(accounted).toEqual(cells.map((_, index) => index + 2))
        expect(new Set(plan.upserts.map((upsert) => upsert.badgeNumber)).size).toBe(plan.upserts.length)
      }),
    )
  })
})

describe('units import', () => {
  const officer = (badgeNumber: string, sworn = true, organisationId = 'org-1') => ({
    id: `o${badgeNumber}` as OfficerId,
    badgeNumber,
    sworn,
    organisationId: organisationId as OrganisationId,
  })
  const known: UnitImportKnowledge = {
    organisations,
    officers: [officer('1'), officer('2', false), officer('3'), officer('4', true, 'org-2'), officer('5')],
    callSignOf: new Map([
      ['o3' as OfficerId, '巡03'],
      ['o5' as OfficerId, '巡05'],
    ]),
    callSignOfPlate: new Map([['川A0005警', '巡05']]),
  }
  const row = (
    number: number,
    callSign: string,
    leader: string,
    crew: string,
    more: Record<string, string> = {},
  ) => ({
    row: number,
    cells: { 呼号: callSign, 单位: 'ZCQ', 带班民警: leader, 组员: crew, ...more },
  })

  it('reads crew by badge number, the leader among them', () => {
    const plan = planUnitsImport([row(2, '巡01', '1', '2', { 类型: '摩巡', 车牌: '川A1234警' })], known)
    expect(plan.rejections).toEqual([])
    expect(plan.upserts[0]).toMatchObject({
      callSign: '巡01',
      kind: 'motorcycle',
      leaderOfficerId: 'o1',
      memberOfficerIds: ['o1', 'o2'],
      vehiclePlate: '川A1234警',
    })
  })

  it('rejects an officer in two units, of another organisation, unknown, and an auxiliary as leader', () => {
    const plan = planUnitsImport(
      [
        row(2, '巡01', '1', '2'),
        row(3, '巡02', '', '2'),
        row(4, '巡04', '4', ''),
        row(5, '巡06', '9', ''),
        row(6, '巡07', '2', ''),
        row(7, '巡08', '', '3'),
      ],
      known,
    )
    expect(plan.rejections.map(({ row, field, cause }) => [row, field, cause])).toEqual([
      [3, 'crew', 'officer-in-other-unit'],
      [4, 'crew', 'officer-of-other-organisation'],
      [5, 'leader', 'officer-unknown'],
      [6, 'leader', 'leader-not-sworn'],
      [7, 'crew', 'officer-in-other-unit'],
    ])
  })

  it('rejects a vehicle that another unit uses, in the district or in the file', () => {
    const plate = (text: string) => ({ 车牌: text })
    const plan = planUnitsImport(
      [
        row(2, '巡01', '1', '', plate('川A0001警')),
        row(3, '巡02', '', '', plate('川A0001警')),
        row(4, '巡04', '', '', plate('川A0005警')),
      ],
      known,
    )
    expect(plan.rejections.map(({ row, field, cause }) => [row, field, cause])).toEqual([
      [3, 'vehicle', 'vehicle-in-other-unit'],
      [4, 'vehicle', 'vehicle-in-other-unit'],
    ])
  })

  it('moves an officer whose unit the file describes anew, and not one whose row falls', () => {
    expect(planUnitsImport([row(2, '巡01', '3', ''), row(3, '巡03', '1', '')], known).rejections).toEqual([])
    const plan = planUnitsImport([row(2, '巡01', '3', ''), row(3, '巡03', '9', '')], known)
    expect(plan.upserts).toEqual([])
    expect(plan.rejections.map(({ row, cause }) => [row, cause])).toEqual([
      [2, 'officer-in-other-unit'],
      [3, 'officer-unknown'],
    ])
  })

  it('never plans one officer into two units and accounts for every row once', () => {
    const anyRow = fc.record({
      callSign: fc.constantFrom('巡01', '巡02', '巡03', '巡05', ''),
      leader: fc.constantFrom('', '1', '2', '3', '5', '9'),
      crew: fc.subarray(['1', '2', '3', '5']),
    })
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 8 }), (asked) => {
        const rows = asked.map((one, index) => row(index + 2, one.callSign, one.leader, one.crew.join(',')))
        const plan = planUnitsImport(rows, known)
        const planned = new Set(plan.upserts.map((upsert) => upsert.callSign))
        const after = [
          ...plan.upserts.flatMap((upsert) => upsert.memberOfficerIds),
          ...[...known.callSignOf].filter(([, callSign]) => !planned.has(callSign)).map(([id]) => id),
        ]
        expect(new Set(after).size).toBe(after.length)
        expect([...plan.upserts, ...plan.rejections].length).toBe(rows.length)
      }),
    )
  })
})
