import { Button, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { useOrganisationName, type ForceBoardRow, type VehicleRow } from './force-api.ts'
import { VehicleDialog } from './register/vehicle-dialog.tsx'
import { StatusText } from './status-mark.tsx'

export function VehiclesTable({ board, rows }: { board: ForceBoardRow; rows: readonly VehicleRow[] }) {
  const { t } = useTranslation('force')
  const mayManage = useMay()('force.manage')
  const organisationName = useOrganisationName()
  const [editing, setEditing] = useState<VehicleRow | 'new' | null>(null)
  const unitOf = new Map(
    board.units.flatMap((unit) => (unit.vehicleId === null ? [] : [[unit.vehicleId, unit] as const])),
  )
  return (
    <>
      {mayManage && (
        <div className="force-actions">
          <Button type="primary" onClick={() => setEditing('new')}>
            {t('vehicle.add')}
          </Button>
        </div>
      )}
      <Table<VehicleRow>
        size="small"
        scroll={{ x: 'max-content' }}
        rowKey="id"
        dataSource={[...rows]}
        pagination={{ pageSize: 30, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { title: t('vehicle.plate'), render: (_, { plate }) => <strong>{plate}</strong> },
          { title: t('vehicle.kind'), render: (_, { kind }) => t(`vehicle-kind.${kind}`) },
          {
            title: t('officer.organisation'),
            render: (_, { organisationId }) => organisationName(organisationId),
          },
          { title: t('officer.unit'), render: (_, { id }) => unitOf.get(id)?.callSign ?? '—' },
          {
            title: t('unit.status'),
            render: (_, { id }) => {
              const unit = unitOf.get(id)
              return unit ? <StatusText status={unit.status} /> : '—'
            },
          },
          {
            title: '',
            align: 'right',
            render: (_, vehicle) =>
              mayManage && (
                <span className="row-actions">
                  <Button size="small" onClick={() => setEditing(vehicle)}>
                    {t('ui:action.edit')}
                  </Button>
                </span>
              ),
          },
        ]}
      />
      {editing !== null && (
        <VehicleDialog
          vehicle={editing === 'new' ? null : editing}
          board={board}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  )
}
