import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Product } from '../browser.ts'
import { startDemonstrated } from '../demonstrated.ts'
import { button, pick, save } from './forms.ts'
import { PASSWORD, setUp, takeAdministratorsSeat, takeSeat, type Seat } from './people.ts'

let product: Product
let browser: Browser
let security: Seat
let commander: Seat
let chief: Seat
let page: Page

beforeAll(async () => {
  product = await startDemonstrated()
  browser = await openBrowser()
  await setUp(product)
  security = await takeAdministratorsSeat(browser, product, 'secadmin', '/admin?part=accounts')
  commander = await takeSeat(browser, product, 'commander', { path: '/account' })
})
afterAll(async () => {
  await chief?.close()
  await commander?.close()
  await security?.close()
  await browser?.close()
  await product?.remove()
})

/** An account that is one station's: what it sees, what it may, and what is written down of it. */
describe('the chief of a station', () => {
  it('is given his station by the security administrator', async () => {
    await button(security.page, '新建账户').click()
    const dialog = security.page.getByRole('dialog', { name: '新建账户' })
    await dialog.getByLabel('用户名').fill('chengdong')
    await dialog.getByLabel('姓名', { exact: true }).fill('赵立冬')
    await dialog.getByLabel('口令', { exact: true }).fill(PASSWORD)
    await pick(security.page, dialog.getByLabel('角色', { exact: true }), '所长')
    await pick(security.page, dialog.getByLabel('管辖单位', { exact: true }), '城东派出所')
    await save(dialog)
    await security.page.getByRole('row', { name: /chengdong.*所长（城东派出所）/ }).waitFor()
    chief = await takeSeat(browser, product, 'chengdong')
    page = chief.page
    await page.getByText('所长 · 城东派出所').waitFor()
  })

  it('hears of his own station’s incidents as they happen, and of no other’s', async () => {
    await page.getByRole('status').filter({ hasText: /^实时/ }).waitFor()
    await report('河西派出所', '河西旧货市场')
    const own = await report('城东派出所', '城东菜场')
    await page.getByText('城东菜场').first().waitFor()
    expect(await page.getByText('河西旧货市场').count()).toBe(0)
    await chief.open('/incidents')
    await page.getByRole('row', { name: /城东菜场/ }).waitFor()
    expect(await page.getByRole('row', { name: /河西旧货市场/ }).count()).toBe(0)
    await chief.open(`/incidents/${own}`)
    await page.getByRole('heading', { name: /打架斗殴/ }).waitFor()
  })

  it('does not learn of another station’s incident by any way in', async () => {
    const foreign = await report('河西派出所', '河西汽修厂')
    await chief.open(`/incidents/${foreign}`)
    await page.getByRole('alert').getByText('没有找到').waitFor()
    expect(await page.getByText('河西汽修厂').count()).toBe(0)
    await chief.open(`/incidents/${foreign}/report`)
    await page.getByRole('alert').getByText('没有找到').waitFor()
    const pdf = await page.request.get(`${product.url}/api/incidents/${foreign}/report.pdf`)
    expect(pdf.status()).toBe(404)
  })

  it('sees the units of every department, and the names of his own people only', async () => {
    await chief.open('/force')
    for (const callSign of [/城东01/, /河西01/]) await page.getByRole('row', { name: callSign }).waitFor()
    await page.getByRole('tab', { name: /^人员 \d+$/ }).click()
    await button(page, '显示姓名（记入审计）').click()
    await page.getByRole('columnheader', { name: '姓名' }).waitFor()
    const named = await nameColumn('城东派出所')
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => name === '—' || name === '')).toEqual([])
    const foreign = await nameColumn('河西派出所')
    expect(foreign.length).toBeGreaterThan(0)
    expect(foreign.filter((name) => name !== '—' && name !== '')).toEqual([])
  })

  it('lends a unit of his own, and is refused another station’s in words', async () => {
    await page.getByRole('tab', { name: /^巡逻单元 \d+$/ }).click()
    await lend('城东01', '城关派出所')
    await page
      .getByRole('row', { name: /城东01/ })
      .getByText('（借自城东派出所）')
      .waitFor()
    await lend('河西01', '城东派出所')
    await page.getByText('超出您的管辖单位范围').first().waitFor()
    await button(page.getByRole('dialog', { name: '借出 河西01' }), '取消').click()
  })

  it('finds neither accounts nor audit among his pages, nor behind their addresses', async () => {
    await chief.open('/admin?part=accounts')
    const parts = page.getByRole('navigation', { name: '管理' })
    await parts.waitFor()
    expect(await parts.innerText()).not.toMatch(/账户|审计/)
    for (const path of ['/api/accounts', '/api/audit'])
      expect((await page.request.get(product.url + path)).status(), path).toBe(403)
  })

  it('has left each reading of names and each lending in the audit log, for the audit administrator', async () => {
    const audit = await takeAdministratorsSeat(browser, product, 'auditadmin', '/admin?part=audit')
    const { page: log } = audit
    await log
      .getByRole('row', { name: /赵立冬.*force\.read-persons/ })
      .first()
      .waitFor()
    await log
      .getByRole('row', { name: /赵立冬.*loan\.|赵立冬.*lend/ })
      .first()
      .waitFor()
    await button(log, '验证完整性').click()
    await log.getByRole('status').filter({ hasText: '✓' }).waitFor()
    await audit.close()
  })

  it('is out at once when his account is closed', async () => {
    await chief.open('/')
    await page.getByRole('status').filter({ hasText: /^实时/ }).waitFor()
    await button(security.page.getByRole('row', { name: /chengdong/ }), '停用').click()
    await button(security.page.locator('.ant-popover'), '确定').click()
    await page.getByRole('heading', { name: '登录' }).waitFor()
    await page.getByText('登录已失效，请重新登录').waitFor()
  })
})

