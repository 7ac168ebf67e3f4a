import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, startProduct, type Product } from '../browser.ts'
import { setUp, takeAdministratorsSeat, takeSeat, type Seat } from './people.ts'
import { nameless, overflow, settled, textless } from './screens.ts'

let product: Product
let browser: Browser

beforeAll(async () => {
  product = await startProduct({ args: ['--no-play'] })
  browser = await openBrowser()
  await setUp(product)
})
afterAll(async () => {
  await browser?.close()
  await product?.remove()
})

/** Everyone's pages, in both languages, on a desk and on a phone. */
describe('every page', () => {
  it('answers with a policy that lets nothing in from elsewhere', async () => {
    const policy = (await fetch(product.url)).headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toMatch(/https?:|\*/)
    expect(policy).not.toMatch(/script-src[^;]*unsafe-(inline|eval)/)
  })

  it('of the command room is named, worded and within the screen', async () => {
    const seat = await takeSeat(browser, product, 'commander', { path: '/sign-in' })
    const incidentId = await reportFight(seat)
    expect(
      await faultsOf(seat, [
        '/',
        `/?incident=${incidentId}`,
        '/intake',
        '/incidents',
        `/incidents/${incidentId}`,
        `/incidents/${incidentId}/report`,
        '/force',
        '/activation',
        '/replay',
        '/account',
      ]),
    ).toEqual([])
    await leave(seat)
  })

  it('of what is configured is named, worded and within the screen', async () => {
    const seat = await takeAdministratorsSeat(browser, product, 'sysadmin', '/admin')
    const parts = 'devices counters levels plan grading types intake-policies dispatch-policies'.split(' ')
    const registers = 'key-places areas sites webhooks'.split(' ')
    expect(
      await faultsOf(
        seat,
        [...parts, ...registers].map((part) => `/admin?part=${part}`),
      ),
    ).toEqual([])
    await leave(seat)
  })

  it('of accounts and audit is named, worded and within the screen', async () => {
    const security = await takeAdministratorsSeat(browser, product, 'secadmin', '/admin')
    expect(await faultsOf(security, ['/admin?part=accounts'])).toEqual([])
    await leave(security)
    const audit = await takeAdministratorsSeat(browser, product, 'auditadmin', '/admin')
    expect(await faultsOf(audit, ['/admin?part=audit', '/account'])).toEqual([])
    await leave(audit)
  })

  it('that is not there says so and leads back', async () => {
    const seat = await takeSeat(browser, product, 'commander', { path: '/nowhere' })
    await seat.page.getByRole('heading', { name: '没有这个页面' }).waitFor()
    await seat.page.getByRole('link', { name: '回到实时指挥' }).click()
    await seat.page.getByText('街面警力占比').waitFor()
    await leave(seat)
  })
})

/** All that is wrong with the pages, each seen in one language and then in the other. */
async function faultsOf(seat: Seat, paths: readonly string[]): Promise<readonly string[]> {
  const { page } = seat
  const faults: string[] = []
  for (const path of paths) {
    await seat.open(path)
    for (let look = 0; look < 2; look++) {
      await settled(page)
      const language = await page.locator('html').getAttribute('lang')
      const note = (fault: string) => faults.push(`${path} in ${language}: ${fault}`)
      for (const line of await nameless(page.locator('body'))) note(`no name: ${line.trim()}`)
      for (const key of await textless(page)) note(`no text: ${key}`)
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: width === 360 ? 740 : 720 })
        const over = await overflow(page)
        if (over > 0) note(`${over} px too wide at ${width}`)
      }
      await page.setViewportSize({ width: 1440, height: 900 })
      if (look === 0) await switchLanguage(seat)
    }
  }
  return faults
}

async function switchLanguage({ page }: Seat): Promise<void> {
  const isChinese = (await page.locator('html').getAttribute('lang')) === 'zh-CN'
  await page.getByRole('button', { name: isChinese ? '账户' : 'Account', exact: true }).click()
  await page.getByText(isChinese ? 'English' : '中文', { exact: true }).click()
  await page.locator(`html[lang=${isChinese ? 'en' : 'zh-CN'}]`).waitFor()
  await page.getByRole('button', { name: isChinese ? 'Account' : '账户', exact: true }).click()
}

async function leave(seat: Seat): Promise<void> {
  expect(seat.faults).toEqual({ errors: [], foreignRequests: [] })
  await seat.close()
}

async function reportFight(seat: Seat): Promise<string> {
  const { places } = await seat.call<{ places: { lon: number; lat: number }[] }>(
    'GET',
    `/api/place-search?q=${encodeURIComponent('人民广场')}`,
  )
  const { lon, lat } = places[0]!
  const { incident } = await seat.call<{ incident: { id: string } }>('POST', '/api/reports', {
    origin: 'citizen',
    typeCode: '0201',
    position: { lon, lat },
    address: '人民广场',
    summary: '打架',
    circumstances: ['weapon'],
  })
  return incident.id
}
