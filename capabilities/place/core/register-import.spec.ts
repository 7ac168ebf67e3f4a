import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import { projectionOf } from './projection.ts'
import type { PlaceImportKnowledge } from './register-import.ts'
import { planAreasImport, planSitesImport } from './register-import.ts'

const known: PlaceImportKnowledge = {
  organisations: [{ id: 'org-1', code: 'ZCQ', nameZh: '主城区派出所', nameEn: 'Urban station' }],
  coordinates: { system: 'wgs-84' },
  bounds: null,
}
const rows = (...cells: Record<string, string>[]) => cells.map((one, i) => ({ row: i + 2, cells: one }))
const chinese = {
  名称: '金鼎宾馆',
  类别: '场所行业',
  行业: 'hotel',
  派出所: '主城区派出所',
  地址: '人民路 12 号',
  经度: '116.3',
  纬度: '39.9',
  联系人: '王某',
  电话: '0000-1',
}

describe('a sites file', () => {
  it('is read under Chinese and English headings alike', () => {
    const english = {
      Name: '金鼎宾馆',
      'Site Class': 'venue',
      category: 'hotel',
      station: 'ZCQ',
      address: '人民路 12 号',
      Longitude: '116.3',
      latitude: '39.9',
      owner: '王某',
      phone: '0000-1',
    }
    const plan = planSitesImport(rows(chinese), known)
    expect(plan.rejections).toEqual([])
    expect(plan.drafts[0]).toMatchObject({
      class: 'venue',
      trade: 'hotel',
      organisationId: 'org-1',
      lon: 116.3,
    })
    expect(planSitesImport(rows(english), known)).toEqual(plan)
  })
  it('names row, field and cause of what is rejected', () => {
    const plan = planSitesImport(
      rows(
        chinese,
        chinese,
        { ...chinese, 名称: '' },
        { ...chinese, 名称: 'b', 类别: '其它' },
        { ...chinese, 名称: 'c', 派出所: '水上派出所' },
        { ...chinese, 名称: 'd', 经度: '东经' },
        { ...chinese, 名称: 'e', 纬度: '99' },
        { ...chinese, 名称: 'f', 经度: '0', 纬度: '0' },
        { ...chinese, 名称: 'g', 地址: '长'.repeat(301) },
      ),
      known,
    )
    expect(plan.drafts).toHaveLength(1)
    expect(plan.rejections.map(({ row, field, cause }) => [row, field, cause])).toEqual([
      [3, 'name', 'duplicate-in-file'],
      [4, 'name', 'missing'],
      [5, 'class', 'not-in-list'],
      [6, 'organisation', 'organisation-unknown'],
      [7, 'lon', 'not-a-number'],
      [8, 'lon', 'outside-the-world'],
      [9, 'lon', 'outside-the-world'],
      [10, 'address', 'too-long'],
    ])
  })
  it('is converted from its own coordinates, and kept inside the district', () => {
    const projection = projectionOf(4527)
    if (isRefusal(projection)) throw new Error('4527')
    const { x, y } = projection.fromWgs84({ lon: 116.3, lat: 39.9 })
    const plane = { ...chinese, 经度: String(x), 纬度: String(y) }
    const bounds = { west: 116, south: 39, east: 117, north: 40 }
    const plan = planSitesImport(rows(plane), { ...known, coordinates: { projection }, bounds })
    expect(plan.drafts[0]!.lon).toBeCloseTo(116.3, 6)
    const elsewhere = { ...bounds, east: 116.1 }
    expect(planSitesImport(rows(chinese), { ...known, bounds: elsewhere }).rejections[0]!.cause).toBe(
      'outside-district',
    )
  })
  it('is accounted for row by row, whatever is in it', () => {
    const cell = fc.oneof(
      fc.constantFrom('', '116.3', '39.9', 'venue', 'ZCQ', '金鼎'),
      fc.string({ maxLength: 8 }),
    )
    const anyRow = fc.dictionary(fc.constantFrom('name', 'class', 'lon', 'lat', 'station', 'x'), cell)
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 12 }), (cells) => {
        const plan = planSitesImport(rows(...cells), known)
        expect(plan.drafts.length + plan.rejections.length).toBe(cells.length)
      }),
    )
  })
})

describe('an areas file', () => {
  const ring = [
    [116, 39],
    [117, 39],
    [117, 40],
    [116, 39],
  ] as const
  it('gives closed rings, station districts unless it says otherwise', () => {
    const plan = planAreasImport(
      [
        { row: 1, cells: { name: '城西', org: 'ZCQ' }, ring },
        { row: 2, cells: { name: '一号', type: '巡区' }, ring: ring.slice(0, 3) },
      ],
      known,
    )
    expect(plan.drafts.map(({ kind, organisationId }) => [kind, organisationId])).toEqual([
      ['station', 'org-1'],
      ['beat', null],
    ])
    expect(plan.drafts[1]!.ring).toEqual(ring)
  })
  it('rejects what is no area', () => {
    const plan = planAreasImport(
      [
        { row: 1, cells: { name: '点' }, ring: null },
        {
          row: 2,
          cells: { name: '线' },
          ring: [
            [116, 39],
            [117, 39],
          ],
        },
        { row: 3, cells: {}, ring },
      ],
      known,
    )
    expect(plan.rejections.map(({ row, cause }) => [row, cause])).toEqual([
      [1, 'not-a-polygon'],
      [2, 'invalid-ring'],
      [3, 'missing'],
    ])
  })
})
