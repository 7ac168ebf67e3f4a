import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Product } from '../browser.ts'
import { startDemonstrated } from '../demonstrated.ts'
import { PASSWORD, setUp, takeAdministratorsSeat, takeSeat, type Seat } from './people.ts'
import { nameless, overflow, settled, textless } from './screens.ts'

let product: Product
let browser: Browser
let chief: Seat
let officer: Seat
/** The officer with the phone: at the desk or on patrol for the whole of today. */
let badge: string

interface RosterSeen {
  readonly roster: { readonly fromDate: string }
  readonly options: readonly { readonly kind: string; readonly shift: string | null }[]
  readonly officers: readonly { readonly id: string; readonly organisationId: string }[]
  readonly cells: readonly (readonly number[])[]
}

beforeAll(async () => {
  product = await startDemonstrated()
  browser = await openBrowser()
  await setUp(product)
  const commander = await takeSeat(browser, product, 'commander', { path: '/account' })
  const { rosters } = await commander.call<{ rosters: { id: string; state: string }[] }>(
    'GET',
    '/api/rosters',
  )
  const published = rosters.find(({ state }) => state === 'published')!
  const seen = await commander.call<RosterSeen>('GET', `/api/rosters/${published.id}`)
  const { today } = await commander.call<{ today: string }>('GET', '/api/my-roster')
  const day = Math.round((Date.parse(today) - Date.parse(seen.roster.fromDate)) / 86_400_000)
  const row = seen.cells.findIndex((cells) => seen.options[cells[day]!]?.shift === 'whole-day')
  const officerId = seen.officers[row]!.id
  const { officers } = await commander.call<{ officers: { id: string; badgeNumber: string }[] }>(
    'GET',
    '/api/force-board',
  )
  badge = officers.find(({ id }) => id === officerId)!.badgeNumber
  await commander.close()
  const security = await takeAdministratorsSeat(browser, product, 'secadmin', '/account')
  for (const [username, name, role, of] of [
    ['chief', '高所长', 'station-chief', null],
    ['officer', '何巡逻', 'officer', officerId],
  ])
    await security.call('POST', '/api/accounts', {
      ...{ username, name, kind: 'person', password: PASSWORD, officerId: of },
      grants: [{ role, organisationId: null }],
    })
  await security.close()
  chief = await takeSeat(browser, product, 'chief', {
    path: '/roster',
    viewport: { width: 1280, height: 800 },
  })
  officer = await takeSeat(browser, product, 'officer', {
    path: '/my-roster',
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
  })
})
afterAll(async () => {
  for (const seat of [chief, officer]) await seat?.close()
  await browser?.close()
  await product?.remove()
})

/** A step of the journey as a picture, where somebody wants to look: `PICTURES=folder`. */
async function picture({ page }: Seat, name: string): Promise<void> {
  const folder = process.env['PICTURES']
  if (folder) await page.screenshot({ path: `${folder}/roster-${name}.png` })
}

const middleOf = async (cell: Locator): Promise<readonly [number, number]> => {
  const { x, y, width, height } = (await cell.boundingBox())!
  return [x + width / 2, y + height / 2]
}

