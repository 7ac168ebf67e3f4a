import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Input, InputNumber, Segmented, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Position } from '../../../foundation/core/geo.ts'
import { api } from '../../../foundation/ui/api/client.ts'
import { problemOf } from '../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { Keys, useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { fitTo, MapView, type MapHandle } from '../../../foundation/ui/map/map-view.tsx'
import { useProblemText } from '../../../foundation/ui/i18n/problem-text.ts'
import { useUnits } from '../../force/console/index.tsx'
import { PlaceInput } from '../../place/console/index.tsx'
import { CIRCUMSTANCES, ORIGINS, type Circumstance, type Origin } from '../core/index.ts'
import { Duplicates } from './duplicates.tsx'
import { duplicatesQuery, openIncidentsQuery, type IncidentRow } from './incident-api.ts'
import { IncidentsLayer } from './incidents-layer.tsx'
import { PickedLayer } from './picked-layer.tsx'
import { SensitiveField } from './sensitive-field.tsx'
import { TypeInput } from './type-input.tsx'
import './incident.css'

interface IntakeForm {
  readonly origin: Origin
  readonly typeCode?: string
  readonly address?: string
  readonly summary?: string
  readonly peopleCount?: number | null
  readonly circumstances: readonly Circumstance[]
  readonly foundByUnitId?: string | undefined
  readonly callerName?: string | undefined
  readonly callerPhone?: string | undefined
  readonly sensitiveReason?: string | undefined
}

/** One keystroke for what decides the level most often. */
const QUICK: readonly { readonly circumstance: Circumstance; readonly keys: string }[] = [
  { circumstance: 'weapon', keys: 'alt+w' },
  { circumstance: 'injury', keys: 'alt+i' },
  { circumstance: 'violence', keys: 'alt+v' },
  { circumstance: 'suspect-present', keys: 'alt+s' },
]

const EMPTY: IntakeForm = { origin: 'citizen', circumstances: [] }

