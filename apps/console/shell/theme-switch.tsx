import { useTranslation } from 'react-i18next'
import { Segmented } from 'antd'
import { useStore } from '../../../foundation/ui/store/store.ts'
import { themeChoice } from '../../../foundation/ui/theme/theme.tsx'
import type { ThemeName } from '../../../foundation/ui/theme/palette.ts'

export function ThemeSwitch() {
  const { t } = useTranslation('console')
  const theme = useStore(themeChoice)
  return (
    <Segmented<ThemeName>
      size="small"
      aria-label={t('theme.label')}
      value={theme}
      options={[
        { value: 'dark', label: t('theme.dark') },
        { value: 'light', label: t('theme.light') },
      ]}
      onChange={(next) => themeChoice.set(next)}
    />
  )
}
