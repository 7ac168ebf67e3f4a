import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Popconfirm, Select, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, type Answer } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { SecretOnce } from '../../../foundation/ui/form/secret-once.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { forceBoardQuery } from '../../force/console/index.tsx'
import { DATUMS, DEVICE_KINDS, type Carrier } from '../core/index.ts'
import { devicesQuery, type DeviceRow } from './location-api.ts'

const SECRET_HEADER = 'x-device-secret'

interface Registration {
  readonly code: string
  readonly name: string
  readonly kind: DeviceRow['kind']
  readonly datum: DeviceRow['datum']
}

/** Who may send positions, for whom, and when each was last heard. A secret is shown once. */
export function DevicesAdmin() {
  const { t } = useTranslation('location')
  const may = useMay()
  const devices = useQuery(devicesQuery)
  const force = useQuery(forceBoardQuery).data
  const [adding, setAdding] = useState(false)
  const [binding, setBinding] = useState<DeviceRow | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const [words, setWords] = useState('')
  const refresh = [devicesQuery.queryKey]
  const shown = (answer: Answer<DeviceRow>) => setSecret(answer.headers.get(SECRET_HEADER))

  const register = useCommand<Registration, Answer<DeviceRow>>({
    run: (body, idempotencyKey) => api.postWhole('/api/devices', body, { idempotencyKey }),
    refresh,
    done(answer) {
      setAdding(false)
      shown(answer)
    },
  })
  const rotate = useCommand<DeviceRow, Answer<DeviceRow>>({
    run: ({ id, version }, idempotencyKey) =>
      api.postWhole(`/api/devices/${id}/rotate-secret`, {}, { idempotencyKey, ifMatch: version }),
    refresh,
    done: shown,
  })
  const step = useCommand<{ device: DeviceRow; verb: 'enable' | 'disable' | 'unbind' }, DeviceRow>({
    run: ({ device, verb }, idempotencyKey) =>
      api.post(`/api/devices/${device.id}/${verb}`, {}, { idempotencyKey, ifMatch: device.version }),
    refresh,
  })
  const bind = useCommand<{ device: DeviceRow; carrier: Carrier }, DeviceRow>({
    run: ({ device, carrier }, idempotencyKey) =>
      api.post(`/api/devices/${device.id}/bind`, { carrier }, { idempotencyKey, ifMatch: device.version }),
    refresh,
    done: () => setBinding(null),
  })

  const carrierName = (carrier: Carrier | null) => {
    if (carrier === null) return null
    if (carrier.kind === 'unit') return force?.units.find(({ id }) => id === carrier.unitId)?.callSign
    if (carrier.kind === 'vehicle') return force?.vehicles.find(({ id }) => id === carrier.vehicleId)?.plate
    return force?.officers.find(({ id }) => id === carrier.officerId)?.badgeNumber
  }
  const carriers = [
    ...(force?.units ?? []).map(({ id, callSign }) => ({
      value: `unit:${id}`,
      label: `${t('carrier.unit')} ${callSign}`,
    })),
    ...(force?.vehicles ?? []).map(({ id, plate }) => ({
      value: `vehicle:${id}`,
      label: `${t('carrier.vehicle')} ${plate}`,
    })),
    ...(force?.officers ?? []).map(({ id, badgeNumber }) => ({
      value: `officer:${id}`,
      label: `${t('carrier.officer')} ${badgeNumber}`,
    })),
  ]
  const wanted = words.trim().toLowerCase()
  const mayManage = may('location.manage-devices')
  const mayBind = may('location.bind-devices')
  const addButton = mayManage && (
    <Button type="primary" onClick={() => setAdding(true)}>
      {t('device.add')}
    </Button>
  )

  return (
    <>
      <div className="page-head">
        <h1>{t('device.title')}</h1>
        <Input
          allowClear
          style={{ width: 220 }}
          placeholder={t('device.search')}
          aria-label={t('device.search')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <span className="push">{addButton}</span>
      </div>
      <div className="panel">
        <Shown
          query={devices}
          rows={8}
          isEmpty={({ devices: all }) => all.length === 0}
          empty={<Empty text={t('device.none')} action={addButton} />}
        >
          {({ devices: all }) => (
            <Table<DeviceRow>
              size="small"
              scroll={{ x: 'max-content' }}
              rowKey="id"
              dataSource={all.filter(
                ({ code, name, carrier }) =>
                  wanted === '' ||
                  [code, name, carrierName(carrier) ?? ''].some((each) =>
                    each.toLowerCase().includes(wanted),
                  ),
              )}
              pagination={{ pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
              columns={[
                { title: t('device.code'), render: (_, { code }) => <span className="mono">{code}</span> },
                { title: t('device.name'), dataIndex: 'name' },
                { title: t('device.kind'), render: (_, { kind }) => t(`device-kind.${kind}`) },
                {
                  title: t('device.datum'),
                  render: (_, { datum }) => <span className="mono">{datum.toUpperCase()}</span>,
                },
                {
                  title: t('device.carrier'),
                  render: (_, { carrier }) =>
                    carrier === null ? (
                      <span className="muted">{t('device.free')}</span>
                    ) : (
                      `${t(`carrier.${carrier.kind}`)} ${carrierName(carrier) ?? '—'}`
                    ),
                },
                { title: t('device.last'), render: (_, { lastFixedAt }) => <AgeText at={lastFixedAt} /> },
                {
                  title: t('device.state'),
                  render: (_, { enabled }) =>
                    enabled ? (
                      `● ${t('device.enabled')}`
                    ) : (
                      <span className="muted">○ {t('device.disabled')}</span>
                    ),
                },
                {
                  title: '',
                  align: 'right',
                  render: (_, device) => (
                    <span style={{ display: 'inline-flex', gap: 6 }}>
                      {mayBind && device.carrier !== null && (
                        <Button size="small" onClick={() => step.mutate({ device, verb: 'unbind' })}>
                          {t('device.unbind')}
                        </Button>
                      )}
                      {mayBind && device.carrier === null && device.enabled && device.kind !== 'gateway' && (
                        <Button size="small" onClick={() => setBinding(device)}>
                          {t('device.bind')}
                        </Button>
                      )}
                      {mayManage && (
                        <>
                          <Popconfirm title={t('device.rotate-ask')} onConfirm={() => rotate.mutate(device)}>
                            <Button size="small">{t('device.rotate')}</Button>
                          </Popconfirm>
                          <Button
                            size="small"
                            danger={device.enabled}
                            onClick={() =>
                              step.mutate({ device, verb: device.enabled ? 'disable' : 'enable' })
                            }
                          >
                            {t(device.enabled ? 'device.disable' : 'device.enable')}
                          </Button>
                        </>
                      )}
                    </span>
                  ),
                },
              ]}
            />
          )}
        </Shown>
      </div>
      <Modal
        open={adding}
        title={t('device.add')}
        footer={null}
        onCancel={() => setAdding(false)}
        destroyOnHidden
      >
        <Form<Registration>
          layout="vertical"
          initialValues={{ kind: 'phone', datum: DATUMS[0], name: '' }}
          onFinish={(body) => register.mutate(body)}
        >
          <Form.Item
            name="code"
            label={t('device.code')}
            extra={t('device.code-hint')}
            rules={[{ required: true, max: 100 }]}
          >
            <Input autoFocus className="mono" />
          </Form.Item>
          <Form.Item name="name" label={t('device.name')}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="kind" label={t('device.kind')}>
            <Select options={DEVICE_KINDS.map((value) => ({ value, label: t(`device-kind.${value}`) }))} />
          </Form.Item>
          <Form.Item name="datum" label={t('device.datum')}>
            <Select options={DATUMS.map((value) => ({ value, label: value.toUpperCase() }))} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={register.isPending}>
            {t('ui:action.save')}
          </Button>
        </Form>
      </Modal>
      <Modal
        open={binding !== null}
        title={t('device.bind')}
        footer={null}
        onCancel={() => setBinding(null)}
        destroyOnHidden
      >
        <Form<{ carrier: string }>
          layout="vertical"
          onFinish={({ carrier }) => {
            const [kind, id] = carrier.split(':') as [Carrier['kind'], string]
            if (binding)
              bind.mutate({ device: binding, carrier: { kind, [`${kind}Id`]: id } as unknown as Carrier })
          }}
        >
          <Form.Item name="carrier" label={t('device.carrier')} rules={[{ required: true }]}>
            <Select autoFocus showSearch={{ optionFilterProp: 'label' }} options={carriers} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={bind.isPending}>
            {t('ui:action.confirm')}
          </Button>
        </Form>
      </Modal>
      <SecretOnce
        title={t('device.secret')}
        secret={secret}
        hint={t('device.secret-hint')}
        onClose={() => setSecret(null)}
      />
    </>
  )
}
