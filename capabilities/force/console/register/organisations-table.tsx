import { Button, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../../foundation/ui/session/session.tsx'
import { useKnownNames, useOrganisationName, type ForceBoardRow, type OrganisationRow } from '../force-api.ts'
import { OrganisationDialog } from './organisation-dialog.tsx'
import { organisationTree } from './organisation-tree.ts'

/** The tree of organisations with what belongs to each. */
export function OrganisationsTable({ board }: { board: ForceBoardRow }) {
  const { t } = useTranslation('force')
  const mayManage = useMay()('force.manage-organisations')
  const names = useKnownNames()
  const organisationName = useOrganisationName()
  const [editing, setEditing] = useState<OrganisationRow | 'new' | null>(null)
  const countOf = (rows: readonly { organisationId: string }[], id: string) =>
    rows.filter(({ organisationId }) => organisationId === id).length
  const commanderOf = ({ dutyCommanderOfficerId }: OrganisationRow) => {
    const officer = board.officers.find(({ id }) => id === dutyCommanderOfficerId)
    return officer ? `${officer.badgeNumber} ${names.get(officer.id)?.name ?? ''}`.trim() : '—'
  }
  return (
    <>
      {mayManage && (
        <div className="force-actions">
          <Button type="primary" onClick={() => setEditing('new')}>
            {t('organisation.add')}
          </Button>
        </div>
      )}
      <Table<OrganisationRow>
        size="small"
        rowKey="id"
        scroll={{ x: 'max-content' }}
        pagination={false}
        dataSource={organisationTree(board.organisations, (row) => row) as OrganisationRow[]}
        expandable={{ defaultExpandAllRows: true }}
        columns={[
          { title: t('ui:field.name'), render: (_, { id }) => <strong>{organisationName(id)}</strong> },
          { title: t('organisation.code'), render: (_, { code }) => <span className="mono">{code}</span> },
          { title: t('organisation.kind'), render: (_, { kind }) => t(`organisation-kind.${kind}`) },
          { title: t('organisation.commander'), render: (_, row) => commanderOf(row) },
          { title: t('page.officers'), align: 'right', render: (_, { id }) => countOf(board.officers, id) },
          { title: t('page.units'), align: 'right', render: (_, { id }) => countOf(board.units, id) },
          { title: t('page.vehicles'), align: 'right', render: (_, { id }) => countOf(board.vehicles, id) },
          {
            title: '',
            align: 'right',
            render: (_, row) =>
              mayManage && (
                <span className="row-actions">
                  <Button size="small" onClick={() => setEditing(row)}>
                    {t('ui:action.edit')}
                  </Button>
                </span>
              ),
          },
        ]}
      />
      {editing !== null && (
        <OrganisationDialog
          organisation={editing === 'new' ? null : editing}
          board={board}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  )
}
