import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage, startProduct, type Product } from '../browser.ts'

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

  it('shows a page in Chinese, without an error and without asking anyone else for anything', async () => {
    const { page, faults, close } = await openPage(browser, product.setupUrl!)
    await page.getByRole('textbox').first().waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    expect(await page.locator('body').innerText()).toMatch(/[\u4e00-\u9fff]{2}/)
    expect(faults).toEqual({ errors: [], foreignRequests: [] })
    await close()
  })
})
