import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Product } from '../browser.ts'
import { startDemonstrated } from '../demonstrated.ts'
import { button, pick, put, save } from './forms.ts'
import { nameless } from './screens.ts'
import { PASSWORD, setUp, takeAdministratorsSeat, takeSeat, type Seat } from './people.ts'

let product: Product
let browser: Browser
let seat: Seat
let page: Page

beforeAll(async () => {
  product = await startDemonstrated()
  browser = await openBrowser()
  await setUp(product)
  seat = await takeAdministratorsSeat(browser, product, 'sysadmin', '/force')
  page = seat.page
})
afterAll(async () => {
  await seat?.close()
  await browser?.close()
  await product?.remove()
})

/** Every form of the registers is filled in once and saved, opened again, changed and saved. */
describe('the register of the force', () => {
  it('takes an organisation, and another name for it', async () => {
    await openTab('单位')
    const dialog = await opened('新增单位')
    await dialog.getByLabel('中文名称').fill('城南派出所')
    await dialog.getByLabel('英文名称').fill('South Station')
    await dialog.getByLabel('机构代码').fill('S-SOUTH')
    await pick(page, dialog.getByLabel('上级单位'), '分局')
    await place(dialog)
    await save(dialog)
    const change = await openedOf(/城南派出所/)
    await change.getByLabel('英文名称').fill('Southern Station')
    await save(change)
    const led = await openedOf(/城东派出所/)
    await pick(page, led.getByLabel('值班领导'), /./)
    await save(led)
  })

  it('takes a vehicle', async () => {
    await openTab('车辆')
    const dialog = await opened('新增车辆')
    await dialog.getByLabel('车牌').fill('测A90001')
    await pick(page, dialog.getByLabel('类型'), '面包车')
    await pick(page, dialog.getByLabel('单位'), '城南派出所')
    await save(dialog)
    await find('测A90001')
    const change = await openedOf(/测A90001/)
    await change.getByLabel('车牌').fill('测A90002')
    await save(change)
    await find('测A90002')
    await row(/测A90002/).waitFor()
    await find('')
  })

  it('takes an officer', async () => {
    await openTab('人员')
    const dialog = await opened('新增人员')
    await dialog.getByLabel('警号').fill('T-9001')
    await pick(page, dialog.getByLabel('单位'), '城南派出所')
    await dialog.getByLabel('姓名').fill('杜一航')
    await dialog.getByLabel('电话').fill('555-0101')
    await pick(page, dialog.getByLabel('技能'), '急救')
    await page.keyboard.press('Escape')
    await save(dialog)
    await find('T-9001')
    const change = await openedOf(/T-9001/)
    await change.getByText('您的角色不能读取姓名和电话').waitFor()
    await change.getByLabel('警号').fill('T-9002')
    await save(change)
    await find('T-9002')
    await row(/T-9002/).waitFor()
    await find('')
  })

  it('takes a unit with its crew, its leader and its vehicle', async () => {
    await openTab('巡逻单元')
    const dialog = await opened('新建单元')
    await dialog.getByLabel('呼号').fill('城南01')
    await pick(page, dialog.getByLabel('单位'), '城南派出所')
    await pick(page, dialog.getByLabel('车辆'), '测A90002')
    await dialog.getByRole('button', { name: /^加入 T-9002/ }).click()
    await pick(page, dialog.getByLabel('带班民警'), 'T-9002')
    await pick(page, dialog.getByLabel('装备'), '盾牌')
    await save(dialog)
    await find('城南01')
    const change = await openedOf(/城南01/)
    await change.getByLabel('呼号').fill('城南02')
    await save(change)
    await find('城南02')
    await row(/城南02/).waitFor()
    await find('')
  })
})

describe('the register of places', () => {
  it('takes a site', async () => {
    await seat.open('/admin?part=sites')
    const dialog = await opened('新增单位')
    await dialog.getByLabel('名称').fill('河畔夜市')
    await dialog.getByLabel('行业').fill('集贸市场')
    await dialog.getByLabel('地址').fill('河畔路 9 号')
    await pick(page, dialog.getByLabel('单位'), '城南派出所')
    await place(dialog)
    await dialog.getByLabel('联系人').fill('石磊')
    await dialog.getByLabel('联系电话').fill('555-0199')
    await save(dialog)
    await page.getByLabel('名称、地址、行业').fill('河畔夜市')
    const change = await openedOf(/河畔夜市/)
    await change.getByLabel('地址').fill('河畔路 11 号')
    await save(change)
    await row(/河畔路 11 号/).waitFor()
  })

  it('takes an area drawn on the map', async () => {
    await seat.open('/admin?part=areas')
    const dialog = await opened('新增区域')
    await dialog.getByLabel('名称').fill('河畔巡区')
    const map = dialog.getByRole('region', { name: '边界' })
    await dialog.locator('[data-map-ready=true]').waitFor()
    const { width, height } = (await map.boundingBox())!
    for (const [x, y] of [
      [0.3, 0.3],
      [0.7, 0.3],
      [0.5, 0.7],
    ] as const)
      await map.click({ position: { x: width * x, y: height * y } })
    await dialog.getByText(/^3 个角点/).waitFor()
    await save(dialog)
    await page.getByLabel('区域名称').fill('河畔巡区')
    const change = await openedOf(/河畔巡区/)
    await pick(page, change.getByLabel('类型'), '重点区域')
    await pick(page, change.getByLabel('单位'), '城南派出所')
    await save(change)
    await row(/河畔巡区.*重点区域.*城南派出所/).waitFor()
  })

  it('takes a key place with the hours of its watch', async () => {
    await seat.open('/admin?part=key-places')
    const dialog = await opened('新增重点部位')
    await dialog.getByLabel('名称').fill('河畔渡口')
    await place(dialog)
    await dialog.getByLabel('半径（米）').fill('150')
    await dialog.getByLabel('无人时限（分钟）').fill('7')
    await dialog.getByRole('button', { name: '增加时段' }).click()
    await save(dialog)
    const change = await openedOf(/河畔渡口/)
    await change.getByLabel('要求单元数').fill('2')
    await save(change)
    await row(/河畔渡口.*08:00–22:00/).waitFor()
  })
})

