import { generateSync } from 'otplib'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser, openPage, type PageFaults, type Product } from '../browser.ts'
import { startDemonstrated } from '../demonstrated.ts'

/** The accounts of a first set-up, by the name with which they sign in. */
export const ACCOUNTS = {
  commander: { name: '陈建国', role: 'duty-commander' },
  dispatcher: { name: '林晓梅', role: 'dispatcher' },
  sysadmin: { name: '周文博', role: 'system-admin' },
  secadmin: { name: '吴安平', role: 'security-admin' },
  auditadmin: { name: '郑明远', role: 'audit-admin' },
} as const

export const PASSWORD = 'lantern-on-the-river-41'

/** First-run set-up without its form, which has a journey of its own. */
export async function setUp(product: Product): Promise<void> {
  const token = new URL(product.setupUrl!).searchParams.get('token')
  const accounts = Object.entries(ACCOUNTS).map(([username, account]) => ({
    username,
    password: PASSWORD,
    ...account,
  }))
  const answer = await fetch(`${product.url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, accounts }),
  })
  if (answer.status !== 201) throw new Error(`set-up answered ${answer.status}: ${await answer.text()}`)
}

/** Somebody before a screen, and the same session for what others do meanwhile. */
export interface Seat {
  readonly page: Page
  readonly faults: PageFaults
  /** Calls the API as this person. Throws where the answer is a refusal. */
  call<T>(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>
  /** Leads to another page by its address, as a bookmark does. */
  open(path: string): Promise<void>
  close(): Promise<void>
}

/** Signs in without the form and opens a page. */
export async function takeSeat(
  browser: Browser,
  product: Product,
  username: string,
  options: BrowserContextOptions & { path?: string; password?: string } = {},
): Promise<Seat> {
  const { path = '/', password = PASSWORD, ...context } = options
  const opened = await openPage(browser, product.url + path, {
    ...context,
    before: async ({ request }) => {
      const answer = await request.post(`${product.url}/api/session`, { data: { username, password } })
      if (!answer.ok()) throw new Error(`${username} cannot sign in: ${await answer.text()}`)
    },
  })
  const { page } = opened
  return {
    ...opened,
    async call(method, at, body) {
      const answer = await page.request.fetch(product.url + at, {
        method,
        ...(body === undefined ? {} : { data: body }),
      })
      if (!answer.ok()) throw new Error(`${method} ${at} answered ${answer.status()}: ${await answer.text()}`)
      const text = await answer.text()
      return (text === '' ? null : JSON.parse(text)) as never
    },
    open: async (at) => void (await page.goto(product.url + at)),
  }
}

/** A seat of one who needs a second factor, enrolled on the way. */
export async function takeAdministratorsSeat(
  browser: Browser,
  product: Product,
  username: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Seat> {
  const seat = await takeSeat(browser, product, username, { ...options, path: '/second-factor' })
  const { secret } = await seat.call<{ secret: string }>('POST', '/api/second-factor')
  await seat.call('POST', '/api/second-factor/confirm', { code: generateSync({ secret }) })
  await seat.open(path)
  return seat
}

/** The product without its players, one browser and one seat in it: all that a journey of one person needs. */
export interface OneSeat {
  readonly product: Product
  readonly browser: Browser
  readonly seat: Seat
  readonly page: Page
  close(): Promise<void>
}

export async function openOneSeat(
  username: string,
  options: Parameters<typeof takeSeat>[3],
): Promise<OneSeat> {
  const product = await startDemonstrated()
  const browser = await openBrowser()
  const close = async (seat?: Seat) => {
    await seat?.close()
    await browser.close()
    await product.remove()
  }
  try {
    await setUp(product)
    const seat = await takeSeat(browser, product, username, options)
    return { product, browser, seat, page: seat.page, close: () => close(seat) }
  } catch (fault) {
    await close()
    throw fault
  }
}
