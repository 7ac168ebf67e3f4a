import type ExcelJS from 'exceljs'
import type { Answer } from '../../../foundation/server/http/route.ts'

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** A workbook as the answer of a route, a file of that name. Names are ASCII: they stand in a header. */
export async function workbookAnswer(workbook: ExcelJS.Workbook, name: string): Promise<Answer> {
  return {
    headers: {
      'content-type': XLSX,
      'content-disposition': `attachment; filename="${name}.xlsx"`,
      'cache-control': 'no-store',
    },
    body: Buffer.from(await workbook.xlsx.writeBuffer()),
  }
}

/** The head of a sheet: bold, and it stays while the rest is scrolled. */
export function headSheet(sheet: ExcelJS.Worksheet, frozenColumns: number): void {
  sheet.getRow(1).font = { bold: true }
  sheet.views = [{ state: 'frozen', xSplit: frozenColumns, ySplit: 1 }]
}
