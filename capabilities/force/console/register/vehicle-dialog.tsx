import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { RecordDialog } from '../../../../foundation/ui/form/record-dialog.tsx'
import { VEHICLE_KINDS } from '../../core/index.ts'
import { FORCE_READS, type ForceBoardRow, type VehicleRow } from '../force-api.ts'
import { OrganisationField } from './fields.tsx'

type VehicleForm = Omit<VehicleRow, 'id' | 'version'>

/** Adds a vehicle or changes its plate, kind or organisation. */
export function VehicleDialog({
  vehicle,
  board,
  onClose,
}: {
  vehicle: VehicleRow | null
  board: ForceBoardRow
  onClose: () => void
}) {
  const { t } = useTranslation('force')
  return (
    <RecordDialog<VehicleForm, VehicleRow>
      title={vehicle === null ? t('vehicle.add') : t('vehicle.change', { name: vehicle.plate })}
      stored={vehicle}
      toForm={(stored) => ({
        plate: stored?.plate ?? '',
        kind: stored?.kind ?? 'car',
        organisationId: stored?.organisationId ?? (undefined as unknown as string),
      })}
      versionOf={({ version }) => version}
      load={async () => {
        const { vehicles } = await api.get<{ vehicles: readonly VehicleRow[] }>('/api/vehicles')
        return vehicles.find(({ id }) => id === vehicle?.id) ?? null
      }}
      save={(body, options, stored) =>
        stored === null
          ? api.post('/api/vehicles', body, options)
          : api.patch(`/api/vehicles/${stored.id}`, body, options)
      }
      refresh={FORCE_READS}
      remove={
        vehicle === null
          ? undefined
          : { name: vehicle.plate, run: (options) => api.delete(`/api/vehicles/${vehicle.id}`, options) }
      }
      onClose={onClose}
    >
      <div className="form-grid">
        <Form.Item
          name="plate"
          label={t('vehicle.plate')}
          rules={[{ required: true, whitespace: true, max: 40 }]}
        >
          <Input autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="kind" label={t('vehicle.kind')} rules={[{ required: true }]}>
          <Select options={VEHICLE_KINDS.map((value) => ({ value, label: t(`vehicle-kind.${value}`) }))} />
        </Form.Item>
        <OrganisationField board={board} />
      </div>
    </RecordDialog>
  )
}