/** Takes a report down with the keyboard alone: Tab walks, F2 goes to the map, Ctrl+Enter sends. */
export function IntakePage() {
  const { t } = useTranslation('incident')
  const navigate = useNavigate()
  const { notification } = App.useApp()
  const textOf = useProblemText()
  const [form] = Form.useForm<IntakeForm>()
  const [position, setPosition] = useState<Position | null>(null)
  const [picking, setPicking] = useState(false)
  const map = useRef<MapHandle | null>(null)
  const units = useUnits()
  const origin = Form.useWatch('origin', form) ?? 'citizen'
  const typeCode = Form.useWatch('typeCode', form)
  const circumstances = Form.useWatch('circumstances', form) ?? []
  const open = useQuery(openIncidentsQuery).data?.incidents ?? []
  const duplicates = useQuery(duplicatesQuery(typeCode, position)).data?.suggestions ?? []

  const place = ({ lon, lat }: Position) => {
    const next = { lon, lat }
    setPosition(next)
    focusField('summary')
    if (map.current) fitTo(map.current.map, [next])
  }
  const leaveMap = () => {
    setPicking(false)
    focusField('address')
  }

  const take = useCommand<
    IntakeForm & { position: Position; incidentId: string | null },
    { incident: IncidentRow }
  >({
    run: ({ callerName, callerPhone, foundByUnitId, incidentId, position: at, ...report }, idempotencyKey) =>
      api.post(
        '/api/reports',
        reportBody({ ...report, callerName, callerPhone, foundByUnitId }, at, incidentId),
        {
          idempotencyKey,
        },
      ),
    refresh: [['incidents']],
    async done({ incident }) {
      form.resetFields()
      setPosition(null)
      notification.success({ title: t('intake.taken', { number: incident.number }), duration: 3 })
      await navigate({ to: '/incidents/$incidentId', params: { incidentId: incident.id } })
    },
    failed(error) {
      const faults = textOf(error).fields.filter(({ field }) => field in EMPTY_FIELDS)
      form.setFields(faults.map(({ field, text }) => ({ name: field as keyof IntakeForm, errors: [text] })))
      return faults.length > 0 && problemOf(error).status < 500
    },
  })

  const submit = async (incidentId: string | null) => {
    const values = await form.validateFields().catch(() => null)
    if (values === null) return
    if (position === null) {
      form.setFields([{ name: 'address', errors: [t('intake.place-needed')] }])
      setPicking(true)
      return
    }
    take.mutate({ ...values, position, incidentId })
  }

  const toggle = (circumstance: Circumstance) => {
    const now = form.getFieldValue('circumstances') as readonly Circumstance[]
    form.setFieldValue(
      'circumstances',
      now.includes(circumstance) ? now.filter((each) => each !== circumstance) : [...now, circumstance],
    )
  }

  const group = 'incident:intake.title'
  useShortcuts([
    {
      keys: 'ctrl+enter',
      label: 'incident:intake.submit',
      group,
      inFields: true,
      run: () => void submit(null),
    },
    { keys: 'f2', label: 'incident:intake.pick', group, inFields: true, run: () => setPicking(true) },
    ...QUICK.map(({ circumstance, keys }) => ({
      keys,
      label: `incident:circumstance.${circumstance}`,
      group,
      inFields: true,
      run: () => toggle(circumstance),
    })),
    ...duplicates.slice(0, 3).map(({ incident }, index) => ({
      keys: `alt+${index + 1}`,
      label: 'incident:intake.attach',
      group,
      inFields: true,
      run: () => void submit(incident.id),
    })),
    ...ORIGINS.map((each, index) => ({
      keys: `ctrl+alt+${index + 1}`,
      label: `incident:origin.${each}`,
      group,
      inFields: true,
      run: () => form.setFieldValue('origin', each),
    })),
  ])

  useEffect(() => {
    if (position && duplicates.length > 0 && map.current)
      fitTo(map.current.map, [position, ...duplicates.map(({ incident }) => incident.position)])
  }, [position, duplicates])

  return (
    <div className="intake">
      <section className="intake-form" aria-label={t('intake.title')}>
        <div className="intake-head">
          <h1>{t('intake.title')}</h1>
          <span className="muted">{t('intake.hint')}</span>
        </div>
        <div className="intake-scroll">
          <Form<IntakeForm> form={form} layout="vertical" initialValues={EMPTY} requiredMark="optional">
            <Form.Item name="origin" label={t('intake.origin')} required>
              <Segmented<Origin>
                block
                options={ORIGINS.map((value) => ({ value, label: t(`origin.${value}`) }))}
              />
            </Form.Item>
            {origin === 'patrol' && (
              <Form.Item name="foundByUnitId" label={t('intake.found-by')} rules={[{ required: true }]}>
                <Select
                  showSearch={{ optionFilterProp: 'label' }}
                  options={[...units.values()].map(({ id, callSign }) => ({ value: id, label: callSign }))}
                />
              </Form.Item>
            )}
            <Form.Item
              name="typeCode"
              label={t('intake.type')}
              rules={[{ required: true, message: t('intake.type-needed') }]}
            >
              <TypeInput autoFocus onChosen={() => focusField('address')} />
            </Form.Item>
            <Form.Item
              label={
                <span>
                  {t('intake.place')} <Keys keys="f2" />
                </span>
              }
              name="address"
              required
              rules={[{ max: 300 }]}
              extra={
                position === null ? (
                  t('intake.place-hint')
                ) : (
                  <span className="mono">
                    ✓ {position.lon.toFixed(5)}, {position.lat.toFixed(5)}
                  </span>
                )
              }
            >
              <PlaceInput onPlace={place} placeholder={t('intake.place-placeholder')} />
            </Form.Item>
            <Form.Item name="summary" label={t('intake.summary')} rules={[{ max: 4000 }]}>
              <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
            </Form.Item>
            <SensitiveField watch="summary" />
            <div className="intake-quick" role="group" aria-label={t('intake.circumstances')}>
              {QUICK.map(({ circumstance, keys }) => (
                <button
                  key={circumstance}
                  type="button"
                  aria-pressed={circumstances.includes(circumstance)}
                  onClick={() => toggle(circumstance)}
                >
                  {circumstances.includes(circumstance) ? '✓ ' : ''}
                  {t(`circumstance.${circumstance}`)} <Keys keys={keys} />
                </button>
              ))}
            </div>
            <Form.Item name="circumstances" label={t('intake.circumstances')}>
              <Select
                mode="multiple"
                showSearch={{ optionFilterProp: 'label' }}
                options={CIRCUMSTANCES.map((value) => ({ value, label: t(`circumstance.${value}`) }))}
              />
            </Form.Item>
            <Form.Item name="peopleCount" label={t('intake.people')}>
              <InputNumber min={0} max={1_000_000} precision={0} style={{ width: 140 }} />
            </Form.Item>
            {origin === 'citizen' && (
              <div className="intake-pair">
                <Form.Item name="callerName" label={t('intake.caller-name')}>
                  <Input autoComplete="off" maxLength={100} />
                </Form.Item>
                <Form.Item name="callerPhone" label={t('intake.caller-phone')}>
                  <Input autoComplete="off" inputMode="tel" maxLength={40} />
                </Form.Item>
              </div>
            )}
          </Form>
        </div>
        <div className="intake-foot">
          <Button type="primary" size="large" loading={take.isPending} onClick={() => void submit(null)}>
            {t('intake.submit')} <Keys keys="ctrl+enter" />
          </Button>
          <Button
            size="large"
            onClick={() => {
              form.resetFields()
              setPosition(null)
            }}
          >
            {t('intake.clear')}
          </Button>
          {duplicates.length > 0 && (
            <span className="push intake-warning" role="status">
              ▲ {t('intake.duplicates', { count: duplicates.length })}
            </span>
          )}
        </div>
      </section>
      <section className="intake-side">
        <div className="intake-map">
          <MapView
            label={t('intake.map')}
            onReady={(handle) => (map.current = handle)}
            {...(picking
              ? {
                  onPick: (picked: Position) => {
                    setPosition(picked)
                    leaveMap()
                  },
                }
              : {})}
            onCancelPick={leaveMap}
            over={
              !picking && (
                <div className="map-over map-over-top-left">
                  <button type="button" className="map-button" onClick={() => setPicking(true)}>
                    {t('intake.pick')} <Keys keys="f2" />
                  </button>
                </div>
              )
            }
          >
            <IncidentsLayer incidents={open} />
            <PickedLayer position={position} />
          </MapView>
        </div>
        <Duplicates suggestions={duplicates} busy={take.isPending} onAttach={(id) => void submit(id)} />
      </section>
    </div>
  )
}