describe('a roster', () => {
  it('is begun as a draft and solved within the time given', async () => {
    const { page } = chief
    await page.locator('.roster-state', { hasText: '已发布' }).waitFor()
    await page.getByRole('button', { name: '新建草稿' }).click()
    const dialog = page.getByRole('dialog', { name: '新建排班草稿' })
    await dialog.getByRole('combobox').click()
    await page.locator('.ant-select-item-option').first().click()
    await dialog.getByRole('button', { name: '建立' }).click()
    await page.locator('.roster-state', { hasText: '草稿' }).waitFor()
    await page.getByRole('button', { name: '自动排班' }).click()
    await page.getByRole('spinbutton', { name: '最长用时' }).fill('2')
    await page.getByRole('button', { name: '开始排班' }).click()
    const progress = page.getByRole('region', { name: '求解进度' })
    await progress.getByText('独立检查：没有违反任何规则').waitFor({ timeout: 60_000 })
    await progress.getByText('目标值').waitFor()
    await picture(chief, 'solved')
    await page.getByRole('button', { name: '自动排班' }).click()
    expect(await page.getByRole('button', { name: /^违规/ }).innerText()).toContain('✓')
  })

  it('says what a dragged cell would break before it is dropped, and takes it back', async () => {
    const { page } = chief
    const duty = page.locator('.month-row').first().locator('.cell[data-hours]').first()
    const off = page.locator('.month-row').first().locator('.cell[data-tone="off"]').first()
    const [from, to] = [await middleOf(duty), await middleOf(off)]
    const before = await duty.innerText()
    await page.mouse.move(...from)
    await page.mouse.down()
    await page.mouse.move(...to, { steps: 4 })
    const verdict = page.locator('.month-verdict')
    await verdict.getByText(/违反 \d+ 处规则/).waitFor()
    expect(await verdict.innerText()).toMatch(/R01 .*应上班，却没有排/)
    await picture(chief, 'dragging')
    await page.mouse.up()
    await page.getByRole('button', { name: /^违规 ?\d/ }).click()
    const breaches = page.getByRole('complementary', { name: '违规' })
    await breaches.getByText('勤务模式', { exact: false }).first().waitFor()
    await page.getByRole('button', { name: '保存 2 处' }).waitFor()
    expect(await page.getByRole('button', { name: '发布', exact: true }).isDisabled()).toBe(true)
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+z')
    await breaches.getByText('没有违反任何规则').waitFor()
    expect(await duty.innerText()).toBe(before)
    await page.getByRole('button', { name: /^违规/ }).click()
  })

  it('is changed by the keyboard, saved, and keeps what was changed here when somebody saves first', async () => {
    const { page } = chief
    const grid = page.getByRole('grid')
    await grid.focus()
    await page.keyboard.press('Control+Home')
    const status = page.locator('.month-status')
    await status.getByText('（', { exact: false }).first().waitFor()
    await page.keyboard.press('Enter')
    const editor = page.getByRole('dialog', { name: '选择当天的岗位' })
    await editor.getByRole('option').first().waitFor()
    await page.keyboard.press('Escape')
    // Somebody else gives the very same cell away meanwhile.
    const rosterId = new URL(page.url()).searchParams.get('roster')!
    const seen = await chief.call<RosterSeen & { version: number }>('GET', `/api/rosters/${rosterId}`)
    await page.locator('.month-row').first().locator('.cell[data-hours]').first().click()
    await page.keyboard.press('0')
    await page.getByRole('button', { name: '保存 1 处' }).waitFor()
    const label = await page.locator('[id^="cell-"][aria-label]').first().getAttribute('aria-label')
    expect(label).toMatch(/月\d+日/)
    const answer = await page.request.fetch(`${product.url}/api/rosters/${rosterId}/cells`, {
      method: 'PATCH',
      headers: { 'if-match': `"${seen.version}"` },
      data: {
        changes: [{ officerId: seen.officers.at(-1)!.id, date: seen.roster.fromDate, option: 'off' }],
      },
    })
    expect(answer.status()).toBe(200)
    await page.getByRole('button', { name: '保存 1 处' }).click()
    // Saved at once where the newer roster had been read already; else told, kept, and saved when asked again.
    const told = page.getByText('您的更改都还在')
    const nothingLeft = page.getByRole('button', { name: '保存', exact: true })
    await told.or(nothingLeft).first().waitFor()
    if (await told.isVisible()) await page.getByRole('button', { name: '保存 1 处' }).click()
    await nothingLeft.waitFor()
    const kept = await chief.call<{ version: number }>('GET', `/api/rosters/${rosterId}`)
    expect(kept.version).toBe(seen.version + 2)
    await page.getByRole('button', { name: /^违规 ?[1-9]/ }).waitFor()
  })

  it('is published with its breaches counted and accepted for a reason', async () => {
    const { page } = chief
    await page.getByRole('button', { name: '发布', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: /^发布 PB-/ })
    await dialog.getByText(/仍有 \d+ 处违规，须写明理由/).waitFor()
    await dialog.getByRole('textbox', { name: '理由' }).fill('临时借调两人，已与分局商定')
    await dialog.getByRole('button', { name: '带违规发布' }).click()
    await page.locator('.roster-state', { hasText: '已发布' }).waitFor()
    await picture(chief, 'published')
  })

  it('is read and acknowledged by an officer on the phone, who keeps it without a network', async () => {
    const { page } = officer
    const next = page.getByRole('region', { name: '下一班' })
    await next
      .getByText(/全天/)
      .or(next.getByText(/\d\d:\d\d–\d\d:\d\d/))
      .first()
      .waitFor()
    await page.getByRole('button', { name: '我已知晓，签收' }).click()
    await page.getByRole('button', { name: '我已知晓，签收' }).waitFor({ state: 'detached' })
    await page.context().setOffline(true)
    await page.locator('.mine-days li[data-kind="duty"] button').first().click()
    await page.getByRole('button', { name: '申请换班' }).waitFor()
    await page.context().setOffline(false)
    await picture(officer, 'phone')
    expect(await overflow(page)).toBeLessThanOrEqual(0)
  })

  it('has somebody in the place of one who cannot come, with the reasons why', async () => {
    const { page } = chief
    const { today } = await chief.call<{ today: string }>('GET', '/api/my-roster')
    await chief.open(`/roster?day=${today}`)
    await page.getByRole('button', { name: new RegExp(`${badge} 不能到岗`) }).click()
    await page.getByRole('button', { name: '登记不能到岗' }).click()
    const best = page.getByRole('list', { name: '最合适的三人' })
    await best.getByRole('button').first().waitFor()
    expect(await best.getByRole('button').count()).toBe(3)
    await best
      .getByText(/七天内共 [\d.]+ 小时/)
      .first()
      .waitFor()
    await picture(chief, 'sick')
    const cover = best.getByRole('button', { name: '安排顶班' }).first()
    if ((await cover.count()) === 0) {
      await page.getByRole('textbox', { name: /^理由/ }).fill('无人可替，先保岗位')
      await best.getByRole('button', { name: '仍然安排' }).first().click()
    } else await cover.click()
    await page.getByRole('region', { name: '不能到岗' }).getByText('已顶班').waitFor()
    await picture(chief, 'day')
  })

  it('is named, worded and within the screen on every view, light and dark', async () => {
    const faults: unknown[] = []
    const { page } = chief
    for (const path of ['/roster', '/roster/patterns?part=schemes', '/roster/patterns?part=rules']) {
      await chief.open(path)
      await settled(page)
      await page.keyboard.press('Alt+t')
      faults.push(...(await nameless(page.locator('body'))), ...(await textless(page)))
      if ((await overflow(page)) > 0) faults.push([path, await overflow(page)])
    }
    faults.push(...(await nameless(officer.page.locator('body'))), ...(await textless(officer.page)))
    expect(faults).toEqual([])
    expect(chief.faults.errors.filter((line) => !/412/.test(line))).toEqual([])
    expect([chief.faults.foreignRequests, officer.faults.foreignRequests]).toEqual([[], []])
  })
})
