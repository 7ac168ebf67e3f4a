import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Play } from '../../apps/simulator/play.ts'
import { openBrowser } from '../browser.ts'
import { startDemonstrated, type Demonstrated } from '../demonstrated.ts'
import { sendCrewsOut } from './crews.ts'
import { setUp, takeSeat, type Seat } from './people.ts'

let product: Demonstrated
let browser: Browser
let crews: Play
let seat: Seat
let page: Page
/** Officers on the street and available, before. */
let before: readonly [number, number]

beforeAll(async () => {
  product = await startDemonstrated()
  browser = await openBrowser()
  await setUp(product)
  crews = await sendCrewsOut(product)
  seat = await takeSeat(browser, product, 'commander', { path: '/activation' })
  page = seat.page
})
afterAll(async () => {
  await seat?.close()
  await browser?.close()
  await crews?.stop()
  await product?.remove()
})

/** Everyone on duty to the street; simulated crews and officers answer and come. */
describe('level-1 patrol', () => {
  it('says before it is begun whom it would call', async () => {
    before = await fraction(page)
    expect(before[0]).toBeLessThan(before[1])
    await page.getByRole('button', { name: '启动' }).first().click()
    const dialog = page.getByRole('dialog', { name: '启动一级巡防' })
    await dialog.getByText(/将下达 \d+ 道指令，召集 \d+ 人/).waitFor()
    const called = /召集 (\d+) 人/.exec(await dialog.innerText())!
    expect(Number(called[1])).toBe(before[1] - before[0])
  })

  it('is begun by one confirmation and orders everyone who is not out', async () => {
    await page.getByRole('dialog').getByRole('button', { name: '启动一级巡防' }).click()
    await page.getByRole('heading', { name: '召集令' }).waitFor()
    await page.getByText('正在执行').waitFor()
    await page.getByText('待签收').or(page.getByText('已签收')).first().waitFor()
  })

  it('shows on the live board too, in every other place where it matters', async () => {
    const other = await takeSeat(browser, product, 'dispatcher')
    await other.page.getByText('一级巡防').first().waitFor()
    await other.page.getByText(/到位 \d+/).waitFor()
    await other.close()
  })

  it('rises to 100 % as they acknowledge and arrive, without anybody loading anything anew', async () => {
    await page.getByText('100%', { exact: true }).first().waitFor({ timeout: 120_000 })
    await page.getByText('已达标').first().waitFor()
    await page.getByText('达标用时').waitFor()
    const [onStreet, available] = await fraction(page)
    expect(onStreet).toBe(available)
    await page.getByText('已到位').first().waitFor()
    expect(await page.getByText('待签收', { exact: true }).count()).toBe(0)
  })

  it('returns everyone at stand-down', async () => {
    await page.getByRole('button', { name: /^解\s?除$/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^确\s?定$/ })
      .click()
    await page.getByRole('heading', { name: '历次启动' }).waitFor()
    await page.getByRole('row', { name: /一级巡防/ }).waitFor()
    await page
      .getByTitle('在街面', { exact: true })
      .filter({ hasText: String(before[0]) })
      .waitFor()
    expect(await fraction(page)).toEqual(before)
    expect(seat.faults).toEqual({ errors: [], foreignRequests: [] })
  })
})

/** Numerator and denominator as they stand on the screen. */
async function fraction(page: Page): Promise<readonly [number, number]> {
  const [onStreet, available] = await Promise.all(
    ['在街面', '在勤可巡'].map((title) => page.getByTitle(title, { exact: true }).first().innerText()),
  )
  return [Number(onStreet), Number(available)]
}
