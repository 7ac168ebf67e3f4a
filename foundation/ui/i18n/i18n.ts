import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { rememberedStore } from '../store/remembered.ts'

export type Language = 'zh-CN' | 'en'

const isLanguage = (value: unknown): value is Language => value === 'zh-CN' || value === 'en'

/** Chinese unless this workstation chose English. */
export const languageChoice = rememberedStore<Language>('xunfang.language', 'zh-CN', isLanguage)

/** Namespace (capability name, `ui` or `console`) → its texts. */
export type Texts = Readonly<Record<string, Record<string, unknown>>>

/**
 * Starts the texts. Each language is loaded when first needed. The `refusal` part of every namespace is gathered into
 * the one namespace `refusal`, so that a refusal's code alone finds its text.
 */
export async function startTexts(load: (language: Language) => Promise<Texts>): Promise<i18n> {
  const language = languageChoice.get()
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: gathered(await load(language)) },
    fallbackLng: false,
    defaultNS: 'ui',
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = language
  languageChoice.subscribe(() => {
    void switchTo(languageChoice.get(), load)
  })
  return i18next
}

async function switchTo(language: Language, load: (language: Language) => Promise<Texts>): Promise<void> {
  const texts = gathered(await load(language))
  for (const [namespace, values] of Object.entries(texts)) {
    i18next.addResourceBundle(language, namespace, values, true, true)
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

export function gathered(texts: Texts): Record<string, Record<string, unknown>> {
  const refusal: Record<string, unknown> = {}
  for (const values of Object.values(texts)) Object.assign(refusal, values['refusal'] ?? {})
  return { ...texts, refusal }
}
