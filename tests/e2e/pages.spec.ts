import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Product } from '../browser.ts'
import { startDemonstrated } from '../demonstrated.ts'
import { setUp, takeAdministratorsSeat, takeSeat, type Seat } from './people.ts'
import { nameless, overflow, settled, textless } from './screens.ts'

let product: Product
let browser: Browser

beforeAll(async () => {
  product = await startDemonstrated()
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
    const seat = await takeSeat(browser, product, 'commander', { path: '/sign-in', viewport: DESK })
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
        '/roster',
        '/roster/patterns',
        '/roster/preview',
        '/my-roster',
        '/activation',
        '/analysis',
        '/replay',
        '/account',
      ]),
    ).toEqual([])
    await leave(seat)
  })

  it('of what is configured is named, worded and within the screen', async () => {
    const seat = await takeAdministratorsSeat(browser, product, 'sysadmin', '/admin', { viewport: DESK })
    const parts =
      'devices counters levels plan grading types intake-policies dispatch-policies order-rules analysis'.split(
        ' ',
      )
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
    const security = await takeAdministratorsSeat(browser, product, 'secadmin', '/admin', { viewport: DESK })
    expect(await faultsOf(security, ['/admin?part=accounts'])).toEqual([])
    await leave(security)
    const audit = await takeAdministratorsSeat(browser, product, 'auditadmin', '/admin', { viewport: DESK })
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

const DESK = { width: 1280, height: 720 }
const PHONE = { width: 360, height: 740 }

/** All that is wrong with the pages, each seen in one language and then, on the phone, in the other. */
async function faultsOf(seat: Seat, paths: readonly string[]): Promise<readonly string[]> {
  const { page } = seat
  const faults: string[] = []
  for (const path of paths) {
    const look = async ({ width }: { width: number }) => {
      await settled(page)
      const language = await page.locator('html').getAttribute('lang')
      const over = await overflow(page)
      faults.push(
        ...(await nameless(page.locator('body'))).map(
          (line) => `${path} in ${language}: no name: ${line.trim()}`,
        ),
        ...(await textless(page)).map((key) => `${path} in ${language}: no text: ${key}`),
        ...(over > 0 ? [`${path} in ${language}: ${over} px too wide at ${width}`] : []),
      )
    }
    await seat.open(path)
    await look(DESK)
    await page.setViewportSize(PHONE)
    await look(PHONE)
    await switchLanguage(seat)
    await look(PHONE)
    await page.setViewportSize(DESK)
    await look(DESK)
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
