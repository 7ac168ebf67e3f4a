import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch } from '../../../foundation/ui/i18n/language-switch.tsx'
import { ThemeSwitch } from '../shell/theme-switch.tsx'
import './gate.css'

/** The frame of the pages before the sign-in. */
export function Gate({
  title,
  wide = false,
  children,
}: {
  title: string
  wide?: boolean
  children: ReactNode
}) {
  const { t } = useTranslation('console')
  return (
    <div className="gate">
      <header className="gate-top">
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main className="gate-card" data-wide={wide}>
        <div className="gate-mark">
          <img src="/icon.svg" width="36" height="36" alt="" />
          <div>
            <strong>{t('product')}</strong>
            <span>{t('tagline')}</span>
          </div>
        </div>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  )
}
