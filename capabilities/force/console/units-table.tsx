import { Button, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { UNIT_STATUSES } from '../core/index.ts'
import {
  useKnownNames,
  useOrganisationName,
  useSkillNames,
  type ForceBoardRow,
  type UnitRow,
} from './force-api.ts'
import { LendDialog, type LendSubject } from './lend-dialog.tsx'
import { StatusHistory } from './register/status-history.tsx'
import { UnitDialog } from './register/unit-dialog.tsx'
import { StatusText } from './status-mark.tsx'
import { UnitStatusMenu } from './unit-status-menu.tsx'

export function UnitsTable({ board, rows }: { board: ForceBoardRow; rows: readonly UnitRow[] }) {
  const { t } = useTranslation('force')
  const may = useMay()
  const organisationName = useOrganisationName()
  const skillNames = useSkillNames()
  const names = useKnownNames()
  const [lending, setLending] = useState<LendSubject | null>(null)
  const [editing, setEditing] = useState<UnitRow | 'new' | null>(null)
  const [historyOf, setHistory] = useState<UnitRow | null>(null)
  const mayManage = may('force.manage')
  const badgeOf = new Map(board.officers.map(({ id, badgeNumber }) => [id, badgeNumber]))
  const plateOf = new Map(board.vehicles.map(({ id, plate }) => [id, plate]))
  return (
    <>
      {mayManage && (
        <div className="force-actions">
          <Button type="primary" onClick={() => setEditing('new')}>
            {t('unit.add')}
          </Button>
        </div>
      )}
      <Table<UnitRow>
        size="small"
        scroll={{ x: 1120 }}
        rowKey="id"
        dataSource={[...rows]}
        pagination={{ pageSize: 30, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          {
            title: t('unit.call-sign'),
            render: (_, { callSign }) => <strong>{callSign}</strong>,
            sorter: (a, b) => a.callSign.localeCompare(b.callSign, 'zh', { numeric: true }),
            defaultSortOrder: 'ascend',
          },
          {
            title: t('unit.status'),
            render: (_, { status }) => <StatusText status={status} />,
            filters: UNIT_STATUSES.map((value) => ({ value, text: t(`status.${value}`) })),
            onFilter: (value, { status }) => status === value,
          },
          {
            title: t('unit.since'),
            render: (_, { statusSinceAt }) => <AgeText at={statusSinceAt} suffix={false} />,
          },
          {
            title: t('unit.serves'),
            render: (_, { organisationId, servingOrganisationId }) => (
              <>
                {organisationName(servingOrganisationId)}
                {servingOrganisationId !== organisationId && (
                  <span className="muted">
                    {' '}
                    {t('unit.lent-from', { from: organisationName(organisationId) })}
                  </span>
                )}
              </>
            ),
          },
          { title: t('unit.kind'), render: (_, { kind }) => t(`unit-kind.${kind}`) },
          {
            title: t('unit.leader'),
            render: (_, { leaderOfficerId }) => (
              <>
                <span className="mono">{badgeOf.get(leaderOfficerId ?? '') ?? '—'}</span>{' '}
                {names.get(leaderOfficerId ?? '')?.name}
              </>
            ),
          },
          {
            title: t('unit.crew'),
            align: 'right',
            render: (_, { memberOfficerIds }) => memberOfficerIds.length,
          },
          { title: t('unit.vehicle'), render: (_, { vehicleId }) => plateOf.get(vehicleId ?? '') ?? '—' },
          {
            title: t('unit.skills'),
            render: (_, { skills, equipment }) => (
              <span className="muted unit-skills">{skillNames([...skills, ...equipment])}</span>
            ),
          },
          {
            title: '',
            align: 'right',
            render: (_, unit) => (
              <span className="row-actions">
                <UnitStatusMenu unit={unit} />
                {may('force.lend') && (
                  <Button
                    onClick={() =>
                      setLending({
                        kind: 'unit',
                        unitId: unit.id,
                        name: unit.callSign,
                        from: unit.servingOrganisationId,
                      })
                    }
                  >
                    {t('lend.button')}
                  </Button>
                )}
                <Button onClick={() => setHistory(unit)}>{t('history.button')}</Button>
                {mayManage && <Button onClick={() => setEditing(unit)}>{t('ui:action.edit')}</Button>}
              </span>
            ),
          },
        ]}
      />
      {editing !== null && (
        <UnitDialog
          unit={editing === 'new' ? null : editing}
          board={board}
          onClose={() => setEditing(null)}
        />
      )}
      {historyOf !== null && <StatusHistory unit={historyOf} onClose={() => setHistory(null)} />}
      <LendDialog subject={lending} board={board} onClose={() => setLending(null)} />
    </>
  )
}
