import { useQuery } from '@tanstack/react-query'
import { Modal, Segmented, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { forceBoardQuery, officerNamesQuery, useOrganisationName } from '../../force/console/index.tsx'
import type { StrengthRow } from './board-api.ts'

type Which = 'on-street' | 'available' | 'inside' | 'uncounted'

interface Line {
  readonly officerId: string
  readonly organisationId: string | null
  readonly home: string | null
  readonly where: StrengthRow['officers'][number]['where']
  readonly note: string | null
}

/** The people behind the figure. Names are personal data: the server writes down who opened them. */
export function StrengthNames({
  strength,
  first,
  onClose,
}: {
  strength: StrengthRow
  first: Which
  onClose: () => void
}) {
  const { t } = useTranslation('board')
  const may = useMay()
  const mayNames = may('force.read-persons')
  const [which, setWhich] = useState<Which>(first)
  const force = useQuery(forceBoardQuery).data
  const names = useQuery({ ...officerNamesQuery, enabled: mayNames }).data?.officers
  const organisationName = useOrganisationName()

  const badgeOf = new Map((force?.officers ?? []).map((officer) => [officer.id, officer.badgeNumber]))
  const nameOf = new Map((names ?? []).map((officer) => [officer.id, officer.name]))
  const callSignOf = new Map((force?.units ?? []).map((unit) => [unit.id, unit.callSign]))

  const counted = strength.officers.map((officer): Line & { onStreet: boolean } => ({
    ...officer,
    home: officer.homeOrganisationId === officer.organisationId ? null : officer.homeOrganisationId,
    note: null,
  }))
  const lines: readonly Line[] =
    which === 'uncounted'
      ? strength.uncounted.map(({ officerId, where, because }) => ({
          officerId,
          where,
          organisationId: null,
          home: null,
          note: t(`uncounted.${because}`),
        }))
      : counted.filter(({ onStreet }) => which === 'available' || onStreet === (which === 'on-street'))

  return (
    <Modal open onCancel={onClose} footer={null} title={t('strength.names')} width={760}>
      <Segmented<Which>
        value={which}
        onChange={setWhich}
        options={[
          { value: 'on-street', label: `${t('strength.on-street')} ${strength.total.onStreet}` },
          { value: 'available', label: `${t('strength.available')} ${strength.total.available}` },
          {
            value: 'inside',
            label: `${t('strength.inside')} ${strength.total.available - strength.total.onStreet}`,
          },
          { value: 'uncounted', label: `${t('strength.uncounted')} ${strength.uncounted.length}` },
        ]}
      />
      {!mayNames && <p className="muted">{t('strength.no-names')}</p>}
      <Table<Line>
        size="small"
        scroll={{ x: 'max-content' }}
        rowKey="officerId"
        dataSource={lines}
        pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
        style={{ marginTop: 12 }}
        columns={[
          {
            title: t('officer.badge'),
            render: (_, { officerId }) => <span className="mono">{badgeOf.get(officerId) ?? '—'}</span>,
          },
          ...(mayNames
            ? [
                {
                  title: t('officer.name'),
                  render: (_: unknown, { officerId }: Line) => nameOf.get(officerId) ?? '—',
                },
              ]
            : []),
          {
            title: t('officer.serves'),
            render: (_, { organisationId, home }) => (
              <>
                {organisationName(organisationId)}
                {home !== null && (
                  <span className="muted"> {t('officer.lent-from', { from: organisationName(home) })}</span>
                )}
              </>
            ),
          },
          {
            title: t('officer.where'),
            render: (_, { where, note }) => (
              <>
                {where.kind === 'unit-out' || where.kind === 'unit-in'
                  ? `${callSignOf.get(where.unitId) ?? '—'} · ${t(`force:status.${where.status}`)}`
                  : t(`where.${where.kind}`)}
                {note !== null && <span className="muted"> {note}</span>}
              </>
            ),
          },
        ]}
      />
    </Modal>
  )
}
