import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Product } from '../browser.ts'
import { startDemonstrated } from '../demonstrated.ts'
import { setUp, takeSeat, type Seat } from './people.ts'

let product: Product
let browser: Browser
let seat: Seat
let page: Page

beforeAll(async () => {
  product = await startDemonstrated()
  browser = await openBrowser()
  await setUp(product)
  seat = await takeSeat(browser, product, 'commander')
  page = seat.page
  await seat.call('POST', '/api/reports', {
    origin: 'citizen',
    typeCode: '0201',
    position: { lon: 113.6, lat: 34.1 },
    address: '人民广场',
    summary: '打架',
    circumstances: ['weapon'],
  })
})
afterAll(async () => {
  await seat?.close()
  await browser?.close()
  await product?.remove()
})

describe('the force board', () => {
  it('shows every department without being asked', async () => {
    await seat.open('/force')
    await page.getByRole('tab', { name: '巡逻单元 24' }).waitFor()
    const table = await page.getByRole('table').innerText()
    for (const department of ['城关派出所', '城东派出所', '河西派出所', '巡特警大队'])
      expect(table).toContain(department)
    await page.getByRole('tab', { name: '人员 120' }).waitFor()
  })

  it('lends a unit to another department and takes it back', async () => {
    await page
      .getByRole('row', { name: /城东01/ })
      .getByRole('button', { name: /^借\s?出$/ })
      .click()
    const dialog = page.getByRole('dialog', { name: '借出 城东01' })
    await dialog.getByLabel('借入单位').click()
    await page.locator('.ant-select-item-option', { hasText: '城关派出所' }).click()
    await dialog.getByLabel('理由').fill('夜市增援')
    await page.keyboard.press('Control+Enter')
    await page
      .getByRole('row', { name: /城东01/ })
      .getByText('（借自城东派出所）')
      .waitFor()
    await page.getByRole('tab', { name: '借用 1' }).click()
    await page
      .getByRole('row', { name: /城东01/ })
      .getByRole('button', { name: /^归\s?还$/ })
      .click()
    await page.getByText('目前没有借用').waitFor()
  })

  it('opens street strength to the names above and below the line', async () => {
    await seat.open('/')
    await page.getByTitle('在街面', { exact: true }).click()
    const dialog = page.getByRole('dialog', { name: '街面警力明细' })
    await dialog.getByRole('columnheader', { name: '姓名' }).waitFor()
    await dialog.getByRole('row', { name: /巡逻/ }).first().waitFor()
    await dialog.getByText(/^在勤可巡 \d+$/).click()
    await dialog.getByRole('row').nth(5).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  })
})

describe('the keyboard', () => {
  it('reaches everything on the live board with Tab', async () => {
    await seat.open('/')
    await page
      .getByRole('button', { name: /打架斗殴/ })
      .or(page.getByText('打架斗殴'))
      .first()
      .waitFor()
    const reached: string[] = []
    for (let press = 0; press < 45; press++) {
      await page.keyboard.press('Tab')
      reached.push(
        await page.evaluate(() => {
          const { activeElement: at } = document
          return `${at?.getAttribute('aria-label') ?? ''} ${at?.getAttribute('title') ?? ''} ${at?.textContent ?? ''}`
        }),
      )
    }
    for (const name of ['跳到主要内容', '接警', '回放', '账户', '图层', '打架斗殴', '在街面', '搜索'])
      expect(reached.join('\n')).toContain(name)
  })

  it('shows the shortcuts of the page at ?', async () => {
    await page.getByRole('main').focus()
    await page.keyboard.press('?')
    const list = page.getByRole('dialog', { name: '键盘快捷键' })
    for (const shortcut of ['新接警', '下一警情', '巡防等级', '切换深色与浅色'])
      await list.getByText(shortcut).waitFor()
    await page.keyboard.press('Escape')
    await list.waitFor({ state: 'hidden' })
  })

  it('walks through the pages by g and a letter', async () => {
    for (const [letter, path] of [
      ['f', '**/force'],
      ['p', '**/activation'],
      ['r', '**/replay'],
      ['i', '**/incidents'],
      ['l', `${product.url}/`],
    ] as const) {
      await page.keyboard.press('g')
      await page.keyboard.press(letter)
      await page.waitForURL(path)
    }
  })
})

describe('the look', () => {
  it('turns light by Alt+T and stays so', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await ground()
    await page.keyboard.press('Alt+t')
    await page.locator('[data-map-theme=light]').waitFor()
    const light = await ground()
    expect(light).not.toBe(dark)
    await page.reload()
    await page.locator('[data-map-theme=light]').waitFor()
    expect(await ground()).toBe(light)
  })

  it('speaks English once asked to and stays so, and Chinese again', async () => {
    await page.getByRole('button', { name: '账户', exact: true }).click()
    await page.getByText('English', { exact: true }).click()
    await page.getByRole('link', { name: 'Live' }).first().waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.reload()
    await page.getByRole('link', { name: 'Live' }).first().waitFor()
    await page.getByRole('button', { name: 'Account', exact: true }).click()
    await page.getByText('中文', { exact: true }).click()
    await page.getByRole('link', { name: '实时指挥' }).waitFor()
  })

  it('made no page complain and asked nobody else for anything', () => {
    expect(seat.faults).toEqual({ errors: [], foreignRequests: [] })
  })
})
