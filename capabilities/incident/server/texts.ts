import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../../foundation/server/migrate.ts'

export type Language = 'zh-CN' | 'en'
/** Finds a text by its key and fills `{{name}}`; a key without a text is shown as it is, never hidden. */
export type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string

const loaded = new Map<Language, unknown>()

/** The texts of incident for what the server writes itself: the PDF. The screens read the same files. */
export function textsIn(language: Language): Translate {
  const texts =
    loaded.get(language) ??
    JSON.parse(readFileSync(join(projectRoot(), 'capabilities/incident/locales', `${language}.json`), 'utf8'))
  loaded.set(language, texts)
  return (key, values = {}) => {
    const found = key
      .split('.')
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], texts)
    if (typeof found !== 'string') return key
    return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
  }
}
