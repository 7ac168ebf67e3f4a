import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROLES } from '../foundation/core/access.ts'
import { filesBelow } from './files-of-the-house.ts'
import { ROOT } from './planting.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const FILES = filesBelow('')
/** Printed where the server is started, in its own words: it reaches no screen. */
const AT_THE_TERMINAL = 'apps/server/arguments.ts'
const SERVED = FILES.filter(
  (path) =>
    /^(apps|capabilities|flows|foundation)\/.*\.tsx?$/.test(path) &&
    !/\.spec\.tsx?$/.test(path) &&
    path !== AT_THE_TERMINAL,
)

/** Where a refusal's code is not written at the call but handed in: the form in which it is written there instead. */
const HANDED_IN: Readonly<Record<string, RegExp>> = {
  'capabilities/place/server/osm/blobs.ts': /new OsmFileError\(\s*'([a-z0-9-]+)'/g,
  'foundation/server/identity/account.routes.ts': /'(invalid-password-[a-z-]+)'/g,
  'foundation/server/identity/me.routes.ts': /'(invalid-password-[a-z-]+)'/g,
  'foundation/server/identity/signin.routes.ts': /'(invalid-password-[a-z-]+)'/g,
}

/** The first argument of a call whose bracket opened just before `start`. */
function firstArgument(source: string, start: number): string {
  let depth = 0
  for (let at = start; at < source.length; at++) {
    const sign = source[at]!
    if (depth === 0 && (sign === ',' || sign === ')')) return source.slice(start, at)
    if ('([{'.includes(sign)) depth++
    if (')]}'.includes(sign)) depth--
  }
  return source.slice(start)
}

const LITERAL = /'([a-z][a-z0-9]*(?:-[a-z0-9]+)*)'/g
const found = (source: string, pattern: RegExp) => [...source.matchAll(pattern)].map((hit) => hit[1]!)

interface Collected {
  readonly codes: ReadonlyMap<string, string>
  /** Files in which `refuse` is given a code that is written elsewhere. */
  readonly unread: readonly string[]
}

/** Every refusal code in the source, with one file that gives it. */
function collect(): Collected {
  const codes = new Map<string, string>()
  const unread = new Set<string>()
  for (const path of SERVED) {
    const source = read(path)
    for (const call of source.matchAll(/(?<!function )\brefuse\(\s*/g)) {
      const written = found(firstArgument(source, call.index + call[0].length), LITERAL)
      if (written.length === 0) unread.add(path)
      for (const code of written) codes.set(code, path)
    }
    for (const code of found(source, /\brefused: '([a-z0-9-]+)'/g)) codes.set(code, path)
    // Problems that are no refusal: a status beside a code.
    for (const code of found(source, /status: [^{}]*?\bcode: '([a-z0-9-]+)'/g)) codes.set(code, path)
    for (const line of found(source, /\bcode: (status === .*)/g))
      for (const code of found(line, LITERAL)) codes.set(code, path)
    for (const pattern of new Set(Object.values(HANDED_IN).map((form) => form.source)))
      for (const code of found(source, new RegExp(pattern, 'g'))) codes.set(code, path)
  }
  return { codes, unread: [...unread] }
}

type Texts = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>
const TEXTS_OF = (language: string) =>
  FILES.filter((path) => path.endsWith(`/locales/${language}.json`)).map(
    (path) => JSON.parse(read(path)) as Texts,
  )

describe('what a person is told', () => {
  const { codes, unread } = collect()

  it('is collected from the source', () => {
    expect(codes.size).toBeGreaterThan(120)
    expect([...codes.keys()]).toEqual(
      expect.arrayContaining([
        'unit-already-assigned', // refuse('…')
        'osm-truncated', // handed to a constructor
        'invalid-password-too-short', // given by a rule of its own
        'too-many-requests', // a problem of the HTTP layer
        'database-unavailable',
      ]),
    )
  })

  it('misses no code that is handed to a refusal from elsewhere', () => {
    expect([...unread].sort()).toEqual(Object.keys(HANDED_IN).sort())
  })

  describe.each(['zh-CN', 'en'])('in %s', (language) => {
    const texts = TEXTS_OF(language)

    it('says what each refusal means', () => {
      const told = new Set(texts.flatMap((file) => Object.keys(file['refusal'] ?? {})))
      expect([...codes].filter(([code]) => !told.has(code))).toEqual([])
    })

    it('names each role', () => {
      const names = (JSON.parse(read(`apps/console/locales/${language}.json`)) as Texts)['role'] ?? {}
      expect(ROLES.filter((role) => !names[role])).toEqual([])
    })
  })
})
