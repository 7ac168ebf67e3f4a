import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useStore } from '../store/store.ts'
import { languageChoice, type Language } from './i18n.ts'

export function LanguageSwitch() {
  const { t } = useTranslation('ui')
  const language = useStore(languageChoice)
  return (
    <Segmented<Language>
      size="small"
      aria-label={t('language')}
      value={language}
      options={[
        { value: 'zh-CN', label: '中文' },
        { value: 'en', label: 'English' },
      ]}
      onChange={(next) => languageChoice.set(next)}
    />
  )
}
