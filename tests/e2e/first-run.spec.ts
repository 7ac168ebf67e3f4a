import { generateSync } from 'otplib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage, startProduct, type Product } from '../browser.ts'
import { PASSWORD, takeSeat } from './people.ts'

let product: Product
let browser: Browser

beforeAll(async () => {
  product = await startProduct({ args: ['--no-play'] })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.remove()
})

describe('a first start', () => {
  it('is ready when it prints its address', async () => {
    expect((await fetch(`${product.url}/healthz`)).status).toBe(200)
    expect(product.setupUrl).toMatch(/\/setup\?token=/)
  })

  it('lets nobody in before set-up, and leads there', async () => {
    const { page, close } = await openPage(browser, `${product.url}/force`)
    await page.getByRole('link', { name: '进行首次设置' }).click()
    await page.getByRole('heading', { name: '首次设置' }).waitFor()
    expect(await page.getByLabel('设置令牌').inputValue()).toBe('')
    await close()
  })

  it('shows set-up in Chinese, without an error and without asking anyone else for anything', async () => {
    const { page, faults, close } = await openPage(browser, product.setupUrl!)
    await page.getByRole('heading', { name: '首次设置' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    expect(await page.getByLabel('设置令牌').inputValue()).toHaveLength(12)
    expect(faults).toEqual({ errors: [], foreignRequests: [] })
    await close()
  })

  it('creates no account while a password was typed wrongly or is too short', async () => {
    const { page, close } = await openPage(browser, product.setupUrl!)
    await fillIn(page)
    await page.getByLabel('再次输入口令').nth(1).fill('something else')
    await page.getByLabel('口令', { exact: true }).nth(2).fill('short')
    await page.getByRole('button', { name: '建立账户' }).click()
    await page.getByText('两次输入不一致').first().waitFor()
    await page.getByText('至少 10 个字符').first().waitFor()
    expect(await (await fetch(`${product.url}/api/setup`)).json()).toEqual({ needed: true })
    await close()
  })

  it('takes set-up, and the duty commander signs in to the live board', async () => {
    const { page, faults, close } = await openPage(browser, product.setupUrl!)
    await fillIn(page)
    await page.getByRole('button', { name: '建立账户' }).click()
    await signIn(page, 'commander')
    await page.getByRole('region', { name: '实时态势图' }).first().waitFor()
    await page.getByText('街面警力占比').waitFor()
    expect(faults).toEqual({ errors: [], foreignRequests: [] })
    await close()
  })

  it('is set up once only', async () => {
    const { page, close } = await openPage(browser, product.setupUrl!)
    await page.getByText('首次设置已经完成').waitFor()
    await close()
  })
})

describe('an administrator', () => {
  it('sees nothing before the second factor is enrolled, and needs its code from then on', async () => {
    const { page, faults, close } = await openPage(browser, `${product.url}/sign-in`)
    await signIn(page, 'secadmin')
    await page.getByRole('heading', { name: '启用动态验证码' }).waitFor()
    await page.goto(`${product.url}/admin`)
    await page.getByRole('heading', { name: '启用动态验证码' }).waitFor()
    await page.getByRole('button', { name: '开始' }).click()
    await page.getByRole('img', { name: '动态验证码二维码' }).waitFor()
    const secret = (await page.locator('code').innerText()).replaceAll(' ', '')
    await page.getByLabel('输入应用显示的 6 位数字以确认').fill(generateSync({ secret }))
    await page.getByRole('button', { name: '确认启用' }).click()
    await page.getByRole('button', { name: '新建账户' }).waitFor()
    expect(await page.getByRole('link', { name: '实时指挥' }).count()).toBe(0)

    await page.getByRole('button', { name: '账户', exact: true }).click()
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.waitForURL(`${product.url}/sign-in`)
    expect(faults).toEqual({ errors: [], foreignRequests: [] })
    await signIn(page, 'secadmin')
    // A code counts once: the app's next one, which the server's tolerance for clocks already takes.
    const next = generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 })
    await page.getByLabel('动态验证码').fill(next)
    await page.getByRole('button', { name: '验证' }).click()
    await page.getByRole('button', { name: '新建账户' }).waitFor()
    await close()
  })
})

describe('a session that is over', () => {
  it('leads to the sign-in and from there back to where one was', async () => {
    const seat = await takeSeat(browser, product, 'commander', { path: '/incidents' })
    const { page } = seat
    await page.getByRole('heading', { name: '警情' }).waitFor()
    await seat.call('DELETE', '/api/session')
    await page.reload()
    await signIn(page, 'commander')
    await page.waitForURL(`${product.url}/incidents`)
    await page.getByRole('heading', { name: '警情' }).waitFor()
    await seat.close()
  })
})

/** The form proposes usernames and names; the passwords are the people's own. */
async function fillIn(page: Page): Promise<void> {
  const passwords = page.getByLabel('口令', { exact: true })
  const repeats = page.getByLabel('再次输入口令')
  await passwords.first().waitFor()
  const accounts = await passwords.count()
  expect(accounts).toBe(5)
  for (let index = 0; index < accounts; index++) {
    await passwords.nth(index).fill(PASSWORD)
    await repeats.nth(index).fill(PASSWORD)
  }
}

async function signIn(page: Page, username: string): Promise<void> {
  await page.getByRole('heading', { name: '登录' }).waitFor()
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('口令', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: /^登\s*录$/ }).click()
}
