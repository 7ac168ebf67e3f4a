import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadTexts } from './texts.ts'

const PROJECT = join(import.meta.dirname, '../..')

function flat(texts: object, under = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? flat(value as object, `${under}${key}.`)
      : [`${under}${key}`],
  )
}

/** Every file of a screen. */
function screens(): string[] {
  const folders = [
    'foundation/ui',
    'apps/console',
    ...readdirSync(join(PROJECT, 'capabilities')).map((name) => `capabilities/${name}/console`),
  ]
  return folders.flatMap((folder) => {
    try {
      return readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name) && !name.includes('.spec.'))
        .map((name) => join(folder, name))
    } catch {
      return []
    }
  })
}

/** Keys that a file asks for as they stand; those put together at run time are not seen here. */
function keysIn(file: string): string[] {
  const code = readFileSync(join(PROJECT, file), 'utf8')
  const own = /useTranslation\('([\w-]+)'\)/.exec(code)?.[1] ?? 'ui'
  const asked = [...code.matchAll(/\bt\(\s*'([^'$]+)'/g)].map((found) => found[1]!)
  const declared = [...code.matchAll(/\b(?:label|group): '([\w-]+:[^'$]+)'/g)].map((found) => found[1]!)
  return [...asked, ...declared].map((key) => (key.includes(':') ? key : `${own}:${key}`))
}

const known = (texts: Awaited<ReturnType<typeof loadTexts>>) =>
  new Set(Object.entries(texts).flatMap(([name, values]) => flat(values).map((key) => `${name}:${key}`)))

describe('texts of the console', () => {
  it('are the same in both languages, none empty', async () => {
    const [zh, en] = [await loadTexts('zh-CN'), await loadTexts('en')]
    expect([...known(zh)].filter((key) => !known(en).has(key))).toEqual([])
    expect([...known(en)].filter((key) => !known(zh).has(key))).toEqual([])
  })

  it('hold every key that a screen asks for', async () => {
    const texts = known(await loadTexts('zh-CN'))
    const missing = screens().flatMap((file) =>
      keysIn(file)
        .filter((key) => !texts.has(key))
        .map((key) => `${file}: ${key}`),
    )
    expect(missing).toEqual([])
  })

  it('find keys in many files, so that the check above checks something', () => {
    expect(screens().flatMap(keysIn).length).toBeGreaterThan(400)
  })
})
