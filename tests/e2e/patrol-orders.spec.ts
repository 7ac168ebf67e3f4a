import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Product } from '../browser.ts'
import { startDemonstrated } from '../demonstrated.ts'
import { PASSWORD, setUp, takeAdministratorsSeat, takeSeat, type Seat } from './people.ts'
import { nameless, overflow, settled, textless } from './screens.ts'

let product: Product
let browser: Browser
let analyst: Seat
let commander: Seat
let crew: Seat
let callSign: string

interface UnitSeen {
  readonly id: string
  readonly callSign: string
  readonly memberOfficerIds: readonly string[]
}

beforeAll(async () => {
  product = await startDemonstrated()
  browser = await openBrowser()
  await setUp(product)
  commander = await takeSeat(browser, product, 'commander', { path: '/orders' })
  const { units } = await commander.call<{ units: UnitSeen[] }>('GET', '/api/units')
  const unit = units.find(({ memberOfficerIds }) => memberOfficerIds.length > 0)!
  callSign = unit.callSign
  const security = await takeAdministratorsSeat(browser, product, 'secadmin', '/account')
  for (const [username, name, role, officerId] of [
    ['analyst', '方研判', 'analyst', null],
    ['crew', '何巡逻', 'officer', unit.memberOfficerIds[0]!],
  ])
    await security.call('POST', '/api/accounts', {
      ...{ username, name, kind: 'person', password: PASSWORD, officerId },
      grants: [{ role, organisationId: null }],
    })
  await security.close()
  analyst = await takeSeat(browser, product, 'analyst', { path: '/orders' })
  crew = await takeSeat(browser, product, 'crew', {
    path: '/my-orders',
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
  })
})
afterAll(async () => {
  for (const seat of [analyst, commander, crew]) await seat?.close()
  await browser?.close()
  await product?.remove()
})

/** A step of the journey as a picture, where somebody wants to look: `PICTURES=folder`. */
async function picture({ page }: Seat, name: string): Promise<void> {
  const folder = process.env['PICTURES']
  if (folder) await page.screenshot({ path: `${folder}/orders-${name}.png` })
}

