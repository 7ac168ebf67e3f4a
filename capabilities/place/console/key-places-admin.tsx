import { useQuery } from '@tanstack/react-query'
import { Form, Input, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Position } from '../../../foundation/core/geo.ts'
import { api } from '../../../foundation/ui/api/client.ts'
import { PositionField } from '../../../foundation/ui/form/position-field.tsx'
import { RecordDialog } from '../../../foundation/ui/form/record-dialog.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { HoursField, hoursText } from './hours-field.tsx'
import { MapRegister } from './map-register.tsx'
import { keyPlaceRegisterQuery, type ActiveHoursRow, type KeyPlaceRow } from './place-api.ts'
import { PlacesLayer } from './places-layer.tsx'

interface KeyPlaceForm {
  readonly name: string
  readonly position: Position | null
  readonly radiusMetres: number
  readonly requiredUnits: number
  readonly limitMinutes: number
  readonly activeHours: readonly ActiveHoursRow[]
}

const REFRESH = [keyPlaceRegisterQuery.queryKey, ['key-places']]

/** Places that must not be left alone: how many, how near, how long, and when. */
export function KeyPlacesAdmin() {
  const { t } = useTranslation('place')
  const mayEdit = useMay()('place.edit-key-places')
  const places = useQuery(keyPlaceRegisterQuery)
  return (
    <MapRegister<KeyPlaceRow>
      texts="key-place"
      query={places}
      rows={places.data?.keyPlaces ?? []}
      columns={[
        {
          title: t('key-place.radius'),
          align: 'right',
          render: (_, { radiusMetres }) => `${radiusMetres} m`,
        },
        { title: t('key-place.units'), align: 'right', dataIndex: 'requiredUnits' },
        {
          title: t('key-place.limit'),
          align: 'right',
          render: (_, { limitSeconds }) => t('key-place.minutes', { minutes: Math.round(limitSeconds / 60) }),
        },
        { title: t('key-place.hours'), render: (_, { activeHours }) => hoursText(activeHours, t) },
      ]}
      mayEdit={mayEdit}
      cornersOf={(place) => [place]}
      layer={(shown) => <PlacesLayer places={shown} picked={null} />}
      dialog={(place, close) => <KeyPlaceDialog place={place} onClose={close} />}
    />
  )
}

function KeyPlaceDialog({ place, onClose }: { place: KeyPlaceRow | null; onClose: () => void }) {
  const { t } = useTranslation('place')
  return (
    <RecordDialog<KeyPlaceForm, KeyPlaceRow>
      title={t(place === null ? 'key-place.add' : 'key-place.change')}
      width={640}
      stored={place}
      toForm={(row) => ({
        name: row?.name ?? '',
        position: row === null ? null : { lon: row.lon, lat: row.lat },
        radiusMetres: row?.radiusMetres ?? 150,
        requiredUnits: row?.requiredUnits ?? 1,
        limitMinutes: (row?.limitSeconds ?? 600) / 60,
        activeHours: row?.activeHours ?? [],
      })}
      versionOf={({ version }) => version}
      load={async () => {
        const { keyPlaces } = await api.get<{ keyPlaces: readonly KeyPlaceRow[] }>('/api/key-places')
        return keyPlaces.find(({ id }) => id === place?.id) ?? null
      }}
      save={({ limitMinutes, position, ...rest }, options, row) => {
        const body = { ...rest, ...position, limitSeconds: Math.round(limitMinutes * 60) }
        return row === null
          ? api.post('/api/key-places', body, options)
          : api.put(`/api/key-places/${row.id}`, body, options)
      }}
      remove={
        place === null
          ? undefined
          : { name: place.name, run: (options) => api.delete(`/api/key-places/${place.id}`, options) }
      }
      refresh={REFRESH}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('ui:field.name')}
        rules={[{ required: true, whitespace: true, max: 200 }]}
      >
        <Input autoFocus />
      </Form.Item>
      <Form.Item
        name="position"
        label={t('key-place.position')}
        rules={[{ required: true, message: t('key-place.no-position') }]}
      >
        <PositionField label={t('key-place.position')} />
      </Form.Item>
      <div className="form-grid">
        <Form.Item name="radiusMetres" label={t('key-place.radius-metres')} rules={[{ required: true }]}>
          <InputNumber min={5} max={5000} precision={0} />
        </Form.Item>
        <Form.Item name="requiredUnits" label={t('key-place.units')} rules={[{ required: true }]}>
          <InputNumber min={1} max={100} precision={0} />
        </Form.Item>
        <Form.Item name="limitMinutes" label={t('key-place.limit-minutes')} rules={[{ required: true }]}>
          <InputNumber min={0.5} max={1440} />
        </Form.Item>
      </div>
      <Form.Item name="activeHours" label={t('key-place.hours')}>
        <HoursField />
      </Form.Item>
    </RecordDialog>
  )
}
