import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchDatabase, type LaunchedDatabase } from '../../foundation/server/postgres/launcher.ts'
import { startProduct, type Product } from '../browser.ts'
import buildProduct from '../build.setup.ts'
import { openFolder, removeFolder } from '../launching.ts'

const external = openFolder('external')
let database: LaunchedDatabase
let product: Product

beforeAll(async () => {
  buildProduct()
  database = await launchDatabase({ dataFolder: external, use: 'server' })
  product = await startProduct({ args: ['--no-play'], env: { DATABASE_URL: database.ownerUrl } })
})
afterAll(async () => {
  await product?.remove()
  await database?.stop()
  removeFolder(external)
})

const ask = (path: string) => fetch(product.url + path)

async function until(path: string, status: number): Promise<Response> {
  for (;;) {
    const response = await ask(path)
    if (response.status === status) return response
    // Leaves the processor to what is awaited; the test's own limit is the clock.
    await pause(50)
  }
}

describe('an external PostgreSQL that goes away', () => {
  it('is told as 503 with a problem that names it, while the server stays up', async () => {
    expect((await ask('/healthz')).status).toBe(200)
    await database.stop()
    const health = await until('/healthz', 503)
    expect(health.headers.get('content-type')).toMatch(/application\/problem\+json/)
    expect(await health.json()).toMatchObject({ status: 503, code: 'database-unavailable' })
    // The page itself still comes, so that it can say so.
    expect((await ask('/')).status).toBe(200)
  })

  it('is found again without a restart', async () => {
    database = await launchDatabase({ dataFolder: external, use: 'server' })
    expect((await until('/healthz', 200)).status).toBe(200)
    expect(product.process.exitCode).toBeNull()
  })

  it('is left running by the server that used it', async () => {
    await product.stop()
    expect(product.process.exitCode).toBe(0)
    const again = await startProduct({ args: ['--no-play'], env: { DATABASE_URL: database.ownerUrl } })
    expect((await fetch(`${again.url}/healthz`)).status).toBe(200)
    await again.remove()
  })
})