describe('a directed patrol order', () => {
  it('is proposed by the analyst on the map', async () => {
    const { page } = analyst
    await page.getByText('没有等待审批的指令').waitFor()
    await page.locator('[data-map-ready="true"]').waitFor()
    await page.getByRole('button', { name: '新建指令' }).click()
    const form = page.getByRole('region', { name: '新建指令' })
    await form.getByLabel('地点名称').fill('人民路口')
    const canvas = page.locator('.orders-map canvas')
    const coordinates = () => page.locator('.order-position').textContent()
    const first = await coordinates()
    await canvas.click({ position: { x: 260, y: 300 } })
    await expect.poll(coordinates).not.toBe(first)
    const set = await coordinates()
    const box = (await canvas.boundingBox())!
    await page.mouse.move(box.x + 260, box.y + 300)
    await page.mouse.down()
    await page.mouse.move(box.x + 300, box.y + 300, { steps: 4 })
    await page.mouse.up()
    await expect.poll(coordinates).not.toBe(set)
    // East along the same latitude, and no farther once it was let go.
    const dragged = (await coordinates())!
    await page.mouse.move(box.x + 400, box.y + 400, { steps: 2 })
    expect(await coordinates()).toBe(dragged)
    expect(Number(dragged.split(',')[0])).toBeGreaterThan(Number(set!.split(',')[0]))
    await form.getByLabel('受令单元').fill(callSign)
    await page
      .locator('.ant-select-dropdown')
      .getByTitle(new RegExp(`^${callSign} ·`))
      .click()
    await page.keyboard.press('Escape')
    await form.getByPlaceholder('为什么要在此时此地巡查').fill('近两周傍晚电动车被盗多发')
    await form.getByLabel('时段起').fill('00:00')
    await form.getByLabel('时段止').fill('00:00')
    await form.getByRole('button', { name: /用建议值：12 次/ }).click()
    await picture(analyst, 'editor')
    await form.getByRole('button', { name: '提交审批（1 份）' }).click()
    await page.getByRole('region', { name: '指令详情' }).getByText('方研判 提交审批').waitFor()
    const { orders } = await analyst.call<{ orders: { place: { lon: number; lat: number } }[] }>(
      'GET',
      '/api/patrol-orders?state=proposed',
    )
    expect(orders).toHaveLength(1)
    await picture(analyst, 'proposed')
  })

  it('is approved by the commander, and gets its number', async () => {
    const { page } = commander
    await page.getByRole('checkbox', { name: '选择：人民路口' }).check()
    await picture(commander, 'waiting')
    await page.getByRole('button', { name: '批准所选 1 份' }).click()
    await page.getByRole('button', { name: /^执行中/ }).click()
    await page.getByRole('button', { name: /XD-\d{4}-0001/ }).click()
    await page
      .getByRole('region', { name: '指令详情' })
      .getByText(/已送达，未阅/)
      .waitFor()
  })

  it('is read by the crew on a phone, and its receipt comes back', async () => {
    const { page } = crew
    const now = page.getByRole('region', { name: '现在' })
    await now.getByText('人民路口').waitFor()
    await picture(crew, 'phone-unread')
    expect(await overflow(page)).toBe(0)
    await now.getByRole('button', { name: /人民路口/ }).click()
    await now.getByText('近两周傍晚电动车被盗多发').waitFor()
    await now.getByText(/已阅/).waitFor()
    await picture(crew, 'phone-read')
    await commander.page.getByText('已阅 1 / 1').waitFor()
    await commander.page.getByText(`${callSign} 何巡逻 已阅`).waitFor()
    await settled(commander.page)
    await picture(commander, 'in-force')
  })

  it('is gone from the phone the moment it is withdrawn', async () => {
    const { page } = commander
    await page
      .getByRole('button', { name: '撤 回' })
      .or(page.getByRole('button', { name: '撤回' }))
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('理由').fill('嫌疑人已抓获')
    await dialog.getByRole('button', { name: /撤\s?回/ }).click()
    await crew.page.getByText(/指令 XD-\d{4}-0001 已撤回/).waitFor()
    await crew.page.getByText('目前没有派给本单元的巡查指令').waitFor()
    await picture(crew, 'phone-withdrawn')
  })

  it('is gone from a phone without network at its expiry, and the page says how old it is', async () => {
    const { page } = crew
    const expiresAt = new Date(Date.now() + 5_000).toISOString()
    await page.route('**/api/my-patrol-orders', async (route) => {
      const answer = (await (await route.fetch()).json()) as { orders: unknown[] }
      const order = {
        ...EXPIRING,
        expiresAt,
        occurrences: [{ ...EXPIRING.occurrences[0]!, endsAt: expiresAt }],
      }
      await route.fulfill({ json: { ...answer, orders: [order] } })
    })
    await page.reload()
    await page.getByText('体育场东门').waitFor()
    await page.unroute('**/api/my-patrol-orders')
    await page.context().setOffline(true)
    await page.getByText('体育场东门').waitFor({ state: 'detached' })
    await page.getByText(/更新于/).waitFor()
    await page.context().setOffline(false)
  })

  it('is drafted from stops of the analysis with its evidence, hours and dosage', async () => {
    const { page } = analyst
    let runId: string | null = null
    while (runId === null)
      runId = (await analyst.call<{ plannedRunId: string | null }>('GET', '/api/analysis-runs')).plannedRunId
    await analyst.open(`/orders?new=${runId}:2:1,${runId}:2:2`)
    const form = page.getByRole('region', { name: '新建指令' })
    await form.getByText('新建指令 1 / 2').waitFor()
    await form.getByText(/研判停靠点第 1 位（第 3 班）：预计 [\d.]+ 起/).waitFor()
    await form.getByRole('button', { name: '存为草稿（2 份）' }).click()
    await page.getByRole('region', { name: '指令详情' }).getByText('方研判 拟稿').first().waitFor()
    await settled(page)
    await picture(analyst, 'drafts')
  })

  it('is named, worded and within the screen, on a phone and on a desk, in both languages', async () => {
    const { page } = commander
    const faults: unknown[] = []
    for (const [language, width, path] of [
      ['zh-CN', 360, '/orders'],
      ['en', 1280, '/orders'],
      ['en', 360, '/my-orders'],
      ['zh-CN', 1280, '/'],
    ] as const) {
      await page.evaluate(
        (chosen) => localStorage.setItem('xunfang.language', JSON.stringify(chosen)),
        language,
      )
      await page.setViewportSize({ width, height: 800 })
      await commander.open(path)
      await settled(page)
      await page.keyboard.press('Alt+t')
      await picture(commander, `${language}-${width}${path.replaceAll('/', '-')}`)
      faults.push(...(await nameless(page.locator('body'))), ...(await textless(page)))
      if ((await overflow(page)) > 0) faults.push([language, width, path, await overflow(page)])
    }
    expect(faults).toEqual([])
    for (const { faults: found } of [analyst, commander])
      expect(found).toEqual({ errors: [], foreignRequests: [] })
  })
})

/** What a server might answer that is about to be cut off. */
const EXPIRING = {
  id: 'expiring',
  number: 'XD-2026-0099',
  place: { lon: 113.6, lat: 34.7, radiusMetres: 85, label: '体育场东门' },
  category: null,
  startsAt: new Date(Date.now() - 3_600_000).toISOString(),
  expiresAt: '',
  band: { fromMinute: 0, untilMinute: 1440, weekdays: [] },
  dosage: { visits: 2, minutesPerVisit: 12 },
  reason: '散场人流',
  evidence: [],
  issuedAt: new Date().toISOString(),
  readAt: null,
  occurrences: [
    {
      startsAt: new Date(Date.now() - 3_600_000).toISOString(),
      endsAt: '',
      ...{ askedVisits: 2, askedSeconds: 1440, visits: 0, seconds: 0, otherVisits: 0, unknownSeconds: 0 },
      ...{ outcome: 'under-way', ownVisits: 0, ownSeconds: 0 },
    },
  ],
}
