import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Select, Table } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { RecordDialog } from '../../../foundation/ui/form/record-dialog.tsx'
import { fitTo, MapView, type MapHandle } from '../../../foundation/ui/map/map-view.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import { AREA_KINDS } from '../core/index.ts'
import { AreasLayer } from './areas-layer.tsx'
import { areasQuery, type AreaRow } from './place-api.ts'
import { RingField } from './ring-field.tsx'
import { areaSquareKilometres, openRing, type Corner } from './ring.ts'
import './place.css'

interface AreaForm {
  readonly kind: string
  readonly name: string
  readonly organisationId: string | null
  readonly ring: readonly Corner[]
}

/** What the register of places is told of organisations, which it does not know itself. */
export interface OrganisationChoice {
  readonly organisations: readonly { readonly value: string; readonly label: string }[]
}

/** Station districts, beats and key areas, drawn on the map. */
export function AreasAdmin({ organisations }: OrganisationChoice) {
  const { t } = useTranslation('place')
  const mayEdit = useMay()('place.edit-areas')
  const map = useRef<MapHandle | null>(null)
  const areas = useQuery(areasQuery)
  const [words, setWords] = useState('')
  const [kind, setKind] = useState<string | undefined>()
  const [editing, setEditing] = useState<AreaRow | 'new' | null>(null)
  const nameOf = new Map(organisations.map(({ value, label }) => [value, label]))
  const wanted = words.trim().toLowerCase()
  const addButton = mayEdit && (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('area.add')}
    </Button>
  )
  return (
    <>
      <div className="page-head">
        <h1>{t('area.title')}</h1>
        <Input
          allowClear
          style={{ width: 200 }}
          placeholder={t('area.search')}
          aria-label={t('area.search')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Select
          allowClear
          style={{ width: 150 }}
          placeholder={t('area.kind')}
          aria-label={t('area.kind')}
          value={kind ?? null}
          options={AREA_KINDS.map((value) => ({ value, label: t(`area-kind.${value}`) }))}
          onChange={(value: string | null) => setKind(value ?? undefined)}
        />
        <span className="push">{addButton}</span>
      </div>
      <div className="key-places-split">
        <div className="panel">
          <Shown
            query={areas}
            rows={10}
            isEmpty={(data) => data.areas.length === 0}
            empty={<Empty text={t('area.none')} action={addButton} />}
          >
            {(data) => (
              <Table<AreaRow>
                size="small"
                rowKey="id"
                scroll={{ x: 'max-content' }}
                pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
                dataSource={data.areas.filter(
                  (area) =>
                    (kind === undefined || area.kind === kind) &&
                    (wanted === '' || area.name.toLowerCase().includes(wanted)),
                )}
                onRow={(area) => ({
                  onClick: () =>
                    map.current &&
                    fitTo(
                      map.current.map,
                      area.ring.map(([lon, lat]) => ({ lon, lat })),
                      40,
                    ),
                })}
                columns={[
                  { title: t('ui:field.name'), render: (_, { name }) => <strong>{name}</strong> },
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
                  {
                    title: '',
                    align: 'right',
                    render: (_, area) =>
                      mayEdit && (
                        <Button size="small" onClick={() => setEditing(area)}>
                          {t('ui:action.edit')}
                        </Button>
                      ),
                  },
                ]}
              />
            )}
          </Shown>
        </div>
        <div className="panel key-places-map">
          <MapView label={t('area.title')} onReady={(handle) => (map.current = handle)}>
            <AreasLayer />
          </MapView>
        </div>
      </div>
      {editing !== null && (
        <AreaDialog
          area={editing === 'new' ? null : editing}
          organisations={organisations}
          onClose={() => setEditing(null)}
        />
      )}
    </>
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
