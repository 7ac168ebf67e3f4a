import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeptFindings } from '../../capabilities/analysis/core/index.ts'
import { PALETTES } from '../../foundation/ui/theme/palette.ts'
import type { Product } from '../browser.ts'
import { openOneSeat, type OneSeat, type Seat } from './people.ts'
import { nameless, overflow, settled, textless } from './screens.ts'

let product: Product
let seat: Seat
let page: Page
let house: OneSeat

beforeAll(async () => {
  house = await openOneSeat('commander', {
    path: '/analysis',
    viewport: { width: 1440, height: 900 },
  })
  ;({ product, seat, page } = house)
})
afterAll(() => house?.close())

const stops = () => page.getByRole('region', { name: '停靠点', exact: true })
const tab = (name: string) => page.getByRole('tab', { name: new RegExp(name) })
const shownRun = async () =>
  `/api/analysis-runs/${(await seat.call<{ plannedRunId: string }>('GET', '/api/analysis-runs')).plannedRunId}`
const log = () => page.getByRole('region', { name: '运行记录' })

/** A step of the journey as a picture, where somebody wants to look: `PICTURES=folder`. */
async function picture(name: string): Promise<void> {
  const folder = process.env['PICTURES']
  if (folder) await page.screenshot({ path: `${folder}/analysis-${name}.png` })
}