describe('the register of devices', () => {
  it('takes a device and shows its secret once; it is handed out and taken back', async () => {
    await seat.open('/admin?part=devices')
    const dialog = await opened('登记设备')
    await dialog.getByLabel('设备标识').fill('tracker-9001')
    await dialog.getByLabel('名称').fill('城南一号')
    await pick(page, dialog.getByLabel('种类'), '定位器')
    await save(dialog)
    await secretShown('设备密钥')
    await page.getByLabel('标识、名称、携带者').fill('tracker-9001')
    await button(row(/tracker-9001/), '配发').click()
    const binding = page.getByRole('dialog', { name: '配发' })
    await pick(page, binding.getByLabel('携带者'), '城南02')
    await button(binding, '确定').click()
    await row(/tracker-9001.*城南02/).waitFor()
    await button(row(/tracker-9001/), '更换密钥').click()
    await button(page.locator('.ant-popover'), '确定').click()
    await secretShown('设备密钥')
    await button(row(/tracker-9001/), '收回').click()
    await row(/tracker-9001.*未配发/).waitFor()
    await button(row(/tracker-9001/), '停用').click()
    await row(/tracker-9001.*○/).waitFor()
  })
})

describe('what is configured', () => {
  it('takes other patrol levels', async () => {
    await seat.open('/admin?part=levels')
    await page.getByLabel('预计到位（分钟）').first().fill('25')
    expect(await put(page, page)).toBe(200)
    await page.reload()
    await expect.poll(() => page.getByLabel('预计到位（分钟）').first().inputValue()).toBe('25')
  })

  it('takes another response plan', async () => {
    await seat.open('/admin?part=plan')
    const units = page.getByLabel('单元数').first()
    await units.fill('3')
    await page.getByRole('button', { name: '增加一项' }).first().click()
    expect(await put(page, page)).toBe(200)
    await page.reload()
    await expect.poll(() => units.inputValue()).toBe('3')
  })

  it('takes a grading rule of one’s own and another threshold', async () => {
    await seat.open('/admin?part=grading')
    await page.getByRole('button', { name: '新增规则' }).click()
    const dialog = page.getByRole('dialog', { name: '新增规则' })
    await dialog.getByLabel('规则编号').fill('festival')
    await dialog.getByLabel('中文名').fill('节日人群')
    await dialog.getByLabel('人数 ≥').fill('50')
    await dialog.getByLabel('起始小时').fill('18')
    await dialog.getByLabel('结束小时').fill('23')
    await button(dialog, '确定').click()
    await row(/festival/).waitFor()
    expect(await put(page.getByRole('main'), page)).toBe(200)
    await page.getByText('已按本单位修改').waitFor()
    await row(/festival.*节日人群/).waitFor()
  })

  it('takes another incident type', async () => {
    await seat.open('/admin?part=types')
    await button(page, '新增').click()
    await page.getByLabel('编码').first().fill('9901')
    await page.getByLabel('中文名').first().fill('测试类别')
    await page.getByLabel('英文名').first().fill('Trial type')
    expect(await put(page, page)).toBe(200)
    await page.getByText(/^已保存 \d+ 类$/).waitFor()
  })

  it('takes other rules of intake', async () => {
    await seat.open('/admin?part=intake-policies')
    await setting('重复警情提示', '距离不超过', '350')
    await setting('报警人信息保存期限', /./, '60')
    const results = page.locator('.setting').filter({ has: page.getByRole('heading', { name: '处置结果' }) })
    await results.getByRole('checkbox', { name: '须到场' }).last().click()
    expect(await put(results, page)).toBe(200)
  })

  it('takes other rules of dispatch', async () => {
    await seat.open('/admin?part=dispatch-policies')
    await setting('推荐', '定位陈旧加时', '45')
    await setting('催办', '首次催办', '75')
    await setting('先行通知', '先行通知单元数', '4')
  })

  it('takes a webhook, stops it and removes it', async () => {
    await seat.open('/admin?part=webhooks')
    const dialog = await opened('新增接口')
    await dialog.getByLabel('地址').fill('https://receiver.example/hook')
    await save(dialog)
    await secretShown('签名密钥')
    await row(/receiver\.example/)
      .getByRole('switch')
      .click()
    await row(/receiver\.example/)
      .getByRole('switch', { checked: false })
      .waitFor()
    await button(row(/receiver\.example/), '删除').click()
    await button(page.locator('.ant-popover'), '确定').click()
    await page.getByText('还没有外送接口').waitFor()
  })
})

