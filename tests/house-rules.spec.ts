import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesBelow } from './files-of-the-house.ts'
import { ROOT } from './planting.ts'

const LONGEST_FILE_LINES = 450

const ALL = filesBelow('')
const TEXT = ALL.filter((path) =>
  /\.(ts|tsx|mjs|cjs|js|json|md|sql|css|html|yml|yaml|sh)$|^\.ci\/|^\.\w+rc$/.test(path),
)
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** A table of data, `const NAME = [` to its closing bracket, is one idea however long it is: it counts as one line. */
function linesOf(path: string): number {
  let lines = 0
  let inTable = false
  for (const line of read(path).split('\n')) {
    if (inTable) inTable = !/^[\])}].*[^[{(]$|^[\])}]$/.test(line)
    else {
      lines++
      inTable = /^(export )?const [A-Z][A-Z0-9_]*\b.*[[{(]$/.test(line)
    }
  }
  return lines
}

describe('the files of the house', () => {
  it('are found', () => {
    expect(TEXT.length).toBeGreaterThan(100)
  })

  it('hold one idea each', () => {
    const long = ALL.filter((path) => /\.(tsx?|mjs)$/.test(path)).filter(
      (path) => linesOf(path) > LONGEST_FILE_LINES,
    )
    expect(long).toEqual([])
  })

  it('have no drawer for odds and ends', () => {
    const drawers = /(^|\/)(utils?|helpers?|common|misc|managers?)(\.\w+)*(\/|$)/i
    expect(ALL.filter((path) => drawers.test(path))).toEqual([])
  })

  it('name no package registry and no folder of the machine they were written on', () => {
    // Written in pieces, or this file would be the one that is found.
    const hosts = [
      ['registry', 'npmjs', 'org'],
      ['registry', 'yarnpkg', 'com'],
      ['registry', 'npmmirror', 'com'],
      ['deb', 'debian', 'org'],
      ['pypi', 'org'],
    ]
    const named = new RegExp(
      [...hosts.map((host) => host.join('\\.')), `(^|[^\\w.~)-])/${'work'}/`, `\\.${'library'}/`].join('|'),
      'm',
    )
    expect(TEXT.filter((path) => named.test(read(path)))).toEqual([])
  })
})

type Texts = { readonly [key: string]: string | Texts }

function flatten(texts: Texts, above = ''): [key: string, text: string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[above + key, value] as [string, string]]
      : flatten(value, `${above}${key}.`),
  )
}

const LANGUAGE_FOLDERS = ALL.filter((path) => basename(path) === 'zh-CN.json').map((path) =>
  path.slice(0, -'/zh-CN.json'.length),
)
const placeholders = (text: string) =>
  [...text.matchAll(/\{\{\s*[-\w]+/g)].map((found) => found[0].replace(/\s/g, '')).sort()
/** i18next: English has a form for one and one for many, Chinese one for all. */
const withoutPlural = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '')

describe('the texts for people', () => {
  it('are found', () => {
    expect(LANGUAGE_FOLDERS.length).toBeGreaterThan(1)
  })

  it('have an English file wherever there is a Chinese one, and the other way round', () => {
    const english = ALL.filter((path) => basename(path) === 'en.json').map((path) =>
      path.slice(0, -'/en.json'.length),
    )
    expect(english.sort()).toEqual([...LANGUAGE_FOLDERS].sort())
  })

  describe.each(LANGUAGE_FOLDERS)('in %s', (folder) => {
    const load = (language: string) =>
      flatten(
        JSON.parse(
          existsSync(join(ROOT, folder, `${language}.json`)) ? read(`${folder}/${language}.json`) : '{}',
        ) as Texts,
      )
    const chinese = load('zh-CN')
    const english = load('en')

    it('have the same keys in both languages', () => {
      const keys = (texts: typeof chinese) => [...new Set(texts.map(([key]) => withoutPlural(key)))].sort()
      expect(keys(english)).toEqual(keys(chinese))
    })

    it('say something everywhere', () => {
      expect([...chinese, ...english].filter(([, text]) => text.trim() === '')).toEqual([])
    })

    it('fill in the same values in both languages', () => {
      const inEnglish = new Map(english)
      const differing = chinese.filter(([key, text]) => {
        const other = inEnglish.get(key)
        return other !== undefined && String(placeholders(other)) !== String(placeholders(text))
      })
      expect(differing.map(([key]) => key)).toEqual([])
    })
  })
})
