import { execFileSync, spawnSync } from 'node:child_process'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { FoundWarning, KeptFindings, KeptSeries, ShiftPlan } from '../../core/index.ts'
import type { Run } from '../run.ts'
import { dayPdf, type DayReport } from './day-pdf.ts'

const AT = Date.parse('2026-11-24T08:00:00+08:00')
const HOUR = 3_600_000
const place = (n: number) => ({ lon: 113.6 + n / 500, lat: 34.1 + n / 700 })

const run: Run = {
  ...{
    id: 'run',
    day: '2026-11-24',
    cause: 'daily',
    accountId: null,
    accountName: 'analysis',
    state: 'done',
  },
  ...{ attempts: 1, startedAt: AT - 2 * HOUR, endedAt: AT, failure: null },
  parameters: {
    ...{ stopsPerShift: 20, discRadiusMetres: 85, timeZone: 'Asia/Shanghai', hoursDrawn: false, hours: null },
    shifts: [{ fromHour: 8, untilHour: 16 }],
  },
  quality: [{ finding: 'found-by-patrol', count: 360, share: 0.25 }],
  figures: { incidents: 1440, places: 90, firstDate: '2026-01-01', lastDate: '2026-11-23', learntFrom: 900 },
}
const shift = (hours: number): ShiftPlan => ({
  ...{ fromAt: AT + hours * HOUR, untilAt: AT + (hours + 8) * HOUR, expected: 9.5, low: 4, high: 15 },
  stops: Array.from({ length: 20 }, (_, n) => ({
    ...{
      rank: n + 1,
      position: place(n),
      expected: 1 / (n + 1),
      low: 0,
      high: 3,
      memory: [],
      busyPlace: null,
    },
    incidents: [{ category: '0108', clock: '2026-11-20', position: place(n), share: 0.4 }],
    rhythm: { shareOfWeek: 0.05, evenShare: 0.05, profile: [] },
  })),
})
const series: KeptSeries = {
  ...{
    id: 'S',
    since: '2026-11-20',
    category: '0108',
    state: 'growing',
    middle: place(3),
    radiusMetres: 120,
  },
  ...{ firstDate: '2026-11-12', lastDate: '2026-11-22', usual: 0.004, chance: 1e-5, closesInDays: 9 },
  next: {
    ...{ fromDate: '2026-11-24', untilDate: '2026-11-27' },
    hours: { fromHour: 22, untilHour: 26, holds: 3, of: 4 },
  },
  members: ['20261112-005', '20261120-001'].map((externalId, n) => ({
    incident: { kind: 'call', id: String(n), source: 'spec', externalId },
    ...{ clock: '2026-11-12T02:22', position: place(n), circumstances: { entry: 'window', object: 'X-17' } },
    link: null,
  })),
}
const warning: FoundWarning = {
  ...{ id: 'W', category: '0111', areaId: 'a', areaKind: 'station', areaName: '城关派出所辖区' },
  ...{ outcome: 'warning', fromDate: '2026-11-17', lastDate: '2026-11-23', observed: 12, low: 1, high: 7 },
  judged: {
    ...{ expected: 3.8, dispersion: 0.05, alarmsFrom: 9, timesExpected: 3.2, p: 0.0008 },
    ...{ falseDiscoveryRate: 0.06, ears: null },
  },
  ...{ weeks: [3, 4, 12], positions: [place(1)] },
  densest: { position: place(1), radiusMetres: 85, holds: 4 },
}
const findings: KeptFindings = {
  ...{ atDate: '2026-11-24', series: [series], seriesLeftOut: 0, knox: [], warnings: [warning] },
  watched: { judged: 255, tooThin: 12, tooShort: 0, areas: 4 },
}
const names = new Map([
  ['0108', { nameZh: '入室盗窃', nameEn: 'Burglary' }],
  ['0111', { nameZh: '扒窃', nameEn: 'Pickpocketing' }],
])

const bytesOf = (report: DayReport, language: 'zh-CN' | 'en') =>
  buffer(dayPdf(report, { language, timeZone: 'Asia/Shanghai', names }))

const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined
const textOf = (pdf: Buffer) =>
  execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' }).replaceAll(/\s+/g, ' ')

const full: DayReport = {
  ...{ run, shifts: [shift(0), shift(8), shift(16)], findings },
  changes: {
    before: { runId: 'before', day: '2026-11-23', isDayBefore: true },
    shifts: [{ shift: 0, expectedBefore: 8, expected: 9.5, same: 19, stops: [] }],
    series: [{ kind: 'grown', id: 'S', category: '0108', incidents: 2, added: 1, lastDate: '2026-11-22' }],
    warnings: [],
  },
}

describe('the day’s report', () => {
  it('is a PDF of a few pages in both languages', async () => {
    for (const language of ['zh-CN', 'en'] as const) {
      const pdf = await bytesOf(full, language)
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g)!.length
      expect(pages).toBeGreaterThanOrEqual(3)
      expect(pages).toBeLessThanOrEqual(6)
    }
  })

  it.skipIf(!hasPoppler)(
    'says stops, series, warnings, what changed and how to read it, in words',
    async () => {
      const text = textOf(await bytesOf(full, 'zh-CN'))
      for (const said of [
        '研判日报',
        '与前一日 2026-11-23 的方案相比',
        '入室盗窃：增加 1 起，共 2 起',
        '期望 8.0 → 9.5 起',
        '20261112-005',
        '作案手段：翻窗',
        '涉案物品：X-17',
        '22:00–02:00',
        '扒窃 · 城关派出所辖区',
        '12 起，期望 3.8，平常 1–7',
        '360 起由巡逻发现（25.0%）',
        '不分析人',
      ])
        expect(text).toContain(said)
      expect(text).not.toMatch(/\{\{|[a-z]+\.[a-z-]+\.[a-z]/)
      expect(textOf(await bytesOf(full, 'en'))).toContain('Burglary: 1 more, 2 in all')
    },
  )

  it('is made of a run without findings and without a day before too', async () => {
    const bare = { run: { ...run, figures: null, quality: [] }, shifts: [], findings: null, changes: null }
    expect((await bytesOf(bare, 'zh-CN')).subarray(0, 5).toString()).toBe('%PDF-')
  })
})
