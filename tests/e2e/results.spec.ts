import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOneSeat, type OneSeat, type Seat } from './people.ts'
import { nameless, overflow, settled, textless } from './screens.ts'

let seat: Seat
let page: Page
let house: OneSeat

beforeAll(async () => {
  house = await openOneSeat('commander', {
    path: '/results',
    viewport: { width: 1280, height: 900 },
  })
  ;({ seat, page } = house)
})
afterAll(() => house?.close())

const table = () => page.getByRole('table', { name: '各处本期与同比、环比' })

describe('results', () => {
  it('compare the month with last year and the month before, and say that most of it is chance', async () => {
    await table().getByRole('button', { name: '展开 全区' }).waitFor()
    await page.getByText(/本期 \d{4}-\d\d-\d\d 至/).waitFor()
    await page.getByText(/起由巡逻自行发现，不计入/).waitFor()
    expect(await table().getByText('不能区分').count()).toBeGreaterThan(5)
    await table()
      .getByRole('img', { name: /^变化 .*95% 区间/ })
      .first()
      .waitFor()
    await page.getByRole('region', { name: '定向巡查指令的成效' }).getByText('本期没有执行过的指令').waitFor()
  })

  it('say what stands behind a row', async () => {
    await table()
      .getByRole('button', { name: /展开 .*所/ })
      .first()
      .click()
    await page.getByRole('img', { name: '近 36 个月每 30 天警情数' }).waitFor()
    const lastYear = page.getByRole('region', { name: '同比' })
    await lastYear
      .getByText(/由 [\d,]+ 起/)
      .first()
      .waitFor()
    await lastYear.getByText(/处此前数量和走势相近、边长约 [\d,]+ 米的方格相比/).waitFor()
    await lastYear.getByText(/只看两个数的比法（不可作结论）/).waitFor()
  })

  it('ask another period by the keyboard, and keep it in the address', async () => {
    await page.getByRole('heading', { name: '成效', exact: true }).click()
    await page.keyboard.press('[')
    await page.waitForURL(/from=/)
    const month = new URL(page.url()).searchParams.get('from')!.slice(0, 7)
    await page.getByText(new RegExp(`本期 ${month}`)).waitFor()
    await page.getByText('警情类别', { exact: true }).first().click()
    await page.waitForURL(/by=category/)
    await table().getByRole('button', { name: '展开 全部警情' }).waitFor()
  })

  it('are taken away as a table and on paper', async () => {
    const take = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name }).click(),
      ])
      return readFileSync(await download.path())
    }
    expect((await take('导出 CSV')).toString()).toMatch(/place,place_kind,category,from/)
    expect((await take('导出 PDF')).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('lead to the feedback guard, which runs its year in the browser', async () => {
    await page.getByRole('link', { name: '怎样防止越巡越准的错觉' }).click()
    await page.getByRole('heading', { name: '防止自我应验' }).waitFor()
    await page
      .getByText(/本系统：全年预测最远离开 50% [\d.]+ 个百分点，没有越出/)
      .waitFor({ timeout: 90_000 })
    await page.getByText(/对照：年末西片区占预测的/).waitFor()
    expect(seat.faults).toEqual({ errors: [], foreignRequests: [] })
  })

  it('are named, worded and within the screen, on a phone and on a desk, light and dark', async () => {
    const faults: unknown[] = []
    for (const path of ['/results', '/feedback-guard'])
      for (const [language, width] of [
        ['zh-CN', 360],
        ['en', 1280],
      ] as const) {
        await page.evaluate(
          (chosen) => localStorage.setItem('xunfang.language', JSON.stringify(chosen)),
          language,
        )
        await page.setViewportSize({ width, height: 800 })
        await seat.open(path)
        await settled(page)
        await page.keyboard.press('Alt+t')
        faults.push(...(await nameless(page.locator('body'))), ...(await textless(page)))
        if ((await overflow(page)) > 0) faults.push([path, language, width, await overflow(page)])
      }
    expect(faults).toEqual([])
  })
})
