import { useQuery } from '@tanstack/react-query'
import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { RecordDialog } from '../../../foundation/ui/form/record-dialog.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { AREA_KINDS } from '../core/index.ts'
import { AreasLayer } from './areas-layer.tsx'
import { MapRegister, type OrganisationChoice } from './map-register.tsx'
import { areasQuery, type AreaRow } from './place-api.ts'
import { RingField } from './ring-field.tsx'
import { areaSquareKilometres, openRing, type Corner } from './ring.ts'

interface AreaForm {
  readonly kind: string
  readonly name: string
  readonly organisationId: string | null
  readonly ring: readonly Corner[]
}

/** Station districts, beats and key areas, drawn on the map. */
export function AreasAdmin({ organisations }: OrganisationChoice) {
  const { t } = useTranslation('place')
  const mayEdit = useMay()('place.edit-areas')
  const areas = useQuery(areasQuery)
  const nameOf = new Map(organisations.map(({ value, label }) => [value, label]))
  return (
    <MapRegister<AreaRow>
      texts="area"
      query={areas}
      rows={areas.data?.areas ?? []}
      finding={{
        wordsOf: ({ name }) => [name],
        kinds: AREA_KINDS,
        kindKey: 'area-kind',
        kindOf: ({ kind }) => kind,
      }}
      columns={[
        { title: t('area.kind'), render: (_, area) => t(`area-kind.${area.kind}`) },
        {
          title: t('ui:field.organisation'),
          render: (_, { organisationId }) => nameOf.get(organisationId ?? '') ?? '—',
        },
        {
          title: t('area.size'),
          align: 'right',
          render: (_, { ring }) =>
            t('area.square', { area: areaSquareKilometres(openRing(ring)).toFixed(2) }),
        },
      ]}
      mayEdit={mayEdit}
      cornersOf={({ ring }) => ring.map(([lon, lat]) => ({ lon, lat }))}
      layer={() => <AreasLayer />}
      dialog={(area, close) => <AreaDialog area={area} organisations={organisations} onClose={close} />}
    />
  )
}

function AreaDialog({
  area,
  organisations,
  onClose,
}: OrganisationChoice & { area: AreaRow | null; onClose: () => void }) {
  const { t } = useTranslation('place')
  return (
    <RecordDialog<AreaForm, AreaRow>
      title={area === null ? t('area.add') : t('area.change', { name: area.name })}
      width={860}
      stored={area}
      toForm={(row) => ({
        kind: row?.kind ?? 'beat',
        name: row?.name ?? '',
        organisationId: row?.organisationId ?? null,
        ring: openRing(row?.ring ?? []),
      })}
      versionOf={({ version }) => version}
      load={async () => {
        const { areas } = await api.get<{ areas: readonly AreaRow[] }>('/api/areas')
        return areas.find(({ id }) => id === area?.id) ?? null
      }}
      save={(values, options, row) => {
        const body = { ...values, organisationId: values.organisationId ?? null }
        return row === null
          ? api.post('/api/areas', body, options)
          : api.put(`/api/areas/${row.id}`, body, options)
      }}
      remove={
        area === null
          ? undefined
          : { name: area.name, run: (options) => api.delete(`/api/areas/${area.id}`, options) }
      }
      refresh={[areasQuery.queryKey]}
      onClose={onClose}
    >
      <div className="form-grid">
        <Form.Item
          name="name"
          label={t('ui:field.name')}
          rules={[{ required: true, whitespace: true, max: 200 }]}
        >
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="kind" label={t('area.kind')}>
          <Select options={AREA_KINDS.map((value) => ({ value, label: t(`area-kind.${value}`) }))} />
        </Form.Item>
        <Form.Item name="organisationId" label={t('ui:field.organisation')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('ui:none')}
            options={[...organisations]}
          />
        </Form.Item>
      </div>
      <Form.Item
        name="ring"
        label={t('area.ring')}
        rules={[
          {
            validator: (_, ring: readonly Corner[]) =>
              ring.length >= 3 ? Promise.resolve() : Promise.reject(new Error(t('refusal.invalid-ring'))),
          },
        ]}
      >
        <RingField />
      </Form.Item>
    </RecordDialog>
  )
}