describe('one’s own account', () => {
  it('takes another password', async () => {
    await seat.open('/account')
    await page.getByLabel('当前口令').fill(PASSWORD)
    await page.getByLabel('新口令').fill(`${PASSWORD}-new`)
    await page.getByLabel('再次输入口令').fill(`${PASSWORD}-new`)
    await button(page.getByRole('main'), '修改口令').click()
    await page.getByText('口令已修改').waitFor()
  })

  it('saw no page complain, and no request of anybody else', () => {
    expect(seat.faults).toEqual({ errors: [], foreignRequests: [] })
  })
})

describe('the register of accounts', () => {
  it('takes a person, and a service with its token', async () => {
    const security = await takeAdministratorsSeat(browser, product, 'secadmin', '/admin?part=accounts')
    page = security.page
    const dialog = await opened('新建账户')
    await dialog.getByLabel('用户名').fill('zhaolidong')
    await dialog.getByLabel('姓名', { exact: true }).fill('赵立冬')
    await dialog.getByLabel('口令', { exact: true }).fill(PASSWORD)
    await pick(page, dialog.getByLabel('角色', { exact: true }), '督察')
    await save(dialog)
    const change = await openedOf(/zhaolidong/)
    await pick(page, change.getByLabel('管辖单位', { exact: true }), '城南派出所')
    await change.getByLabel('新口令（留空不改）').fill(`${PASSWORD}-new`)
    await save(change)
    await row(/zhaolidong.*督察（城南派出所）/).waitFor()

    const machine = await opened('新建账户')
    await machine.getByText('服务', { exact: true }).click()
    await machine.getByLabel('用户名').fill('intake-110')
    await machine.getByLabel('姓名', { exact: true }).fill('接警平台')
    await pick(page, machine.getByLabel('角色', { exact: true }), '对接系统')
    await save(machine)
    await button(row(/intake-110/), '令牌').click()
    const tokens = page.getByRole('dialog', { name: /接口令牌/ })
    await tokens.getByLabel('用途').fill('110')
    await button(tokens, '签发令牌').click()
    await secretShown('接口令牌')
    await tokens.getByRole('row', { name: /110.*有效/ }).waitFor()
    await button(tokens.locator('.ant-modal-footer'), '关闭').click()

    await button(row(/zhaolidong/), '停用').click()
    await button(page.locator('.ant-popover'), '确定').click()
    await row(/zhaolidong.*○/).waitFor()
    await security.close()
  })

  it('takes names and telephones from one who may read them', async () => {
    const commander = await takeSeat(browser, product, 'commander', { path: '/force' })
    page = commander.page
    await openTab('人员')
    await find('T-9002')
    const change = await openedOf(/T-9002/)
    await change.getByLabel('电话').fill('555-0102')
    expect(await change.getByLabel('姓名').inputValue()).toBe('杜一航')
    await save(change)
    expect(commander.faults).toEqual({ errors: [], foreignRequests: [] })
    await commander.close()
  })
})

const row = (name: RegExp): Locator => page.getByRole('row', { name }).first()

const find = (words: string) => page.getByLabel('呼号、警号、车牌、技能').fill(words)

const openTab = (name: string) => page.getByRole('tab', { name: new RegExp(`^${name} \\d+$`) }).click()

/** The form of a new record. */
async function opened(name: string): Promise<Locator> {
  await page.getByRole('button', { name, exact: true }).filter({ visible: true }).first().click()
  const dialog = page.getByRole('dialog', { name, exact: true })
  await dialog.waitFor()
  expect(await nameless(dialog)).toEqual([])
  return dialog
}

/** The form of a record in the list. */
async function openedOf(name: RegExp): Promise<Locator> {
  await button(row(name), '编辑').click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  return dialog
}

async function place(dialog: Locator): Promise<void> {
  await dialog.getByLabel('经度').fill('113.6')
  await dialog.getByLabel('纬度').fill('34.1')
}

async function secretShown(title: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title, exact: true })
  await dialog.waitFor()
  await button(dialog.locator('.ant-modal-footer'), '关闭').click()
  await dialog.waitFor({ state: 'hidden' })
}

/** One number of a setting changed and put into force. */
async function setting(title: string, label: string | RegExp, value: string): Promise<void> {
  const panel = page
    .locator('.setting')
    .filter({ has: page.getByRole('heading', { name: title, exact: true }) })
  const field = panel.getByRole('spinbutton', { name: label }).first()
  await field.fill(value)
  expect(await put(panel, page)).toBe(200)
  await expect.poll(() => field.inputValue()).toBe(value)
}
