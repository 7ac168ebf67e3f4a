import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller, Reply } from '../../../tests/house.ts'
import { draftRoster, followPatterns } from '../../../tests/api/roster-commands.ts'
import { openTwoStations, type TwoStations } from '../../../tests/api/two-stations.ts'
import { XLSX } from './workbook.ts'

interface Imported {
  readonly accepted: number
  readonly changed: number
  readonly rejected: readonly { readonly line: number; readonly column: string; readonly code: string }[]
  readonly version: number
}

describe('a roster as a file', () => {
  let scene: TwoStations
  let all: Caller
  let chief: Caller
  let id: string
  beforeAll(async () => {
    scene = await openTwoStations()
    ;({ all } = scene)
    await followPatterns(scene)
    chief = await scene.at(scene.east, 'station-chief')
    ;({ id } = await draftRoster(all, '2026-12-07'))
  })
  afterAll(() => scene.close())

  async function workbookOf(caller: Caller): Promise<ExcelJS.Workbook> {
    const response = await fetch(`${scene.house.url}/api/rosters/${id}/roster.xlsx?lang=zh-CN`, {
      headers: { authorization: `Bearer ${caller.token}` },
    })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, XLSX])
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load(await response.arrayBuffer())
    return workbook
  }
  const bring = (caller: Caller, file: string | Buffer, query = '', version = 1): Promise<Reply<Imported>> =>
    caller.send('POST', `/api/rosters/${id}/import${query}`, file, {
      'content-type': typeof file === 'string' ? 'text/csv' : XLSX,
      'if-match': `"${version}"`,
    })

  it('shows the own station’s rows with names', async () => {
    const sheet = (await workbookOf(chief)).worksheets[0]!
    expect(sheet.rowCount).toBe(1 + 4)
    expect(sheet.getRow(2).values).toEqual(expect.arrayContaining(['一班', 'e1', '警员e1', '休班']))
    expect(JSON.stringify(sheet.getSheetValues())).not.toContain('警员w')
    expect((await workbookOf(all)).worksheets[0]!.rowCount).toBe(1 + 8)
  })

  it('comes back changed: looked at first, then taken, row by row', async () => {
    const workbook = await workbookOf(all)
    const sheet = workbook.worksheets[0]!
    const words = workbook.worksheets[2]!
    const rowOf = (badge: string) =>
      sheet.getRow([2, 3, 4, 5, 6, 7, 8, 9].find((line) => sheet.getRow(line).getCell(3).text === badge)!)
    const duty = [2, 3, 4, 5, 6, 7, 8, 9]
      .map((line) => words.getRow(line).getCell(2).text)
      .find((text) => text.includes('值班室'))!
    rowOf('e1').getCell(5).value = duty
    rowOf('e2').getCell(6).value = '值夜班'
    rowOf('w1').getCell(5).value = duty
    const file = Buffer.from(await workbook.xlsx.writeBuffer())
    const looked = await bring(chief, file, '?dryRun=true')
    expect(looked.body).toMatchObject({ accepted: 3, changed: 1, version: 1 })
    expect(looked.body.rejected.map(({ column, code }) => [column, code])).toEqual(
      expect.arrayContaining([
        ['2026-12-08', 'option-unknown'],
        ['警号', 'out-of-scope'],
      ]),
    )
    expect(looked.body.rejected).toHaveLength(1 + 4)
    const taken = await bring(chief, file)
    expect(taken.body).toMatchObject({ accepted: 3, changed: 1, version: 2 })
    expect((await workbookOf(chief)).worksheets[0]!.getRow(2).getCell(5).text).toBe(duty)
    expect((await bring(chief, file)).body).toMatchObject({ code: 'version-conflict' })
    expect((await bring(chief, file, '', 2)).body).toMatchObject({ changed: 0, version: 2 })
  })

  it('is refused where it is no table', async () => {
    const refused = async (file: string | Buffer) =>
      ((await bring(all, file, '', 2)).body as unknown as { code: string }).code
    expect(await refused(Buffer.from('PK no workbook'))).toBe('import-unreadable')
    expect(await refused('badge,2026-12-07\n')).toBe('import-empty')
    expect(await refused('name,2026-12-07\nx,off\n')).toBe('import-no-badges')
  })
})
