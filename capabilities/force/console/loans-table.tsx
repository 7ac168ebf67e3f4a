import { Button, Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty } from '../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { forceBoardQuery, useOrganisationName, type ForceBoardRow, type LoanRow } from './force-api.ts'

export function LoansTable({ board, rows }: { board: ForceBoardRow; rows: readonly LoanRow[] }) {
  const { t } = useTranslation('force')
  const may = useMay()
  const format = useFormat()
  const organisationName = useOrganisationName()
  const back = useCommand<string, unknown>({
    run: (id, idempotencyKey) => api.post(`/api/loans/${id}/return`, {}, { idempotencyKey }),
    refresh: [forceBoardQuery.queryKey, ['street-strength']],
  })
  if (rows.length === 0) return <Empty text={t('lend.none')} />
  return (
    <Table<LoanRow>
      size="small"
      scroll={{ x: 'max-content' }}
      rowKey="id"
      dataSource={[...rows]}
      pagination={false}
      columns={[
        {
          title: t('lend.what'),
          render: (_, { subject }) => (
            <strong>
              {subject.kind === 'unit'
                ? board.units.find(({ id }) => id === subject.unitId)?.callSign
                : board.officers.find(({ id }) => id === subject.officerId)?.badgeNumber}
            </strong>
          ),
        },
        {
          title: t('lend.from'),
          render: (_, { fromOrganisationId }) => organisationName(fromOrganisationId),
        },
        { title: t('lend.to'), render: (_, { toOrganisationId }) => organisationName(toOrganisationId) },
        { title: t('lend.starts'), render: (_, { startsAt }) => format.short(startsAt) },
        {
          title: t('lend.ends'),
          render: (_, { endsAt }) => (endsAt === null ? t('lend.open-end') : format.short(endsAt)),
        },
        { title: t('ui:field.reason'), dataIndex: 'reason' },
        {
          title: '',
          align: 'right',
          render: (_, { id, returnedAt }) =>
            may('force.lend') &&
            returnedAt === null && (
              <Button loading={back.isPending && back.variables === id} onClick={() => back.mutate(id)}>
                {t('lend.return')}
              </Button>
            ),
        },
      ]}
    />
  )
}