/** A fight in the middle of a station's district; gives the incident's id. */
async function report(station: string, address: string): Promise<string> {
  const { areas } = await commander.call<{
    areas: { kind: string; name: string; ring: [number, number][] }[]
  }>('GET', '/api/areas')
  const { ring } = areas.find(({ kind, name }) => kind === 'station' && name.startsWith(station))!
  const middle = (axis: 0 | 1) => ring.reduce((sum, corner) => sum + corner[axis], 0) / ring.length
  const { incident } = await commander.call<{ incident: { id: string } }>('POST', '/api/reports', {
    origin: 'citizen',
    typeCode: '0201',
    position: { lon: middle(0), lat: middle(1) },
    address,
    summary: '',
    circumstances: [],
  })
  return incident.id
}

/** What stands under the name of each officer of a department on the page shown. */
async function nameColumn(department: string): Promise<readonly string[]> {
  await pick(page, page.getByLabel('按单位筛选'), department)
  await page.keyboard.press('Escape')
  const rows = page.getByRole('tabpanel', { name: /^人员/ }).getByRole('row').filter({ hasText: department })
  await rows.first().waitFor()
  const headers = await page
    .getByRole('tabpanel', { name: /^人员/ })
    .getByRole('columnheader')
    .allInnerTexts()
  const at = headers.findIndex((header) => header.trim() === '姓名')
  const names: string[] = []
  for (const row of await rows.all()) names.push((await row.getByRole('cell').nth(at).innerText()).trim())
  await page.getByLabel('按单位筛选').focus()
  await page.keyboard.press('Backspace')
  return names
}

async function lend(callSign: string, to: string): Promise<void> {
  const row = page.getByRole('row', { name: new RegExp(callSign) })
  await button(row, '借出').click()
  const dialog = page.getByRole('dialog', { name: `借出 ${callSign}` })
  await pick(page, dialog.getByLabel('借入单位'), to)
  await dialog.getByLabel('理由').fill('增援')
  await page.keyboard.press('Control+Enter')
}