/** What is not known is left out, never sent as nothing. */
function reportBody(
  form: IntakeForm,
  position: Position,
  incidentId: string | null,
): Record<string, unknown> {
  const { origin, typeCode, address, summary, peopleCount, circumstances, foundByUnitId } = form
  const [name, phone] = [form.callerName?.trim() || null, form.callerPhone?.trim() || null]
  return {
    origin,
    typeCode,
    address: address?.trim() ?? '',
    summary: summary?.trim() ?? '',
    circumstances,
    position,
    ...(peopleCount == null ? {} : { peopleCount }),
    ...(origin === 'patrol' && foundByUnitId ? { foundByUnitId } : {}),
    ...(origin === 'citizen' && (name ?? phone) !== null
      ? { caller: { name, phone, legalBasis: '110-rules', purpose: 'call-back' } }
      : {}),
    ...(incidentId === null ? {} : { incidentId }),
    ...(form.sensitiveReason?.trim() ? { sensitiveReason: form.sensitiveReason.trim() } : {}),
  }
}

/** Antd gives a field its name as id. After the list that was open has closed. */
const focusField = (name: keyof IntakeForm) => setTimeout(() => document.getElementById(name)?.focus())

const EMPTY_FIELDS: Readonly<Record<string, true>> = {
  origin: true,
  typeCode: true,
  address: true,
  summary: true,
  peopleCount: true,
  circumstances: true,
  foundByUnitId: true,
}
