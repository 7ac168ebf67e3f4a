import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useRested } from '../../place/console/index.tsx'

interface OfficerName {
  readonly id: string
  readonly badgeNumber: string
  readonly name: string
}

/** Each look is written to the audit log, so it waits until the typing rests. */
const PAUSE_MILLISECONDS = 400

const namesQuery = (sought: { q: string } | { id: string } | null) => ({
  queryKey: ['officer-names', sought],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    api.get<{ officers: readonly OfficerName[] }>('/api/officer-names', { ...sought }, signal),
  enabled: sought !== null,
  staleTime: 5 * 60_000,
})

/** Finds one officer by badge number or name, for those who may not read the force. */
export function OfficerPicker({
  value = null,
  onChange,
  id,
}: {
  value?: string | null
  onChange?: (officerId: string | null) => void
  id?: string
}) {
  const { t } = useTranslation('force')
  const [words, setWords] = useState('')
  const rested = useRested(words.trim(), PAUSE_MILLISECONDS)
  const found = useQuery({
    ...namesQuery(rested === '' ? null : { q: rested }),
    placeholderData: keepPreviousData,
  })
  const chosen = useQuery(namesQuery(value === null ? null : { id: value })).data?.officers ?? []
  const shown = rested === '' ? chosen : (found.data?.officers ?? [])
  const known = value === null || [...shown, ...chosen].some((each) => each.id === value)
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      allowClear
      showSearch={{ filterOption: false, searchValue: words, onSearch: setWords }}
      placeholder={t('picker.placeholder')}
      loading={found.isFetching}
      notFoundContent={t(
        rested === '' ? 'picker.type' : found.isFetching ? 'picker.looking' : 'picker.nobody',
      )}
      value={value}
      options={[
        ...(known ? [] : [{ value: value, label: value }]),
        ...[...shown, ...chosen.filter(({ id: each }) => !shown.some((other) => other.id === each))].map(
          (officer) => ({ value: officer.id, label: `${officer.badgeNumber} ${officer.name}` }),
        ),
      ]}
      onChange={(officerId: string | undefined) => onChange?.(officerId ?? null)}
    />
  )
}