describe('the daily analysis', () => {
  it('has planned the day by itself, in its own thread, and says from what', async () => {
    await stops().getByRole('listitem').first().waitFor()
    expect(await stops().getByRole('listitem').count()).toBe(20)
    await tab('数据与记录').click()
    await log().getByText('每日 · 完成').waitFor()
    await page.getByText(/依据 [\d,]+ 起警情/).waitFor()
    await page.getByText(/起由巡逻发现/).waitFor()
    await settled(page)
    await picture('plan')
  })

  it('shows another shift, and an hour of it, by the keyboard', async () => {
    const slider = page.getByRole('slider', { name: /时刻/ })
    await slider.focus()
    await page.keyboard.press('Home')
    const first = await slider.getAttribute('aria-valuetext')
    await page.keyboard.press('End')
    expect([first, await slider.getAttribute('aria-valuetext')]).toEqual(['08:00–09:00', '07:00–08:00'])
    await stops().getByText('这一小时合计期望').waitFor()
    await page.keyboard.press('[')
    expect(await slider.getAttribute('aria-valuetext')).toBe('整个班次 16:00–00:00')
  })

  it('says why a stop is one', async () => {
    await page.getByRole('heading', { name: '研判' }).click()
    await page.keyboard.press('j')
    const opened = stops().getByRole('button', { expanded: true })
    await opened.waitFor()
    const why = stops().getByRole('listitem').first()
    await why.getByText('依据哪些记忆').waitFor()
    await why
      .getByText(/\d{4}-\d\d-\d\d \d\d:\d\d/)
      .first()
      .waitFor()
    await why.getByRole('img', { name: '一周各时段的警情占比' }).waitFor()
    await why.getByText(/本班次占一周的 [\d.]+%/).waitFor()
    await picture('why')
  })

  it('lists series and warnings, with what ties a series together and where its category repeats', async () => {
    await tab('串并案').click()
    const series = page.getByRole('tabpanel', { name: /串并案/ })
    await series.getByText(/查看了 \d+ 个类别/).waitFor()
    const found = await seat.call<{ findings: KeptFindings }>('GET', `${await shownRun()}/findings`)
    const rows = series.getByRole('button')
    expect(await rows.count()).toBe(found.findings.series.length)
    if ((await rows.count()) > 0) {
      await rows.first().click()
      await series
        .getByText(/同属一串的把握 \d+%/)
        .first()
        .waitFor()
      await series.getByRole('table', { name: /近重复显著性图/ }).waitFor()
    }
    await picture('series')
    await tab('预警').click()
    await page.getByText(/判断了 [\d,]+ 个类别与区域的组合/).waitFor()
    await picture('warnings')
  })

  it('hands what is chosen to the page of orders', async () => {
    await page.getByRole('checkbox', { name: '选择停靠点 2', exact: true }).check()
    await page.getByRole('heading', { name: '研判' }).click()
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    const publish = page.getByRole('region', { name: '拟定巡查指令' })
    await publish.getByText('已选 2 项').waitFor()
    await picture('chosen')
    await publish.getByRole('button', { name: '拟定巡查指令' }).click()
    await page.getByText('2 份新指令尚未保存').waitFor()
    await seat.open('/analysis')
  })

  it('is run again by a person, and the log says by whom', async () => {
    await tab('数据与记录').click()
    await page.getByRole('button', { name: '立即研判' }).click()
    await log().getByText('人工 · 完成').waitFor({ timeout: 90_000 })
    await log()
      .getByText(/陈建国/)
      .waitFor()
  })

  it('is taken away as a table', async () => {
    await page.getByRole('button', { name: '导出', exact: true }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '停靠点 CSV' }).click(),
    ])
    const rows = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n')
    expect(download.suggestedFilename()).toMatch(/^analysis-\d{4}-\d\d-\d\d\.csv$/)
    expect(rows).toHaveLength(1 + 3 * 20)
  })

  it('is printed on light paper, every part of it and no controls, and taken away as a report', async () => {
    await page.emulateMedia({ media: 'print' })
    expect(
      await page.evaluate(() => ({
        paper: getComputedStyle(document.documentElement).getPropertyValue('--surface').trim(),
        shown: [...document.querySelectorAll('.analysis-tab, .analysis-sketch')].every(
          (part) => part.getClientRects().length > 0,
        ),
        hidden: [...document.querySelectorAll('.shell-top, .map, .analysis-tabs, .analysis-exports')].every(
          (part) => part.getClientRects().length === 0,
        ),
      })),
    ).toEqual({ paper: PALETTES.light.surface, shown: true, hidden: true })
    await page.emulateMedia({ media: null })
    const pdf = await page.request.get(`${product.url}${await shownRun()}/report.pdf?language=en`)
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('is named, worded and within the screen, open, on a phone and on a desk, light and dark', async () => {
    const faults: unknown[] = []
    for (const [language, width] of [
      ['zh-CN', 360],
      ['en', 1440],
    ] as const) {
      await page.evaluate(
        (chosen) => localStorage.setItem('xunfang.language', JSON.stringify(chosen)),
        language,
      )
      await page.setViewportSize({ width, height: 800 })
      await page.reload()
      await settled(page)
      await page.keyboard.press('Alt+t')
      await page.keyboard.press('j')
      await picture(`${language}-${width}`)
      faults.push(...(await nameless(page.locator('body'))), ...(await textless(page)))
      if ((await overflow(page)) > 0) faults.push([language, width, await overflow(page)])
    }
    expect(faults).toEqual([])
    await page.evaluate(() => localStorage.setItem('xunfang.language', '"zh-CN"'))
    expect(seat.faults).toEqual({ errors: [], foreignRequests: [] })
  })

  it('says when there is nothing to learn from, and when its plan is of an earlier day', async () => {
    const answer = await seat.call<object>('GET', '/api/analysis-runs')
    let shown: object = { ...answer, runs: [], plannedRunId: null, hasHistory: false }
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.route('**/api/analysis-runs?*', (route) => route.fulfill({ json: shown }))
    await page.reload()
    await page.getByText('还没有警情历史').waitFor()
    await picture('empty')
    shown = { ...answer, dayInForce: '2099-01-01' }
    await page.reload()
    await page.getByText(/2099-01-01 的方案尚未得出/).waitFor()
    await page.route('**/api/analysis-runs?*', (route) =>
      route.fulfill({ status: 403, json: { code: 'forbidden' } }),
    )
    await page.reload()
    await page.getByText('您没有此项权限').waitFor()
  })
})
