import { queryOptions, useQuery } from '@tanstack/react-query'
import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Position } from '../../../foundation/core/geo.ts'
import { api } from '../../../foundation/ui/api/client.ts'
import { PositionField } from '../../../foundation/ui/form/position-field.tsx'
import { RecordDialog } from '../../../foundation/ui/form/record-dialog.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { SITE_CLASSES, type SiteClass } from '../core/index.ts'
import { MapRegister, type OrganisationChoice } from './map-register.tsx'
import { PlacesLayer } from './places-layer.tsx'

interface SiteRow extends Position {
  readonly id: string
  readonly name: string
  readonly class: SiteClass
  readonly trade: string
  readonly organisationId: string | null
  readonly address: string
  readonly version: number
  readonly contactName?: string
  readonly contactPhone?: string
}

interface SiteForm {
  readonly name: string
  readonly class: SiteClass
  readonly trade: string
  readonly organisationId: string | null
  readonly address: string
  readonly position: Position | null
  readonly contactName?: string | undefined
  readonly contactPhone?: string | undefined
}

const sitesQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: ({ signal }) => api.get<{ sites: readonly SiteRow[] }>('/api/sites', {}, signal),
})

/** Must-inspect sites: residential compounds, venues, key units. */
export function SitesAdmin({ organisations }: OrganisationChoice) {
  const { t } = useTranslation('place')
  const mayEdit = useMay()('place.edit-sites')
  const sites = useQuery(sitesQuery)
  const nameOf = new Map(organisations.map(({ value, label }) => [value, label]))
  return (
    <MapRegister<SiteRow>
      texts="site"
      query={sites}
      rows={sites.data?.sites ?? []}
      finding={{
        wordsOf: ({ name, address, trade }) => [name, address, trade],
        kinds: SITE_CLASSES,
        kindKey: 'kind',
        kindOf: (site) => site.class,
      }}
      columns={[
        { title: t('site.kind'), render: (_, site) => t(`kind.${site.class}`) },
        { title: t('site.address'), dataIndex: 'address' },
        {
          title: t('ui:field.organisation'),
          render: (_, { organisationId }) => nameOf.get(organisationId ?? '') ?? '—',
        },
      ]}
      mayEdit={mayEdit}
      cornersOf={(site) => [site]}
      layer={(shown) => <PlacesLayer places={shown} picked={null} />}
      dialog={(site, close) => <SiteDialog site={site} organisations={organisations} onClose={close} />}
    />
  )
}

/** The person to ask there is read, and the reading recorded, for those alone who may see it. */
function SiteDialog({
  site,
  organisations,
  onClose,
}: OrganisationChoice & { site: SiteRow | null; onClose: () => void }) {
  const { t } = useTranslation('place')
  const mayReadContact = useMay()('place.read-contacts')
  const whole = useQuery({
    queryKey: ['sites', site?.id],
    queryFn: ({ signal }) => api.get<SiteRow>(`/api/sites/${site?.id}`, {}, signal),
    enabled: site !== null && mayReadContact,
    staleTime: 0,
    gcTime: 0,
  })
  if (site !== null && mayReadContact && whole.isPending) return null
  const stored = whole.data ?? site
  const showsContact = site === null || whole.data !== undefined
  return (
    <RecordDialog<SiteForm, SiteRow>
      title={site === null ? t('site.add') : t('site.change', { name: site.name })}
      width={640}
      stored={stored}
      toForm={(row) => ({
        name: row?.name ?? '',
        class: row?.class ?? 'venue',
        trade: row?.trade ?? '',
        organisationId: row?.organisationId ?? null,
        address: row?.address ?? '',
        position: row === null ? null : { lon: row.lon, lat: row.lat },
        ...(showsContact
          ? { contactName: row?.contactName ?? '', contactPhone: row?.contactPhone ?? '' }
          : {}),
      })}
      versionOf={({ version }) => version}
      load={async () => {
        if (showsContact) return api.get<SiteRow>(`/api/sites/${site?.id}`)
        const { sites } = await api.get<{ sites: readonly SiteRow[] }>('/api/sites')
        return sites.find(({ id }) => id === site?.id) ?? null
      }}
      save={({ position, ...values }, options, row) => {
        const body = { ...values, ...position, organisationId: values.organisationId ?? null }
        return row === null
          ? api.post('/api/sites', body, options)
          : api.put(`/api/sites/${row.id}`, body, options)
      }}
      remove={
        site === null
          ? undefined
          : { name: site.name, run: (options) => api.delete(`/api/sites/${site.id}`, options) }
      }
      refresh={[sitesQuery.queryKey]}
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
        <Form.Item name="class" label={t('site.kind')}>
          <Select options={SITE_CLASSES.map((value) => ({ value, label: t(`kind.${value}`) }))} />
        </Form.Item>
        <Form.Item name="trade" label={t('site.trade')} rules={[{ max: 60 }]}>
          <Input />
        </Form.Item>
        <Form.Item name="organisationId" label={t('ui:field.organisation')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('ui:none')}
            options={[...organisations]}
          />
        </Form.Item>
        <Form.Item name="address" label={t('site.address')} rules={[{ max: 300 }]} className="wide">
          <Input />
        </Form.Item>
        {showsContact ? (
          <>
            <Form.Item name="contactName" label={t('site.contact')} rules={[{ max: 60 }]}>
              <Input autoComplete="off" />
            </Form.Item>
            <Form.Item name="contactPhone" label={t('site.phone')} rules={[{ max: 40 }]}>
              <Input autoComplete="off" inputMode="tel" />
            </Form.Item>
          </>
        ) : (
          <p className="muted wide">{t('site.contact-hidden')}</p>
        )}
        <Form.Item
          name="position"
          label={t('key-place.position')}
          className="wide"
          rules={[{ required: true, message: t('key-place.no-position') }]}
        >
          <PositionField label={t('key-place.position')} />
        </Form.Item>
      </div>
    </RecordDialog>
  )
}
