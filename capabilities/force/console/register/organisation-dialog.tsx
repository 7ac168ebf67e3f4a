import { Form, Input, Select, TreeSelect } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { PositionField } from '../../../../foundation/ui/form/position-field.tsx'
import { RecordDialog } from '../../../../foundation/ui/form/record-dialog.tsx'
import { ORGANISATION_KINDS, withDescendants, type OrganisationId } from '../../core/index.ts'
import {
  FORCE_READS,
  useKnownNames,
  useOrganisationName,
  type ForceBoardRow,
  type OrganisationRow,
} from '../force-api.ts'
import { organisationTree } from './organisation-tree.ts'

type OrganisationForm = Omit<OrganisationRow, 'id' | 'version'>

/** Adds an organisation or changes its names, its place in the tree, its duty commander. */
export function OrganisationDialog({
  organisation,
  board,
  onClose,
}: {
  organisation: OrganisationRow | null
  board: ForceBoardRow
  onClose: () => void
}) {
  const { t } = useTranslation('force')
  const names = useKnownNames()
  const organisationName = useOrganisationName()
  const below = organisation
    ? withDescendants(
        board.organisations as readonly (OrganisationRow & {
          id: OrganisationId
          parentId: OrganisationId | null
        })[],
        organisation.id as OrganisationId,
      )
    : new Set<string>()
  const isBelow = (id: string) => (below as ReadonlySet<string>).has(id)
  const commanders = board.officers.filter(
    ({ sworn, organisationId }) => sworn && (organisation === null || isBelow(organisationId)),
  )
  const known = commanders.some(({ id }) => id === organisation?.dutyCommanderOfficerId)
  const stored = board.officers.find(({ id }) => id === organisation?.dutyCommanderOfficerId)
  return (
    <RecordDialog<OrganisationForm, OrganisationRow>
      title={
        organisation === null
          ? t('organisation.add')
          : t('organisation.change', { name: organisationName(organisation.id) })
      }
      width={640}
      stored={organisation}
      toForm={(row) => ({
        parentId: row?.parentId ?? null,
        code: row?.code ?? '',
        kind: row?.kind ?? 'station',
        nameZh: row?.nameZh ?? '',
        nameEn: row?.nameEn ?? '',
        position: row?.position ?? null,
        dutyCommanderOfficerId: row?.dutyCommanderOfficerId ?? null,
      })}
      versionOf={({ version }) => version}
      load={async () => {
        const { organisations } = await api.get<{ organisations: readonly OrganisationRow[] }>(
          '/api/organisations',
        )
        return organisations.find(({ id }) => id === organisation?.id) ?? null
      }}
      save={(values, options, row) => {
        const body = {
          ...values,
          parentId: values.parentId ?? null,
          position: values.position ?? null,
          dutyCommanderOfficerId: values.dutyCommanderOfficerId ?? null,
        }
        return row === null
          ? api.post('/api/organisations', body, options)
          : api.patch(`/api/organisations/${row.id}`, body, options)
      }}
      refresh={[...FORCE_READS, ['organisations']]}
      remove={
        organisation === null
          ? undefined
          : {
              name: organisationName(organisation.id),
              run: (options) => api.delete(`/api/organisations/${organisation.id}`, options),
            }
      }
      onClose={onClose}
    >
      <div className="form-grid">
        <Form.Item
          name="nameZh"
          label={t('organisation.name-zh')}
          rules={[{ required: true, whitespace: true, max: 100 }]}
        >
          <Input autoFocus />
        </Form.Item>
        <Form.Item
          name="nameEn"
          label={t('organisation.name-en')}
          rules={[{ required: true, whitespace: true, max: 100 }]}
        >
          <Input />
        </Form.Item>
        <Form.Item
          name="code"
          label={t('organisation.code')}
          rules={[{ required: true, whitespace: true, max: 40 }]}
        >
          <Input className="mono" autoComplete="off" />
        </Form.Item>
        <Form.Item name="kind" label={t('organisation.kind')} rules={[{ required: true }]}>
          <Select
            options={ORGANISATION_KINDS.map((value) => ({ value, label: t(`organisation-kind.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="parentId" label={t('organisation.parent')}>
          <TreeSelect
            allowClear
            treeDefaultExpandAll
            placeholder={t('organisation.top')}
            treeData={organisationTree(board.organisations, (row) => ({
              value: row.id,
              title: organisationName(row.id),
              disabled: isBelow(row.id),
            }))}
          />
        </Form.Item>
        <Form.Item name="dutyCommanderOfficerId" label={t('organisation.commander')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('ui:none')}
            options={[...(known || !stored ? [] : [stored]), ...commanders].map(({ id, badgeNumber }) => ({
              value: id,
              label: `${badgeNumber} ${names.get(id)?.name ?? ''}`.trim(),
            }))}
          />
        </Form.Item>
        <Form.Item name="position" label={t('organisation.position')} className="wide">
          <PositionField label={t('organisation.position')} clearable />
        </Form.Item>
      </div>
    </RecordDialog>
  )
}
