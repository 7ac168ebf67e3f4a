import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { run } from '../run.ts'
import { checkWrittenRoster } from './check-written-roster.ts'
import { makeUpInstance } from './made-up-instance.ts'

const folder = mkdtempSync(join(tmpdir(), 'xunfang-roster-'))
let said: string[] = []
beforeEach(() => {
  said = []
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text))
  vi.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text))
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})
const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
/** Seconds count from the start of the process, which in a spec lies back. */
const within = (seconds: number) => String(Math.ceil(performance.now() / 1_000) + seconds)

describe('xunfang roster benchmark', () => {
  it('writes the optimum of a small instance with its bound, and every shift', async () => {
    const text = makeUpInstance({ employees: 5, days: 14, shifts: 2, seed: 8 })
    const json = join(folder, 'out.json')
    const file = write('small.txt', text)
    expect(await run(['roster', 'benchmark', file, '--seconds', within(20), '--json', json])).toBe(0)
    const written = JSON.parse(readFileSync(json, 'utf8'))
    expect(Object.keys(written)).toEqual(['objective', 'bound', 'seconds', 'assignments'])
    expect(written.bound).toBe(written.objective)
    expect(checkWrittenRoster(text, written.assignments)).toEqual({
      objective: written.objective,
      breaches: [],
    })
    expect(said.join('\n')).toContain('按原文件核验无误')
  })

  it('refuses a damaged file with its lines, and a command line that asks for no time', async () => {
    const file = write(
      'damaged.txt',
      makeUpInstance({ employees: 2, days: 7, shifts: 1, seed: 1 }).replace('S1,480', 'S1,x'),
    )
    expect(await run(['roster', 'benchmark', file])).toBe(3)
    expect(said.join('\n')).toContain('line 6: «x» should be a whole number')
    expect(await run(['roster', 'benchmark', join(folder, 'none.txt')])).toBe(3)
    expect(await run(['roster', 'benchmark', file, '--seconds', '0'])).toBe(2)
    expect(await run(['roster', 'benchmark'])).toBe(2)
  })

  it('says so when there can be no roster, and writes none', async () => {
    const text = makeUpInstance({ employees: 2, days: 14, shifts: 1, seed: 1 })
    const file = write('impossible.txt', text.replace(/^(P1,S1=14),\d+,\d+/m, '$1,6720,6720'))
    const json = join(folder, 'impossible.json')
    expect(await run(['roster', 'benchmark', file, '--seconds', within(20), '--json', json])).toBe(3)
    expect(said.join('\n')).toContain('no valid roster')
    expect(existsSync(json)).toBe(false)
  })
})
