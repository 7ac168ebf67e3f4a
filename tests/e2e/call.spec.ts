import { spawnSync } from 'node:child_process'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../browser.ts'
import { startDemonstrated, type Demonstrated } from '../demonstrated.ts'
import type { Play } from '../../apps/simulator/play.ts'
import { sendCrewsOut } from './crews.ts'
import { setUp, takeSeat, type Seat } from './people.ts'

let product: Demonstrated
let browser: Browser
let crews: Play
let seat: Seat
let page: Page

const PLACE = '教师新村'
const REASON = '又有二十余人赶到现场'
const RESULT = '双方已分开，伤者送医。'

beforeAll(async () => {
  product = await startDemonstrated()
  browser = await openBrowser()
  await setUp(product)
  crews = await sendCrewsOut(product)
  seat = await takeSeat(browser, product, 'dispatcher')
  page = seat.page
})
afterAll(async () => {
  await seat?.close()
  await browser?.close()
  await crews?.stop()
  await product?.remove()
})

/** One call from its first ring to its report, with the hands on the keyboard all the time; simulated crews answer. */
describe('a call', () => {
  it('is begun with N from the live board, with the hand on the type at once', async () => {
    await page.getByText('街面警力占比').waitFor()
    await page.keyboard.press('n')
    await page.waitForURL('**/intake')
    await hasFocus(page, '警情类别')
  })

  it('finds type and place by what is typed, and goes on to the summary', async () => {
    await describeFight(page)
    await page.keyboard.type('多人持木棍斗殴')
    await page.keyboard.press('Alt+w')
    await page.getByRole('button', { name: '持械', pressed: true }).waitFor()
  })

  it('is sent by Ctrl+Enter, and the level is proposed with its reasons', async () => {
    await page.keyboard.press('Control+Enter')
    await page.waitForURL('**/incidents/*')
    const level = page.getByRole('region', { name: '响应等级' })
    await level.getByText('建议复杂').waitFor()
    const reasons = await level.getByRole('list', { name: '评级依据' }).innerText()
    expect(reasons).toContain('现场有人持械')
    expect(reasons).toContain('所有警情至少为一般')
  })

  it('takes the proposed level by C', async () => {
    await page.keyboard.press('c')
    const level = page.getByRole('region', { name: '响应等级' })
    await level.getByText('已定级').waitFor()
    await level.getByText('复杂', { exact: true }).waitFor()
  })

  it('sends the recommended units by D, and the crews acknowledge', async () => {
    const advice = page.getByRole('region', { name: '推荐警力' })
    await advice.getByText('按复杂预案').waitFor()
    const send = advice.getByRole('button', { name: /^派 / })
    await send.waitFor()
    const recommended = /^派 (.+?)\s*D$/.exec(await send.innerText())![1]!.split('、')
    expect(recommended.length).toBeGreaterThan(0)
    await page.keyboard.press('d')
    const orders = page.getByRole('region', { name: '指令与签收' })
    for (const callSign of recommended) await orders.getByRole('button', { name: callSign }).waitFor()
    await everyOrderAcknowledged(page)
  })

  it('is suggested when the same is reported again, and takes the second report in by Alt+1', async () => {
    const incident = page.url()
    await page.keyboard.press('n')
    await page.waitForURL('**/intake')
    await hasFocus(page, '警情类别')
    await describeFight(page)
    const suggestions = page.getByRole('complementary', { name: '可能是同一警情（1）' })
    await suggestions.getByText('类别相同').waitFor()
    await page.keyboard.type('第二个报警人：仍在打')
    await page.keyboard.press('Alt+1')
    await page.waitForURL(incident)
    await page.getByText('接报（2）').waitFor()
  })

  it('is escalated to major by U with a reason; everyone is ordered to stand by and answers', async () => {
    await page.keyboard.press('u')
    await page
      .getByRole('dialog')
      .getByRole('radio', { name: '重大', checked: true })
      .waitFor({ state: 'attached' })
    await hasFocus(page, '理由')
    await page.keyboard.type(REASON)
    await page.keyboard.press('Control+Enter')
    await page.getByRole('region', { name: '响应等级' }).getByText('重大', { exact: true }).waitFor()
    const orders = page.getByRole('region', { name: '指令与签收' })
    await orders.getByRole('heading', { name: /^待命 [1-9]/ }).waitFor()
    await orders.getByText('第 1 梯队').first().waitFor()
    await everyOrderAcknowledged(page)
  })

  it('is closed by X with its result once somebody has arrived', async () => {
    await page.getByText('到达现场').first().waitFor({ timeout: 60_000 })
    await page.keyboard.press('x')
    await hasFocus(page, '处置结果')
    await page.keyboard.type('处置完毕')
    // Results that need somebody on scene can be chosen once the page knows that somebody is.
    await page
      .locator('.ant-select-item-option-active:not(.ant-select-item-option-disabled)', {
        hasText: '处置完毕',
      })
      .waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('现场处置完毕').filter({ visible: true }).first().waitFor()
    await page.locator('.ant-select-dropdown').filter({ visible: true }).waitFor({ state: 'hidden' })
    await page.keyboard.press('Tab')
    await hasFocus(page, '理由')
    await page.keyboard.type(RESULT)
    await page.keyboard.press('Control+Enter')
    await page.getByText('已结案').first().waitFor()
    // A dialog gives the focus back when it is gone.
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })

  it('has left its whole story in the timeline', async () => {
    const story = await page.getByRole('region', { name: '处置经过' }).innerText()
    for (const told of [
      '建议复杂',
      '确认为复杂',
      '升级：复杂 → 重大',
      REASON,
      '签收',
      '待命',
      '到达现场',
      '结案',
      '林晓梅',
    ])
      expect(story).toContain(told)
  })

  it('is replayed on the map under the slider', async () => {
    const tracks = page.waitForResponse((response) => response.url().includes('/api/tracks'))
    await page.getByRole('radio', { name: '回放' }).focus()
    await page.keyboard.press('Space')
    const slider = page.getByRole('slider', { name: '时刻' })
    await slider.focus()
    expect(JSON.stringify(await (await tracks).json())).toContain('"lon"')
    await slider.press('Home')
    const later = page.getByRole('region', { name: '处置经过' }).locator('[data-future=true]')
    await later.first().waitFor()
    const atFirst = await slider.getAttribute('aria-valuetext')
    // The last crews are let go while we look: the end moves on with them.
    await expect
      .poll(
        async () => {
          await slider.press('End')
          return later.count()
        },
        { timeout: 20_000 },
      )
      .toBe(0)
    expect(await slider.getAttribute('aria-valuetext')).not.toBe(atFirst)
  })

  it('has an after-action report by R, on the page and as PDF in Chinese', async () => {
    await leaveSlider(page)
    await page.keyboard.press('r')
    await page.waitForURL('**/report')
    await page.getByText('到首次签收').waitFor()
    await page.getByText(REASON).first().waitFor()
    const href = await page.getByRole('link', { name: '下载 PDF' }).getAttribute('href')
    const pdf = await (await page.request.get(product.url + href!)).body()
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.subarray(-10).toString()).toContain('%%EOF')
    const text = spawnSync('pdftotext', ['-', '-'], { input: pdf, encoding: 'utf8' })
    // Without poppler the font that carries the Chinese is what can be seen from outside.
    if (text.status === 0) {
      expect(text.stdout).toContain('警情复盘报告')
      const said = text.stdout.replaceAll(/\s/g, '')
      expect(said).toContain(PLACE)
      expect(said).toContain(REASON)
    } else expect(pdf.toString('latin1')).toContain('NotoSansSC')
  })

  it('made no page complain and asked nobody else for anything', () => {
    expect(seat.faults).toEqual({ errors: [], foreignRequests: [] })
  })
})

/** Type and place by type-ahead: each is chosen by Enter, which moves on. */
async function describeFight(page: Page): Promise<void> {
  await page.keyboard.type('打架')
  await page.locator('.ant-select-item-option-active', { hasText: '打架斗殴' }).waitFor()
  await page.keyboard.press('Enter')
  await hasFocus(page, '地点')
  await page.keyboard.type(PLACE)
  await page.locator('.ant-select-item-option-active', { hasText: PLACE }).waitFor()
  await page.keyboard.press('Enter')
  await hasFocus(page, '案情')
}

async function hasFocus(page: Page, label: string): Promise<void> {
  await page.getByLabel(label).and(page.locator(':focus')).waitFor()
}

/** Out of the slider, so that letters are shortcuts again. */
const leaveSlider = (page: Page) => page.getByRole('main').focus()

async function everyOrderAcknowledged(page: Page): Promise<void> {
  const answered = page.getByRole('region', { name: '指令与签收' }).getByText(/^签收 ([1-9]\d*)\/\1$/)
  await answered.waitFor({ timeout: 60_000 })
}
