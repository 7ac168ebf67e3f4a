import { useQuery } from '@tanstack/react-query'
import { Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../foundation/ui/form/ask-reason.tsx'
import { distanceMetres } from '../../../foundation/core/geo.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { openIncidentsQuery, useTypeName, type IncidentRow } from './incident-api.ts'

interface Merging {
  readonly intoId: string
  readonly reason: string
}

/** Merges this incident into another open one; the nearest stands first. */
export function MergeDialog({
  incident,
  open,
  onClose,
}: {
  incident: IncidentRow
  open: boolean
  onClose: () => void
}) {
  const { t } = useTranslation('incident')
  const typeName = useTypeName()
  const format = useFormat()
  const others = (useQuery(openIncidentsQuery).data?.incidents ?? [])
    .filter(({ id }) => id !== incident.id)
    .map((other) => ({ other, metres: distanceMetres(other.position, incident.position) }))
    .toSorted((a, b) => a.metres - b.metres)
  const merge = useCommand<Merging, IncidentRow>({
    run: (body, idempotencyKey) => api.post(`/api/incidents/${incident.id}/merge`, body, { idempotencyKey }),
    refresh: [['incident'], ['incidents'], ['assignments']],
    done: onClose,
    failed: () => true,
  })
  return (
    <AskReason<Merging>
      focusElsewhere
      open={open}
      title={t('merge.title', { number: incident.number })}
      lead={t('merge.lead')}
      busy={merge.isPending}
      failure={merge.error}
      onCancel={onClose}
      onConfirm={(merging) => merge.mutate(merging)}
    >
      <Form.Item name="intoId" label={t('merge.into')} rules={[{ required: true }]}>
        <Select
          autoFocus
          showSearch={{ optionFilterProp: 'label' }}
          options={others.map(({ other, metres }) => ({
            value: other.id,
            label: `${other.number} · ${typeName(other.typeCode)} · ${other.address} · ${format.distance(metres)}`,
          }))}
        />
      </Form.Item>
    </AskReason>
  )
}

/** Opens a closed or merged incident again, with the reason. */
export function ReopenDialog({
  incident,
  open,
  onClose,
}: {
  incident: IncidentRow
  open: boolean
  onClose: () => void
}) {
  const { t } = useTranslation('incident')
  const reopen = useCommand<{ reason: string }, IncidentRow>({
    run: (body, idempotencyKey) => api.post(`/api/incidents/${incident.id}/reopen`, body, { idempotencyKey }),
    refresh: [['incident'], ['incidents']],
    done: onClose,
    failed: () => true,
  })
  return (
    <AskReason<{ reason: string }>
      open={open}
      title={t('reopen.title', { number: incident.number })}
      busy={reopen.isPending}
      failure={reopen.error}
      onCancel={onClose}
      onConfirm={({ reason }) => reopen.mutate({ reason })}
    />
  )
}
