import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { incidentTypesQuery } from './incident-api.ts'

/** Type-ahead on the dictionary: by code, Chinese or English name, whatever is typed. */
export function TypeInput({
  value,
  onChange,
  id,
  autoFocus = false,
  onChosen,
}: {
  value?: string
  onChange?: (code: string) => void
  id?: string
  autoFocus?: boolean
  /** A type was chosen, by Enter, Tab or click: the next field may take the focus. */
  onChosen?: () => void
}) {
  const { t, i18n } = useTranslation('incident')
  const types = useQuery(incidentTypesQuery)
  const isEnglish = i18n.language === 'en'
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      {...(value === undefined ? {} : { value })}
      autoFocus={autoFocus}
      showSearch={{
        filterOption: (text, option) => String(option?.['search'] ?? '').includes(text.trim().toLowerCase()),
      }}
      loading={types.isPending}
      placeholder={t('intake.type-hint')}
      options={(types.data?.types ?? []).map(({ code, nameZh, nameEn, urgent }) => ({
        value: code,
        search: `${code} ${nameZh} ${nameEn}`.toLowerCase(),
        label: (
          <span style={{ display: 'flex', gap: 10 }}>
            <span className="mono faint">{code}</span>
            <span>{isEnglish ? nameEn : nameZh}</span>
            {urgent && (
              <span style={{ marginLeft: 'auto', color: 'var(--danger)' }}>{t('intake.urgent')}</span>
            )}
          </span>
        ),
      }))}
      onChange={(code: string) => onChange?.(code)}
      {...(onChosen ? { onSelect: onChosen } : {})}
    />
  )
}
