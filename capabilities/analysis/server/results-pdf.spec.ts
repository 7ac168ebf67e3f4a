import { execFileSync } from 'node:child_process'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { ResultsBody } from './result-shown.ts'
import { resultsPdf } from './results-pdf.ts'

const change = { changePercent: -66.7, lowPercent: -80.2, highPercent: -43.1, p: 0.0001 }
const span = (from: string, last: string) => ({ from, last, days: 23 })
const judged = {
  ...{ expected: 58.2, change, falseShare: 0.001, naive: change, comparedWith: 10, comparedMetres: 400 },
  ...{ quietPercent: 8, quietPairs: 150, caution: null, displacement: null },
}
const results: ResultsBody = {
  period: 'month',
  asked: span('2026-11-01', '2026-11-30'),
  counted: span('2026-11-01', '2026-11-23'),
  notes: [{ note: 'found-by-patrol', values: { count: 80 } }],
  tests: 44,
  categories: ['0201'],
  places: [
    { id: 'district', kind: 'district', name: '' },
    ...Array.from({ length: 70 }, (_, n) => ({ id: `p${n}`, kind: 'key-area', name: `鼓楼夜市${n}` })),
  ],
  rows: Array.from({ length: 70 }, (_, n) => ({
    ...{ placeId: `p${n}`, category: null, count: 20, perDay: 0.9 },
    compared: (['year-on-year', 'period-on-period'] as const).map((comparison) => ({
      ...{ comparison, span: span('2025-11-01', '2025-11-23'), before: 60 },
      ...(n === 0
        ? { verdict: 'result-fell', judged }
        : n === 1
          ? { verdict: 'result-too-few', judged: null }
          : {
              verdict: 'result-cannot-be-told',
              judged: { ...judged, change: { ...change, highPercent: null } },
            }),
    })),
  })),
}

async function textOf(body: ResultsBody, language: 'zh-CN' | 'en'): Promise<string> {
  const style = {
    language,
    districtName: '青河区',
    writtenAt: '2026-11-24 10:05',
    categoryName: (code: string) => code,
  }
  const pdf = await buffer(resultsPdf(body, style))
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf }).toString().normalize('NFKC')
}

describe('results on paper', () => {
  it('say in Chinese what fell, what cannot be told and what is too little, over several pages', async () => {
    const text = await textOf(results, 'zh-CN')
    expect(text).toContain('青河区 成效')
    expect(text).toMatch(/鼓楼夜市0\s+20\s+下降/)
    expect(text).toMatch(/鼓楼夜市1\s+20\s+太少/)
    expect(text).toContain('不能区分')
    expect(text).toContain('由 60 起降至 20 起;若无变化,预计 58 起')
    expect(text).toContain('80 起由巡逻自行发现')
    expect(text).toContain('44 项检验')
    expect(text).toContain('第 2 页')
  })

  it('say the same in English, and that nothing was told where nothing was', async () => {
    expect(await textOf(results, 'en')).toMatch(/Down from 60 to 20; without any change 58 were expected/)
    const quiet = { ...results, rows: results.rows.slice(1) }
    expect(await textOf(quiet, 'en')).toContain('Nothing here is more than chance')
  })
})
