import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOneSeat, type OneSeat, type Seat } from './people.ts'
import { nameless, overflow, settled, textless } from './screens.ts'

let seat: Seat
let page: Page
let house: OneSeat

beforeAll(async () => {
  house = await openOneSeat('commander', {
    path: '/sync',
    viewport: { width: 1440, height: 900 },
  })
  ;({ seat, page } = house)
})
afterAll(() => house?.close())

/** A step of the journey as a picture, where somebody wants to look: `PICTURES=folder`. */
async function picture(name: string): Promise<void> {
  const folder = process.env['PICTURES']
  if (folder) await page.screenshot({ path: `${folder}/sync-${name}.png` })
}

/** A day as the server gives it, without living one: two cells, one that patrol kept to and one that it forgot. */
function givenDay(day: string) {
  const hours = (of: Record<number, number>) => Array.from({ length: 24 }, (_, hour) => of[hour] ?? 0)
  const place = (name: string | null, lon: number) => ({ name, lon, lat: 34.1 })
  const market = place('夜市', 113.61)
  const station = place(null, 113.59)
  const move = {
    from: { place: station, hour: 14 },
    to: { place: market, hour: 22 },
    visits: 5,
    gain: 0.021,
  }
  return {
    day,
    isRunning: false,
    isFinal: true,
    computedAt: `${day}T20:00:00.000Z`,
    state: 'done',
    minutes: {
      ...{ patrolMinutes: 2_880, untrackedMinutes: 60, incidentMinutes: 300, inspectionMinutes: 0, units: 8 },
    },
    figures: {
      ...{
        overlap: 0.25,
        byPlace: 0.5,
        byHour: 0.4,
        even: 0.3,
        random: 0.1,
        bestPlaces: 0.5,
        bestHours: 0.9,
      },
      expectedIncidents: 40,
      hours: hours({}).map((_, hour) => ({
        ...{ hour, risk: hour === 22 ? 0.75 : hour === 14 ? 0.25 : 0, presence: hour === 14 ? 1 : 0 },
        overlap: hour === 14 ? 0.25 : 0,
      })),
      tooLittle: [{ place: market, hour: 22, share: 0.75 }],
      tooMuch: [{ place: station, hour: 14, share: 0.75 }],
      hourMoves: [move],
      placeMoves: [],
    },
    surface: {
      cellMetres: 250,
      hiddenHours: [3],
      rest: { cells: 0, risk: 0, presence: 0 },
      cells: [
        { ...market, risk: hours({ 22: 75_000 }), presence: hours({}), better: hours({ 22: 600 }) },
        {
          ...station,
          risk: hours({ 14: 25_000 }),
          presence: hours({ 14: 100_000 }),
          better: hours({ 14: 600 }),
        },
      ],
    },
  }
}

describe('the sync index', () => {
  it('shows a day’s figure beside chance and beside what the same hours could reach', async () => {
    const index = await seat.call<{ today: string; days: object[] }>('GET', '/api/sync-index')
    const yesterday = new Date(Date.parse(index.today) - 86_400_000).toISOString().slice(0, 10)
    const given = givenDay(yesterday)
    await page.route(/\/api\/sync-index$/, (route) => route.fulfill({ json: { ...index, days: [given] } }))
    await page.route(`**/api/sync-index/${yesterday}`, (route) => route.fulfill({ json: given }))
    await page.reload()
    await page.getByLabel('日期').selectOption(yesterday)
    const figure = page.getByRole('region', { name: '同步度', exact: true })
    await figure.getByText('25.0%').first().waitFor()
    for (const text of ['同样时间随机巡逻', '10.0%', '钟点不变，换地点', '50.0%', '差得多的是钟点'])
      await figure.getByText(text).first().waitFor()
    await page.getByText('已定稿').waitFor()
    await page.getByRole('img', { name: /近 30 天同步度折线图，1 天有数字/ }).waitFor()
  })

  it('moves hour, map and moves together, by the keyboard too', async () => {
    const slider = page.getByRole('slider', { name: /钟点/ })
    expect(await slider.getAttribute('aria-valuetext')).toBe('全天')
    await page.getByRole('heading', { name: '巡防同步度' }).click()
    await page.keyboard.press(']')
    expect(await slider.getAttribute('aria-valuetext')).toBe('00:00–01:00')
    const moves = page.getByRole('region', { name: '同样的时间，更好的安排' })
    await moves.getByText('同步度可由 25.0% 提高到 90.0%').waitFor()
    const move = moves.getByRole('button', { name: /\+2\.10 点.*夜市附近.*22:00–23:00/s })
    await move.click()
    expect(await move.getAttribute('aria-pressed')).toBe('true')
    expect(await slider.getAttribute('aria-valuetext')).toBe('22:00–23:00')
    await moves.getByText('只换地点').click()
    await moves.getByText('巡逻时间还太少、太分散').waitFor()
    await page.getByRole('button', { name: '14:00–15:00' }).click()
    expect(await slider.getAttribute('aria-valuetext')).toBe('14:00–15:00')
    await slider.fill('3')
    await page.getByText('这个钟点只有不到 3 个单元在巡逻').waitFor()
    await picture('day')
  })

  it('is named, worded and within the screen, on a phone and on a desk, light and dark', async () => {
    const faults: unknown[] = []
    for (const [language, width] of [
      ['zh-CN', 360],
      ['en', 1440],
    ] as const) {
      await page.evaluate(
        (chosen) => localStorage.setItem('xunfang.language', JSON.stringify(chosen)),
        language,
      )
      await page.setViewportSize({ width, height: 800 })
      await page.reload()
      await page.locator('.sync-head select').selectOption({ index: 1 })
      await page.locator('.sync-figure').waitFor()
      await settled(page)
      await page.keyboard.press('Alt+t')
      await picture(`${language}-${width}`)
      faults.push(...(await nameless(page.locator('body'))), ...(await textless(page)))
      if ((await overflow(page)) > 0) faults.push([language, width, await overflow(page)])
    }
    expect(faults).toEqual([])
    expect(seat.faults).toEqual({ errors: [], foreignRequests: [] })
  })

  it('says of a day without any track that it cannot be told, not nought', async () => {
    await page.evaluate(() => localStorage.setItem('xunfang.language', '"zh-CN"'))
    await page.unrouteAll()
    await page.reload()
    // The day's run is made meanwhile: until then there is no plan.
    await page.getByText('今天还没有巡逻轨迹，不能计算').waitFor({ timeout: 60_000 })
    const figure = page.getByRole('region', { name: '同步度', exact: true })
    expect(await figure.innerText()).toMatch(/^—/)
    await page.getByText('它不是什么').waitFor()
    await settled(page)
    await picture('no-track')
  })

  it('says so where it may not be read', async () => {
    await page.route(/\/api\/sync-index$/, (route) =>
      route.fulfill({ status: 403, json: { code: 'forbidden' } }),
    )
    await page.reload()
    await page.getByText('您没有此项权限').waitFor()
  })
})
