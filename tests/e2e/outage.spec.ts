import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { launchDatabase, type LaunchedDatabase } from '../../foundation/server/postgres/launcher.ts'
import { openFolder, removeFolder } from '../launching.ts'
import { openBrowser, startProduct, type Product } from '../browser.ts'
import { setUp, takeSeat, type Seat } from './people.ts'

const external = openFolder('external')
let database: LaunchedDatabase
let product: Product
let browser: Browser
let seat: Seat
let page: Page

beforeAll(async () => {
  database = await launchDatabase({ dataFolder: external, use: 'server' })
  product = await startProduct({ args: ['--no-play'], env: { DATABASE_URL: database.ownerUrl } })
  browser = await openBrowser()
  await setUp(product)
  seat = await takeSeat(browser, product, 'commander')
  page = seat.page
  await page.getByText('街面警力占比').waitFor()
  await live(page)
})
afterAll(async () => {
  await seat?.close()
  await browser?.close()
  await product?.remove()
  await database?.stop()
  removeFolder(external)
})

describe('a board that cannot hear', () => {
  it('says so, comes back by itself, and has lost nothing of what happened meanwhile', async () => {
    const other = await takeSeat(browser, product, 'dispatcher', { path: '/sign-in' })
    await page.context().setOffline(true)
    await page.evaluate(() => dispatchEvent(new Event('offline')))
    await reportCall(other, '0402', '断线时的警情')
    await page.context().setOffline(false)
    await live(page)
    await page.getByText('断线时的警情').waitFor()
    await other.close()
  })
})

describe('a database that stands still', () => {
  it('puts up a banner, takes it down by itself when it is back, and the board is current', async () => {
    await database.stop()
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.getByRole('alert').getByText('数据库暂不可用，正在重试').waitFor()
    database = await launchDatabase({ dataFolder: external, use: 'server' })
    await page.getByText('数据库暂不可用，正在重试').waitFor({ state: 'detached', timeout: 60_000 })
    await live(page)
    await reportCall(seat, '0401', '恢复后的警情')
    await page.getByRole('link', { name: '实时指挥' }).click()
    await page.getByText('恢复后的警情').waitFor()
  })
})

const live = (page: Page) =>
  page.getByRole('status').filter({ hasText: /^实时/ }).waitFor({ timeout: 60_000 })

async function reportCall(by: Seat, typeCode: string, address: string): Promise<void> {
  const position = { lon: 113.6, lat: 34.1 }
  await by.call('POST', '/api/reports', {
    origin: 'citizen',
    typeCode,
    position,
    address,
    summary: '',
    circumstances: [],
  })
}
