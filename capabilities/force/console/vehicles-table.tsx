import { Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { useOrganisationName, type ForceBoardRow, type VehicleRow } from './force-api.ts'
import { StatusText } from './status-mark.tsx'

export function VehiclesTable({ board, rows }: { board: ForceBoardRow; rows: readonly VehicleRow[] }) {
  const { t } = useTranslation('force')
  const organisationName = useOrganisationName()
  const unitOf = new Map(
    board.units.flatMap((unit) => (unit.vehicleId === null ? [] : [[unit.vehicleId, unit] as const])),
  )
  return (
    <Table<VehicleRow>
      size="small"
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
      ]}
    />
  )
}
