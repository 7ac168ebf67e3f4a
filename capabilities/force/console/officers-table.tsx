import { useQuery } from '@tanstack/react-query'
import { Button, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import {
  FORCE_READS,
  officerNamesQuery,
  useOrganisationName,
  useSkillNames,
  type ForceBoardRow,
  type OfficerRow,
} from './force-api.ts'
import { LendDialog, type LendSubject } from './lend-dialog.tsx'
import { OfficerDialog } from './register/officer-dialog.tsx'
import { RollCall } from './register/roll-call.tsx'

export function OfficersTable({
  board,
  words,
  rows,
}: {
  board: ForceBoardRow
  words: string
  rows: readonly OfficerRow[]
}) {
  const { t } = useTranslation('force')
  const may = useMay()
  const organisationName = useOrganisationName()
  const skillNames = useSkillNames()
  const [asked, setAsked] = useState(false)
  const [editing, setEditing] = useState<OfficerRow | 'new' | null>(null)
  const [calling, setCalling] = useState(false)
  const mayManage = may('force.manage')
  const [lending, setLending] = useState<LendSubject | null>(null)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const names = useQuery({ ...officerNamesQuery, enabled: asked }).data?.officers
  const nameOf = new Map((names ?? []).map((person) => [person.id, person]))
  const unitOf = new Map(
    board.units.flatMap((unit) => unit.memberOfficerIds.map((id) => [id, unit.callSign] as const)),
  )
  const wanted = words.trim().toLowerCase()
  const shown = rows.filter(
    ({ id, badgeNumber, skills }) =>
      wanted === '' ||
      [badgeNumber, nameOf.get(id)?.name ?? '', unitOf.get(id) ?? '', ...skills].some((each) =>
        each.toLowerCase().includes(wanted),
      ),
  )

  const rollCall = useCommand<{ duty: 'on' | 'off'; officerIds: readonly string[] }, unknown>({
    run: (body, idempotencyKey) => api.post('/api/roll-calls', body, { idempotencyKey }),
    refresh: FORCE_READS,
    done: () => setChosen([]),
  })
  const post = useCommand<{ id: string; post: 'none' | 'street' }, unknown>({
    run: ({ id, post: to }, idempotencyKey) =>
      api.post(`/api/officers/${id}/post`, { post: to }, { idempotencyKey }),
    refresh: FORCE_READS,
  })

  return (
    <>
      <div className="force-actions">
        {mayManage && (
          <Button type="primary" onClick={() => setEditing('new')}>
            {t('officer.add')}
          </Button>
        )}
        {may('force.call-duty') && <Button onClick={() => setCalling(true)}>{t('roll-call.title')}</Button>}
        {may('force.read-persons') && !asked && (
          <Button onClick={() => setAsked(true)}>{t('officer.show-names')}</Button>
        )}
        {may('force.call-duty') && (
          <>
            <Button
              disabled={chosen.length === 0}
              loading={rollCall.isPending}
              onClick={() => rollCall.mutate({ duty: 'on', officerIds: chosen })}
            >
              {t('officer.call-on', { count: chosen.length })}
            </Button>
            <Button
              disabled={chosen.length === 0}
              loading={rollCall.isPending}
              onClick={() => rollCall.mutate({ duty: 'off', officerIds: chosen })}
            >
              {t('officer.call-off', { count: chosen.length })}
            </Button>
          </>
        )}
      </div>
      <Table<OfficerRow>
        size="small"
        scroll={{ x: 1120 }}
        rowKey="id"
        dataSource={shown}
        pagination={{ pageSize: 30, hideOnSinglePage: true, showSizeChanger: false }}
        {...(may('force.call-duty')
          ? {
              rowSelection: { selectedRowKeys: [...chosen], onChange: (keys) => setChosen(keys.map(String)) },
            }
          : {})}
        columns={[
          {
            title: t('officer.badge'),
            render: (_, { badgeNumber }) => <span className="mono">{badgeNumber}</span>,
          },
          ...(asked
            ? [
                {
                  title: t('officer.name'),
                  render: (_: unknown, { id }: OfficerRow) => nameOf.get(id)?.name ?? '—',
                },
                {
                  title: t('officer.phone'),
                  render: (_: unknown, { id }: OfficerRow) => nameOf.get(id)?.phone ?? '—',
                },
              ]
            : []),
          {
            title: t('officer.kind'),
            render: (_, { sworn }) => t(sworn ? 'officer.sworn' : 'officer.auxiliary'),
          },
          {
            title: t('officer.organisation'),
            render: (_, { organisationId }) => organisationName(organisationId),
          },
          { title: t('officer.unit'), render: (_, { id }) => unitOf.get(id) ?? '—' },
          {
            title: t('officer.duty'),
            filters: [
              { value: 'on', text: t('officer.on') },
              { value: 'off', text: t('officer.off') },
            ],
            onFilter: (value, { duty }) => duty === value,
            render: (_, { duty }) => (duty === 'on' ? `● ${t('officer.on')}` : `○ ${t('officer.off')}`),
          },
          {
            title: t('officer.since'),
            render: (_, { dutySinceAt }) => <AgeText at={dutySinceAt} suffix={false} />,
          },
          {
            title: t('officer.capable'),
            render: (_, { patrolCapable }) =>
              patrolCapable ? t('ui:yes') : <span className="muted">{t('ui:no')}</span>,
          },
          {
            title: t('unit.skill'),
            render: (_, { skills }) => <span className="muted unit-skills">{skillNames(skills)}</span>,
          },
          {
            title: t('officer.post'),
            render: (_, { post: at }) => (at === 'street' ? `▲ ${t('officer.street')}` : '—'),
          },
          {
            title: '',
            align: 'right',
            render: (_, officer) => (
              <span className="row-actions">
                {may('force.call-duty') && officer.duty === 'on' && !unitOf.has(officer.id) && (
                  <Button
                    onClick={() =>
                      post.mutate({ id: officer.id, post: officer.post === 'street' ? 'none' : 'street' })
                    }
                  >
                    {t(officer.post === 'street' ? 'officer.leave-post' : 'officer.take-post')}
                  </Button>
                )}
                {may('force.lend') && (
                  <Button
                    onClick={() =>
                      setLending({
                        kind: 'officer',
                        officerId: officer.id,
                        name: officer.badgeNumber,
                        from: officer.organisationId,
                      })
                    }
                  >
                    {t('lend.button')}
                  </Button>
                )}
                {mayManage && <Button onClick={() => setEditing(officer)}>{t('ui:action.edit')}</Button>}
              </span>
            ),
          },
        ]}
      />
      {editing !== null && (
        <OfficerDialog
          officer={editing === 'new' ? null : editing}
          board={board}
          onClose={() => setEditing(null)}
        />
      )}
      {calling && <RollCall board={board} onClose={() => setCalling(false)} />}
      <LendDialog subject={lending} board={board} onClose={() => setLending(null)} />
    </>
  )
}
