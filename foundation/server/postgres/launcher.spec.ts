import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { launchDatabase } from './launcher.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-launcher-'))
  chmodSync(folder, 0o755)
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function query(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query({ text, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

describe('launching the embedded PostgreSQL', () => {
  it('starts a durable server in an empty folder', async () => {
    const database = await launchDatabase({ dataFolder: dataFolder(), use: 'server' })
    undo.push(() => database.stop())
    expect(await query(database.ownerUrl, 'show fsync')).toBe('on')
    expect(await query(database.appUrl!, 'select current_user')).toBe('xunfang_app')
  })
})
