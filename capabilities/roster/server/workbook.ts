import type ExcelJS from 'exceljs'
import type { FastifyReply } from 'fastify'

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Sends a workbook as a file of that name. Names are ASCII: they stand in a header. */
export async function sendWorkbook(
  reply: FastifyReply,
  workbook: ExcelJS.Workbook,
  name: string,
): Promise<FastifyReply> {
  const bytes = Buffer.from(await workbook.xlsx.writeBuffer())
  return reply
    .type(XLSX)
    .header('content-disposition', `attachment; filename="${name}.xlsx"`)
    .header('cache-control', 'no-store')
    .send(bytes)
}

/** The head of a sheet: bold, and it stays while the rest is scrolled. */
export function headSheet(sheet: ExcelJS.Worksheet, frozenColumns: number): void {
  sheet.getRow(1).font = { bold: true }
  sheet.views = [{ state: 'frozen', xSplit: frozenColumns, ySplit: 1 }]
}
