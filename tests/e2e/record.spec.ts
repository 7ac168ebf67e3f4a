import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Product } from '../browser.ts'
import { startDemonstrated } from '../demonstrated.ts'
import { button, pick, save } from './forms.ts'
import { setUp, takeSeat, type Seat } from './people.ts'

let product: Product
let browser: Browser
let seat: Seat
let page: Page
let url: string

const CALLER = '宋女士'

beforeAll(async () => {
  product = await startDemonstrated()
  browser = await openBrowser()
  await setUp(product)
  seat = await takeSeat(browser, product, 'dispatcher', { path: '/intake' })
  page = seat.page
})
afterAll(async () => {
  await seat?.close()
  await browser?.close()
  await product?.remove()
})

/** What is written down of an incident while it lasts, each form by hand. */
describe('the record of an incident', () => {
  it('begins with a call whose place is pressed on the map, and with who called', async () => {
    await pick(page, page.getByLabel('警情类别'), '打架斗殴')
    await page.locator('[data-map-ready=true]').waitFor()
    await page.getByRole('button', { name: /^地图选点/ }).click()
    await page.getByRole('region', { name: '选点地图' }).click({ position: { x: 200, y: 150 } })
    await page.getByText(/^✓ 113\./).waitFor()
    await page.getByLabel('案情').fill('两人争执')
    await page.getByLabel('涉及人数').fill('2')
    await page.getByLabel('报警人').fill(CALLER)
    await page.getByLabel('联系电话').fill('555-0123')
    await page.getByRole('button', { name: /^提\s?交/ }).click()
    await page.waitForURL('**/incidents/*')
    url = page.url()
    await region('响应等级').getByText('建议一般').waitFor()
  })

  it('shows who called only to one who asks for it', async () => {
    const facts = region('警情要素')
    await facts.getByText('两人争执').first().waitFor()
    expect(await facts.getByText(CALLER).count()).toBe(0)
    await button(facts, '查看报警人（记入审计）').click()
    await facts.getByText(CALLER).waitFor()
  })

  it('takes another level than the proposed one, with the reason', async () => {
    await region('响应等级')
      .getByRole('button', { name: /^改定等级/ })
      .click()
    await sayWhy('人数不明，先按复杂')
    await region('响应等级').getByText('已定级').waitFor()
    await region('响应等级').getByText('复杂', { exact: true }).waitFor()
    await region('响应等级')
      .getByRole('button', { name: /^降\s?级/ })
      .click()
    await sayWhy('现场仅两人')
    await region('响应等级').getByText('一般', { exact: true }).waitFor()
  })

  it('takes a correction of what is known', async () => {
    await button(region('警情要素'), '更正').click()
    const dialog = page.getByRole('dialog', { name: '更正' })
    await dialog.getByLabel('案情').fill('三人争执，一人持棍')
    await dialog.getByLabel('涉及人数').fill('3')
    await pick(page, dialog.getByLabel('情形'), '持械')
    await page.keyboard.press('Escape')
    await save(dialog)
    await region('警情要素').getByText('三人争执，一人持棍').first().waitFor()
  })

  it('takes a note, medical help and a use of force', async () => {
    const record = region('记录')
    await record.getByLabel('备注', { exact: true }).fill('已联系物业')
    await button(record, '备注').click()
    await story('已联系物业')
    await button(record, '医疗救助').click()
    const help = page.getByRole('dialog', { name: '医疗救助' })
    await pick(page, help.getByLabel('种类'), '现场急救')
    await help.getByLabel('备注').fill('包扎后无大碍')
    await save(help)
    await story('包扎后无大碍')
    await button(record, '使用武力').click()
    const force = page.getByRole('dialog', { name: '使用武力' })
    await pick(page, force.getByLabel('单元'), '城东01')
    await force.getByLabel('必要性说明').fill('持棍者拒不放下')
    await force.getByLabel('事先警告（或为何未警告）').fill('口头警告两次')
    await save(force)
    await story('持棍者拒不放下')
  })

  it('is merged into another, opened again, and closed without anybody on the scene', async () => {
    await seat.call('POST', '/api/reports', {
      origin: 'citizen',
      typeCode: '0201',
      position: { lon: 113.6, lat: 34.1 },
      address: '合并目标',
      summary: '',
      circumstances: [],
    })
    await more('合并到其他警情')
    const dialog = page.getByRole('dialog')
    await pick(page, dialog.getByLabel('并入'), '合并目标')
    await sayWhy('同一起')
    await page.getByRole('link', { name: '查看并入的警情' }).waitFor()
    await more('重新打开')
    await sayWhy('并非同一起')
    await page.getByRole('link', { name: '查看并入的警情' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^结案（X）/ }).click()
    const closing = page.getByRole('dialog')
    await pick(page, closing.getByLabel('处置结果'), '误报')
    await sayWhy('当事人已离开')
    await page.getByText('已结案').first().waitFor()
  })

  it('tells all of it, with who did it, in its story and its report', async () => {
    for (const told of ['人数不明，先按复杂', '已联系物业', '包扎后无大碍', '同一起', '并非同一起', '林晓梅'])
      await story(told)
    await page.goto(`${url}/report`)
    await page.getByText('持棍者拒不放下').first().waitFor()
    expect(await page.getByText(CALLER).count()).toBe(0)
  })
})

describe('the people of a shift', () => {
  it('are called on and off duty at the roll call', async () => {
    await seat.open('/force')
    await page.getByRole('tab', { name: /^人员 \d+$/ }).click()
    await button(page, '列队点名').click()
    const roll = page.getByRole('dialog', { name: '列队点名' })
    await pick(page, roll.getByLabel('单位'), '城关派出所')
    await button(roll, '全到').click()
    await roll.getByRole('button', { name: /^上勤 [1-9]\d* 人/ }).click()
    await roll.waitFor({ state: 'hidden' })
  })

  it('change the status of a unit by the room, and its history says so', async () => {
    await page.getByRole('tab', { name: /^巡逻单元 \d+$/ }).click()
    const unit = page.getByRole('row', { name: /特巡01/ })
    await unit.getByRole('button', { name: /^变更状态/ }).click()
    await page.getByRole('menuitem', { name: /休整/ }).click()
    await unit.getByText('休整').waitFor()
    await button(unit, '状态记录').click()
    await page
      .getByRole('dialog', { name: /状态记录/ })
      .getByText(/休整/)
      .first()
      .waitFor()
  })

  it('made no page complain and asked nobody else for anything', () => {
    expect(seat.faults).toEqual({ errors: [], foreignRequests: [] })
  })
})

const region = (name: string): Locator => page.getByRole('region', { name, exact: true })

const story = (told: string) => region('处置经过').getByText(told).first().waitFor()

async function sayWhy(reason: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('理由').fill(reason)
  await page.keyboard.press('Control+Enter')
  await dialog.waitFor({ state: 'hidden' })
}

async function more(choice: string): Promise<void> {
  await page.getByRole('button', { name: /▾$/ }).filter({ hasNotText: '账户' }).last().click()
  await page.getByRole('menuitem', { name: choice }).click()
}
