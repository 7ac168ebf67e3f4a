import { useQuery } from '@tanstack/react-query'
import { Checkbox, Form, Input, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { RecordDialog } from '../../../../foundation/ui/form/record-dialog.tsx'
import { useMay } from '../../../../foundation/ui/session/session.tsx'
import { FORCE_READS, officerNamesQuery, type ForceBoardRow, type OfficerRow } from '../force-api.ts'
import { CodesField, OrganisationField } from './fields.tsx'

interface OfficerForm {
  readonly badgeNumber: string
  readonly organisationId: string
  readonly sworn: boolean
  readonly patrolCapable: boolean
  readonly skills: readonly string[]
  readonly name?: string | undefined
  readonly phone?: string | null | undefined
}

/** Adds an officer or changes the record. Name and telephone are there for those who may read them. */
export function OfficerDialog({
  officer,
  board,
  onClose,
}: {
  officer: OfficerRow | null
  board: ForceBoardRow
  onClose: () => void
}) {
  const { t } = useTranslation('force')
  const mayReadNames = useMay()('force.read-persons')
  const wanted = officer !== null && mayReadNames
  const names = useQuery({ ...officerNamesQuery, enabled: wanted })
  if (wanted && names.isPending) return null
  const person = names.data?.officers.find(({ id }) => id === officer?.id)
  const showsPerson = officer === null || person !== undefined
  return (
    <RecordDialog<OfficerForm, OfficerRow>
      title={officer === null ? t('officer.add') : t('officer.change', { name: officer.badgeNumber })}
      stored={officer}
      toForm={(stored) => ({
        badgeNumber: stored?.badgeNumber ?? '',
        organisationId: stored?.organisationId ?? (undefined as unknown as string),
        sworn: stored?.sworn ?? true,
        patrolCapable: stored?.patrolCapable ?? true,
        skills: stored?.skills ?? [],
        ...(showsPerson ? { name: person?.name ?? '', phone: person?.phone ?? '' } : {}),
      })}
      versionOf={({ version }) => version}
      load={() => api.get<OfficerRow>(`/api/officers/${officer?.id}`)}
      save={({ phone, ...values }, options, stored) => {
        const body = { ...values, ...(showsPerson ? { phone: phone?.trim() ? phone.trim() : null } : {}) }
        return stored === null
          ? api.post('/api/officers', body, options)
          : api.patch(`/api/officers/${stored.id}`, body, options)
      }}
      refresh={[...FORCE_READS, officerNamesQuery.queryKey]}
      remove={
        officer === null
          ? undefined
          : {
              name: officer.badgeNumber,
              run: (options) => api.delete(`/api/officers/${officer.id}`, options),
            }
      }
      onClose={onClose}
    >
      <div className="form-grid">
        <Form.Item
          name="badgeNumber"
          label={t('officer.badge')}
          rules={[{ required: true, whitespace: true, max: 40 }]}
        >
          <Input autoFocus className="mono" autoComplete="off" />
        </Form.Item>
        <OrganisationField board={board} />
        {showsPerson && (
          <>
            <Form.Item
              name="name"
              label={t('officer.name')}
              rules={[{ required: true, whitespace: true, max: 100 }]}
            >
              <Input autoComplete="off" />
            </Form.Item>
            <Form.Item name="phone" label={t('officer.phone')} rules={[{ max: 40 }]}>
              <Input autoComplete="off" inputMode="tel" />
            </Form.Item>
          </>
        )}
        <Form.Item name="sworn" label={t('officer.kind')}>
          <Radio.Group
            options={[
              { value: true, label: t('officer.sworn') },
              { value: false, label: t('officer.auxiliary') },
            ]}
          />
        </Form.Item>
        <Form.Item name="patrolCapable" label={t('officer.capable')} valuePropName="checked">
          <Checkbox>{t('ui:yes')}</Checkbox>
        </Form.Item>
        <CodesField board={board} of="skills" label={t('unit.skill')} />
        {officer !== null && (
          <p className="muted wide">
            {t('officer.id')} <code className="mono">{officer.id}</code>
          </p>
        )}
        {!showsPerson && <p className="muted wide">{t('officer.names-hidden')}</p>}
      </div>
    </RecordDialog>
  )
}
