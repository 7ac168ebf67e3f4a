import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { RecordDialog } from '../../../../foundation/ui/form/record-dialog.tsx'
import { UNIT_KINDS } from '../../core/index.ts'
import { FORCE_READS, useKnownNames, type ForceBoardRow, type UnitRow } from '../force-api.ts'
import { CrewField } from './crew-field.tsx'
import { CodesField, OrganisationField } from './fields.tsx'

type UnitForm = Omit<UnitRow, 'id' | 'servingOrganisationId' | 'status' | 'statusSinceAt' | 'version'>

const toForm = (unit: UnitRow | null): UnitForm => ({
  callSign: unit?.callSign ?? '',
  kind: unit?.kind ?? 'car',
  organisationId: unit?.organisationId ?? (undefined as unknown as string),
  memberOfficerIds: unit?.memberOfficerIds ?? [],
  leaderOfficerId: unit?.leaderOfficerId ?? null,
  vehicleId: unit?.vehicleId ?? null,
  skills: unit?.skills ?? [],
  equipment: unit?.equipment ?? [],
})

/** Sets up a unit or changes what it is made of. */
export function UnitDialog({
  unit,
  board,
  onClose,
}: {
  unit: UnitRow | null
  board: ForceBoardRow
  onClose: () => void
}) {
  const { t } = useTranslation('force')
  return (
    <RecordDialog<UnitForm, UnitRow>
      title={unit === null ? t('unit.add') : t('unit.change', { name: unit.callSign })}
      width={720}
      stored={unit}
      toForm={toForm}
      versionOf={({ version }) => version}
      load={() => api.get<UnitRow>(`/api/units/${unit?.id}`)}
      save={(values, options, stored) => {
        // A cleared choice comes as undefined, which would mean «as it was».
        const body = {
          ...values,
          leaderOfficerId: values.leaderOfficerId ?? null,
          vehicleId: values.vehicleId ?? null,
        }
        return stored === null
          ? api.post('/api/units', body, options)
          : api.patch(`/api/units/${stored.id}`, body, options)
      }}
      refresh={FORCE_READS}
      remove={
        unit === null
          ? undefined
          : { name: unit.callSign, run: (options) => api.delete(`/api/units/${unit.id}`, options) }
      }
      onClose={onClose}
    >
      <UnitFields unit={unit} board={board} />
    </RecordDialog>
  )
}

function UnitFields({ unit, board }: { unit: UnitRow | null; board: ForceBoardRow }) {
  const { t } = useTranslation('force')
  const names = useKnownNames()
  const form = Form.useFormInstance<UnitForm>()
  const organisationId = Form.useWatch('organisationId', form)
  const crew = Form.useWatch('memberOfficerIds', form) ?? []
  const userOf = new Map(
    board.units
      .filter(({ id, vehicleId }) => vehicleId !== null && id !== unit?.id)
      .map(({ vehicleId, callSign }) => [vehicleId, callSign]),
  )
  const leaders = board.officers.filter(({ id, sworn }) => sworn && crew.includes(id))
  return (
    <div className="form-grid">
      <Form.Item
        name="callSign"
        label={t('unit.call-sign')}
        rules={[{ required: true, whitespace: true, max: 40 }]}
      >
        <Input autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item name="kind" label={t('unit.kind')} rules={[{ required: true }]}>
        <Select options={UNIT_KINDS.map((value) => ({ value, label: t(`unit-kind.${value}`) }))} />
      </Form.Item>
      <OrganisationField board={board} />
      <Form.Item name="vehicleId" label={t('unit.vehicle')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('ui:none')}
          options={board.vehicles
            .filter((vehicle) => vehicle.organisationId === organisationId || vehicle.id === unit?.vehicleId)
            .map(({ id, plate, kind }) => ({
              value: id,
              disabled: userOf.has(id),
              label: `${plate} ${t(`vehicle-kind.${kind}`)}${userOf.has(id) ? `（${userOf.get(id)}）` : ''}`,
            }))}
        />
      </Form.Item>
      <Form.Item name="memberOfficerIds" label={t('unit.crew')} className="wide">
        <CrewField board={board} unitId={unit?.id ?? null} organisationId={organisationId} />
      </Form.Item>
      <Form.Item
        name="leaderOfficerId"
        label={t('unit.leader')}
        // The leader who left the crew is no longer its leader.
        dependencies={['memberOfficerIds']}
        getValueProps={(value: string | null) => ({
          value: value !== null && crew.includes(value) ? value : undefined,
        })}
      >
        <Select
          allowClear
          placeholder={t('ui:none')}
          options={leaders.map(({ id, badgeNumber }) => ({
            value: id,
            label: `${badgeNumber} ${names.get(id)?.name ?? ''}`.trim(),
          }))}
        />
      </Form.Item>
      <CodesField board={board} of="skills" label={t('unit.skill')} />
      <CodesField board={board} of="equipment" label={t('unit.equipment')} />
    </div>
  )
}
