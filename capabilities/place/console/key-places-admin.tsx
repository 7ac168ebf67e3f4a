import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Modal, Popconfirm, Table } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Position } from '../../../foundation/core/geo.ts'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { fitTo, MapView, type MapHandle } from '../../../foundation/ui/map/map-view.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import { HoursField, hoursText } from './hours-field.tsx'
import { keyPlaceRegisterQuery, type ActiveHoursRow, type KeyPlaceRow } from './place-api.ts'
import { PlacesLayer } from './places-layer.tsx'

interface KeyPlaceForm {
  readonly name: string
  readonly radiusMetres: number
  readonly requiredUnits: number
  readonly limitMinutes: number
  readonly activeHours: readonly ActiveHoursRow[]
}

/** Places that must not be left alone: how many, how near, how long, and when. */
export function KeyPlacesAdmin() {
  const { t } = useTranslation('place')
  const may = useMay()
  const map = useRef<MapHandle | null>(null)
  const places = useQuery(keyPlaceRegisterQuery)
  const [editing, setEditing] = useState<KeyPlaceRow | 'new' | null>(null)
  const [position, setPosition] = useState<Position | null>(null)
  const [picking, setPicking] = useState(false)
  const [form] = Form.useForm<KeyPlaceForm>()
  const refresh = [keyPlaceRegisterQuery.queryKey, ['key-places']]
  const mayEdit = may('place.edit-key-places')

  const save = useCommand<KeyPlaceForm, KeyPlaceRow>({
    run: ({ limitMinutes, ...rest }, idempotencyKey) => {
      const body = {
        ...rest,
        activeHours: rest.activeHours ?? [],
        limitSeconds: limitMinutes * 60,
        lon: position?.lon,
        lat: position?.lat,
      }
      return editing === 'new' || editing === null
        ? api.post('/api/key-places', body, { idempotencyKey })
        : api.put(`/api/key-places/${editing.id}`, body, { idempotencyKey, ifMatch: editing.version })
    },
    refresh,
    done: () => setEditing(null),
  })
  const remove = useCommand<KeyPlaceRow, unknown>({
    run: ({ id, version }, idempotencyKey) =>
      api.delete(`/api/key-places/${id}`, { idempotencyKey, ifMatch: version }),
    refresh,
  })

  const edit = (place: KeyPlaceRow | 'new') => {
    setEditing(place)
    setPosition(place === 'new' ? null : { lon: place.lon, lat: place.lat })
  }
  const addButton = mayEdit && (
    <Button type="primary" onClick={() => edit('new')}>
      {t('key-place.add')}
    </Button>
  )
  const shown = places.data?.keyPlaces ?? []

  return (
    <>
      <div className="page-head">
        <h1>{t('key-place.title')}</h1>
        <span className="push">{addButton}</span>
      </div>
      <div className="key-places-split">
        <div className="panel">
          <Shown
            query={places}
            isEmpty={({ keyPlaces }) => keyPlaces.length === 0}
            empty={<Empty text={t('key-place.none')} action={addButton} />}
          >
            {({ keyPlaces }) => (
              <Table<KeyPlaceRow>
                size="small"
                rowKey="id"
                pagination={false}
                dataSource={[...keyPlaces]}
                onRow={(place) => ({ onClick: () => map.current && fitTo(map.current.map, [place]) })}
                columns={[
                  { title: t('ui:field.name'), render: (_, { name }) => <strong>{name}</strong> },
                  {
                    title: t('key-place.radius'),
                    align: 'right',
                    render: (_, { radiusMetres }) => `${radiusMetres} m`,
                  },
                  { title: t('key-place.units'), align: 'right', dataIndex: 'requiredUnits' },
                  {
                    title: t('key-place.limit'),
                    align: 'right',
                    render: (_, { limitSeconds }) =>
                      t('key-place.minutes', { minutes: Math.round(limitSeconds / 60) }),
                  },
                  { title: t('key-place.hours'), render: (_, { activeHours }) => hoursText(activeHours, t) },
                  {
                    title: '',
                    align: 'right',
                    render: (_, place) =>
                      mayEdit && (
                        <span style={{ display: 'inline-flex', gap: 6 }}>
                          <Button size="small" onClick={() => edit(place)}>
                            {t('ui:action.edit')}
                          </Button>
                          <Popconfirm
                            title={t('key-place.remove-ask', { name: place.name })}
                            onConfirm={() => remove.mutate(place)}
                          >
                            <Button size="small" danger>
                              {t('ui:action.remove')}
                            </Button>
                          </Popconfirm>
                        </span>
                      ),
                  },
                ]}
              />
            )}
          </Shown>
        </div>
        <div className="panel key-places-map">
          <MapView
            label={t('key-place.map')}
            onReady={(handle) => (map.current = handle)}
            {...(picking
              ? {
                  onPick: (picked: Position) => {
                    setPosition(picked)
                    setPicking(false)
                  },
                }
              : {})}
            onCancelPick={() => setPicking(false)}
          >
            <PlacesLayer places={shown} picked={editing === null ? null : position} />
          </MapView>
        </div>
      </div>
      <Modal
        open={editing !== null && !picking}
        title={t(editing === 'new' ? 'key-place.add' : 'key-place.change')}
        okText={t('ui:action.save')}
        cancelText={t('ui:action.cancel')}
        confirmLoading={save.isPending}
        okButtonProps={{ disabled: position === null }}
        onCancel={() => setEditing(null)}
        onOk={() => form.submit()}
        // The form stays while the map is picked on.
        forceRender
      >
        <Form<KeyPlaceForm>
          key={editing === 'new' ? 'new' : (editing?.id ?? 'none')}
          form={form}
          layout="vertical"
          initialValues={
            editing === 'new' || editing === null
              ? { name: '', radiusMetres: 150, requiredUnits: 1, limitMinutes: 10, activeHours: [] }
              : { ...editing, limitMinutes: Math.round(editing.limitSeconds / 60) }
          }
          onFinish={(values) => save.mutate(values)}
        >
          <Form.Item
            name="name"
            label={t('ui:field.name')}
            rules={[{ required: true, whitespace: true, max: 200 }]}
          >
            <Input />
          </Form.Item>
          <Form.Item label={t('key-place.position')} required>
            <span style={{ display: 'flex', gap: 10, alignItems: 'center' }}>
              <span className="mono">
                {position === null
                  ? t('key-place.no-position')
                  : `${position.lon.toFixed(5)}, ${position.lat.toFixed(5)}`}
              </span>
              <Button size="small" onClick={() => setPicking(true)}>
                {t('key-place.pick')}
              </Button>
            </span>
          </Form.Item>
          <span style={{ display: 'flex', gap: 14 }}>
            <Form.Item name="radiusMetres" label={t('key-place.radius-metres')} rules={[{ required: true }]}>
              <InputNumber min={5} max={5000} precision={0} />
            </Form.Item>
            <Form.Item name="requiredUnits" label={t('key-place.units')} rules={[{ required: true }]}>
              <InputNumber min={1} max={100} precision={0} />
            </Form.Item>
            <Form.Item name="limitMinutes" label={t('key-place.limit-minutes')} rules={[{ required: true }]}>
              <InputNumber min={1} max={1440} precision={0} />
            </Form.Item>
          </span>
          <Form.Item name="activeHours" label={t('key-place.hours')}>
            <HoursField />
          </Form.Item>
        </Form>
      </Modal>
    </>
  )
}
