import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type Product } from '../browser.ts'
import { startDemonstrated } from '../demonstrated.ts'
import { setUp, takeSeat, type Seat } from './people.ts'
import { layWire, type Wire } from './wire.ts'

let product: Product
let browser: Browser
let wire: Wire
/** Before a board whose wire is cut, and before one whose wire is not. */
let cut: Seat
let whole: Seat
let heardCut: Heard
let heardWhole: Heard

beforeAll(async () => {
  product = await startDemonstrated()
  browser = await openBrowser()
  await setUp(product)
  wire = await layWire(product.url)
  cut = await takeSeat(browser, { ...product, url: wire.url }, 'commander', { path: '/sign-in' })
  whole = await takeSeat(browser, product, 'commander', { path: '/sign-in' })
  ;[heardCut, heardWhole] = [listen(cut.page), listen(whole.page)]
  for (const seat of [cut, whole]) {
    await seat.open('/')
    await live(seat.page).waitFor()
  }
})
afterAll(async () => {
  await cut?.close()
  await whole?.close()
  await wire?.close()
  await browser?.close()
  await product?.remove()
})

/** While calls come in one after the other, the TCP connection of a board's live stream is reset, twice. */
describe('a board whose wire is cut', () => {
  it('says that it hears nothing, and comes back by itself', async () => {
    for (let call = 0; call < 20; call++) {
      if (call === 5 || call === 13) {
        expect(wire.cut()).toBe(1)
        await cut.page.getByRole('status').filter({ hasText: '连接中断，正在重连' }).waitFor()
      }
      if (call === 9 || call === 17) {
        wire.mend()
        await live(cut.page).waitFor({ timeout: 60_000 })
      }
      await reportCall(call)
    }
    await live(cut.page).waitFor({ timeout: 60_000 })
  })

  it('has been sent every event once, in its order, as the board beside it', async () => {
    await expect.poll(() => opened(heardWhole), { timeout: 60_000 }).toBe(20)
    // Gradings follow each call: compared is what the two have heard when both have heard as much.
    await expect.poll(() => heardCut.events.length - heardWhole.events.length, { timeout: 60_000 }).toBe(0)
    const [seqs, others] = [heardCut, heardWhole].map(({ events }) => events.map(({ seq }) => seq))
    expect(seqs).toEqual(others)
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b))
    expect(opened(heardCut)).toBe(20)
    expect([heardCut.sockets >= 3, heardWhole.sockets]).toEqual([true, 1])
    expect([...heardCut.reloads, ...heardWhole.reloads]).toEqual([])
  })

  it('shows each call once, those of the silence too', async () => {
    const items = cut.page.locator('.incident-item')
    await expect.poll(() => items.count(), { timeout: 60_000 }).toBe(20)
    const shown = (await items.allInnerTexts()).map((text) => /报警点(\d+)号/.exec(text)?.[1])
    expect(shown.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, call) => call))
  })
})

interface Heard {
  sockets: number
  readonly events: { readonly seq: number; readonly topic: string }[]
  readonly reloads: string[]
}

/** What comes to a page on its live streams, as it is on the wire. */
function listen(page: Page): Heard {
  const heard: Heard = { sockets: 0, events: [], reloads: [] }
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(String(payload)) as { t: string; seq: number; topic: string; reason: string }
      if (message.t === 'hello') heard.sockets++
      if (message.t === 'event') heard.events.push(message)
      if (message.t === 'reload') heard.reloads.push(message.reason)
    })
  })
  return heard
}

const opened = ({ events }: Heard) => events.filter(({ topic }) => topic === 'incident.opened').length

const live = (page: Page) => page.getByRole('status').filter({ hasText: /^实时/ })

async function reportCall(call: number): Promise<void> {
  await whole.call('POST', '/api/reports', {
    origin: 'citizen',
    typeCode: '0402',
    position: { lon: 113.57 + call * 0.003, lat: 34.09 },
    address: `报警点${call}号`,
    summary: '',
    circumstances: [],
  })
}
