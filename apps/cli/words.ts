import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../foundation/server/migrate.ts'

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
export type Values = Readonly<Record<string, string | number>>

/** What the command line says, in both languages unless one is asked for. */
export interface Words {
  /** The text of a key in each language that is spoken, one a line or parted by `between`. A key without a text is shown as it is. */
  text(key: string, values?: Values, between?: string): string
  /** To stdout: results. */
  say(key: string, values?: Values): void
  /** To stderr: progress and faults, so that results can be piped. */
  note(key: string, values?: Values): void
  has(key: string): boolean
}

/** Our own texts first, then those of the rooms whose refusals, notes and causes we tell. */
const BOOKS = ['apps/cli', 'capabilities/place', 'capabilities/force', 'capabilities/incident']

export function openWords(languages: readonly Language[]): Words {
  const shelves = languages.map((language) =>
    BOOKS.map(
      (book) =>
        JSON.parse(readFileSync(join(projectRoot(), book, 'locales', `${language}.json`), 'utf8')) as unknown,
    ),
  )
  const find = (shelf: readonly unknown[], key: string): string | null => {
    for (const book of shelf) {
      const found = key
        .split('.')
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], book)
      if (typeof found === 'string') return found
    }
    return null
  }
  const fill = (text: string, values: Values) =>
    text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
  const words: Words = {
    text: (key, values = {}, between = '\n') =>
      shelves.map((shelf) => fill(find(shelf, key) ?? key, values)).join(between),
    say: (key, values) => console.log(words.text(key, values)),
    note: (key, values) => console.error(words.text(key, values)),
    has: (key) => shelves.every((shelf) => find(shelf, key) !== null),
  }
  return words
}
