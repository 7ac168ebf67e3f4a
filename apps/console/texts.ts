import type { Language, Texts } from '../../foundation/ui/i18n/i18n.ts'

type Modules = Record<string, { default: Record<string, unknown> }>

const zh = () => import('./texts.zh-CN.ts')
const en = () => import('./texts.en.ts')

/** Loads one language: the texts of the shell, of foundation/ui and of every capability. */
export async function loadTexts(language: Language): Promise<Texts> {
  const { modules } = await (language === 'en' ? en() : zh())
  return namespaces(modules)
}

function namespaces(modules: Modules): Texts {
  const texts: Record<string, Record<string, unknown>> = {}
  for (const [path, { default: values }] of Object.entries(modules)) {
    const name = /([^/]+)\/locales\//.exec(path)?.[1] ?? 'console'
    texts[path.startsWith('./') ? 'console' : name] = values
  }
  return texts
}
