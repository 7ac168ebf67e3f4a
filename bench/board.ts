import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Browser, type Page } from 'playwright-core'
import { loadDemonstration } from '../apps/demo/demonstration.ts'
import { isRefusal } from '../foundation/core/outcome.ts'
import { inTransaction, type Database } from '../foundation/server/db.ts'
import { newSecret } from '../foundation/server/identity/secrets.ts'
import { openSession } from '../foundation/server/identity/sessions.ts'
import { SESSION_COOKIE } from '../foundation/server/identity/signin.routes.ts'
import { createAccount } from '../foundation/server/identity/store.ts'
import { loadRow, percentile, type Row } from './product/figures.ts'
import { openProduct, type Product } from './product/product.ts'
import { fillUp, type PlacedUnits } from './product/units.ts'

/**
 * The live board in Chromium against the product as it ships. First useful paint: from the navigation of a browser
 * that has never seen the page (no cache, no session but its cookie) until the street strength stands on it and the
 * units are drawn on the finished map. Frames: how many a second the page makes while 2,000 units move at 1 Hz.
 */
const COLD_STARTS = 7
const DEMONSTRATION_UNITS = 24
const UNITS = 2_000
const WATCHED_SECONDS = 20
const VIEW = { width: 1600, height: 900 }
/** The middle of the demonstration district, and how far around it units are. */
const MIDDLE = { lon: 113.603, lat: 34.1 }
const SPREAD = { lon: 0.05, lat: 0.03 }

export async function measure(): Promise<Row[]> {
  const load = loadRow()
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--enable-unsafe-swiftshader'],
  })
  try {
    const paints = await withDistrict(DEMONSTRATION_UNITS, (district) => coldPaints(browser, district))
    const rows = await withDistrict(UNITS, (district) => movingFrames(browser, district))
    return [load, paintRow(paints), ...rows]
  } finally {
    await browser.close()
  }
}

interface District {
  readonly product: Product
  readonly units: PlacedUnits
  readonly session: string
}

/** The demonstration district with so many units, each where it has just said to be. */
async function withDistrict<T>(count: number, work: (district: District) => Promise<T>): Promise<T> {
  let units!: PlacedUnits
  let session = ''
  const product = await openProduct(async (database) => {
    await loadDemonstration(database, { now: Date.now() })
    session = await signedIn(database)
    units = await fillUp(database, count)
  })
  try {
    await units.report(product.client, positionsAt(0))
    return await work({ product, units, session })
  } finally {
    await product.close()
  }
}

async function coldPaints(browser: Browser, { product, session }: District): Promise<number[]> {
  const paints: number[] = []
  for (let start = 0; start < COLD_STARTS; start++) {
    const board = await openBoard(browser, product, session)
    paints.push(await firstUsefulPaint(board))
    await board.context().close()
  }
  return paints
}

async function movingFrames(browser: Browser, { product, units, session }: District): Promise<Row[]> {
  const board = await openBoard(browser, product, session)
  await firstUsefulPaint(board)
  const renderer = await board.evaluate<string>(RENDERER)
  return frameRows(await framesWhileMoving(board, product, units), renderer)
}

/** A duty commander who has signed in already: the sign-in is a page of its own. */
function signedIn({ db }: Database): Promise<string> {
  const secret = newSecret()
  return inTransaction(db, async (tx) => {
    const now = Date.now()
    const grants = [{ role: 'duty-commander', organisationId: null }] as const
    const account = {
      username: 'watching',
      name: 'watching',
      kind: 'person',
      passwordHash: null,
      grants,
    } as const
    const accountId = await createAccount(tx, account, now)
    if (isRefusal(accountId)) throw new Error(accountId.refused)
    await openSession(tx, { secret, accountId, now, ip: '127.0.0.1', userAgent: 'bench' })
    return secret
  })
}

async function openBoard(browser: Browser, { port }: Product, session: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: VIEW })
  const url = `http://127.0.0.1:${port}`
  await context.addCookies([{ name: SESSION_COOKIE, value: session, url }])
  const page = await context.newPage()
  await page.goto(url, { waitUntil: 'commit' })
  return page
}

/** In the page's own time: 0 is the navigation. */
const firstUsefulPaint = (page: Page) => page.evaluate<number>(USEFUL)

/** Gives the length of every frame while each unit reports a new place each second. */
async function framesWhileMoving(board: Page, { client }: Product, units: PlacedUnits): Promise<number[]> {
  let moving = true
  const moved = (async () => {
    for (let second = 1; moving; second++) {
      const began = performance.now()
      await units.report(client, positionsAt(second))
      await pause(Math.max(0, 1_000 - (performance.now() - began)))
    }
  })()
  await pause(3_000)
  const frames = await board.evaluate<number[]>(framesFor(WATCHED_SECONDS))
  moving = false
  await moved
  return frames
}

/** Everywhere in the district, each unit at some 10 metres a second on a heading of its own. */
function positionsAt(second: number) {
  return Array.from({ length: UNITS }, (_, n) => {
    const heading = n * 2.399963
    const [east, north] = [((n * 0.618034) % 1) - 0.5, ((n * 0.754878) % 1) - 0.5]
    return {
      lon: MIDDLE.lon + east * SPREAD.lon * 2 + Math.cos(heading) * second * 0.0001,
      lat: MIDDLE.lat + north * SPREAD.lat * 2 + Math.sin(heading) * second * 0.00009,
    }
  })
}

function paintRow(paints: readonly number[]): Row {
  const middle = percentile(paints, 0.5)
  return {
    measure: 'first useful paint, cold',
    value: middle / 1_000,
    unit: 's',
    target: '≤ 2',
    reached: middle <= 2_000,
    note: `street strength and units drawn on the finished map; median of ${paints.length}, ${seconds(Math.min(...paints))} to ${seconds(Math.max(...paints))} s`,
  }
}

function frameRows(frames: readonly number[], renderer: string): Row[] {
  const total = frames.reduce((sum, length) => sum + length, 0)
  const rate = (frames.length * 1_000) / total
  const isSoftware = /swiftshader|llvmpipe|software/i.test(renderer)
  return [
    {
      measure: `frames, ${UNITS.toLocaleString('en')} units moving at 1 Hz`,
      value: rate,
      unit: 'frames/s',
      // The target is for a graphics card; without one the figure is what it is.
      ...(isSoftware ? {} : { target: '≥ 30', reached: rate >= 30 }),
      note: `${VIEW.width}×${VIEW.height}, ${isSoftware ? 'software rendering' : 'graphics card'}: ${renderer}`,
    },
    { measure: 'longest frame, p99', value: percentile(frames, 0.99), unit: 'ms' },
  ]
}

const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(2)

// What runs in the page is text: this side knows no document.

const USEFUL = `new Promise((resolve) => {
  requestAnimationFrame(function look() {
    const figure = document.querySelector('.strength-numbers strong')?.textContent ?? ''
    const drawn = performance.getEntriesByName('units-drawn').length > 0
    if (/\\d%/.test(figure) && drawn) resolve(performance.now())
    else requestAnimationFrame(look)
  })
})`

const RENDERER = `(() => {
  const gl = document.createElement('canvas').getContext('webgl2')
  const names = gl?.getExtension('WEBGL_debug_renderer_info')
  return names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : 'unknown'
})()`

const framesFor = (watched: number) => `new Promise((resolve) => {
  const lengths = []
  let last = performance.now()
  const end = last + ${watched} * 1000
  requestAnimationFrame(function frame(now) {
    lengths.push(now - last)
    last = now
    if (now < end) requestAnimationFrame(frame)
    else resolve(lengths)
  })
})`
