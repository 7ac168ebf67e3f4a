import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './migrate.ts'

export type Language = 'zh-CN' | 'en'
/** Finds a text by its key and fills `{{name}}`; a key without a text is shown as it is, never hidden. */
export type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string

const loaded = new Map<string, unknown>()

/** The texts of a capability for what the server writes itself: PDFs. The screens read the same files. */
export function textsOf(capability: string, language: Language): Translate {
  const file = join('capabilities', capability, 'locales', `${language}.json`)
  const texts = loaded.get(file) ?? JSON.parse(readFileSync(join(projectRoot(), file), 'utf8'))
  loaded.set(file, texts)
  return (key, values = {}) => {
    const found = key
      .split('.')
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], texts)
    if (typeof found !== 'string') return key
    return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
  }
}
