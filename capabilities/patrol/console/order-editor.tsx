import { Button, Checkbox, Form, Input, InputNumber, Select, Slider } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { positions } from '../../../foundation/ui/live/live.ts'
import { useDistrict } from '../../../foundation/ui/session/session.tsx'
import { momentOfWall, wallText } from '../../../foundation/ui/time/wall-text.ts'
import { useOrganisationName, useUnits } from '../../force/console/index.tsx'
import { SensitiveField } from '../../incident/console/index.tsx'
import { proposeDosage, RADIUS_METRES, type OrderRules } from '../core/index.ts'
import { nearestUnit } from './new-orders.ts'
import type { ContentRow } from './orders-api.ts'
import { clockOfMinute, useOrderWords } from './order-words.ts'

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/

/** All of an order but its place on the map, which the map beside it sets. Every change is told at once. */
export function OrderEditor({
  content,
  rules,
  onChange,
}: {
  content: ContentRow
  rules: OrderRules
  onChange: (content: ContentRow) => void
}) {
  const { t } = useTranslation('patrol')
  const words = useOrderWords()
  const zone = useDistrict()?.timeZone ?? 'Asia/Shanghai'
  const set = (changes: Partial<ContentRow>) => onChange({ ...content, ...changes })
  const { band, dosage, place } = content
  const minutes = band.untilMinute - band.fromMinute
  const expected = content.evidence.find((one) => one.kind === 'stop')?.expected ?? null
  const proposed = proposeDosage(minutes, expected, rules)
  const isProposed = proposed.visits === dosage.visits && proposed.minutesPerVisit === dosage.minutesPerVisit
  const setBand = (from: string, until: string) => {
    if (!CLOCK.test(from) || !CLOCK.test(until)) return
    const [fromMinute, untilMinute] = [minuteOf(from), minuteOf(until)]
    // An end that is not after the beginning is the next day's; at the same minute it is a whole day.
    set({
      band: { ...band, fromMinute, untilMinute: untilMinute > fromMinute ? untilMinute : untilMinute + 1440 },
    })
  }
  const moment = (field: 'startsAt' | 'expiresAt', label: string) => (
    <Form.Item label={label}>
      <Input
        type="datetime-local"
        aria-label={label}
        value={wallText(Date.parse(content[field]), zone)}
        onChange={({ target: { value } }) => {
          const at = momentOfWall(value, zone)
          if (at !== null) set({ [field]: new Date(at).toISOString() })
        }}
      />
    </Form.Item>
  )

  return (
    <div className="order-editor">
      <Form.Item label={t('field.label')}>
        <Input
          value={place.label}
          maxLength={120}
          aria-label={t('field.label')}
          placeholder={t('editor.label-hint')}
          onChange={({ target }) => set({ place: { ...place, label: target.value } })}
        />
      </Form.Item>
      <p className="muted mono order-position" aria-label={t('field.position')}>
        {place.lon.toFixed(5)}, {place.lat.toFixed(5)}
      </p>
      <Form.Item label={`${t('field.radius')} · ${t('order.radius', { metres: place.radiusMetres })}`}>
        <Slider
          min={RADIUS_METRES.least}
          max={RADIUS_METRES.most}
          step={5}
          value={place.radiusMetres}
          ariaLabelForHandle={t('field.radius')}
          onChange={(radiusMetres) => set({ place: { ...place, radiusMetres } })}
        />
      </Form.Item>
      {moment('startsAt', t('field.starts'))}
      {moment('expiresAt', t('field.expires'))}
      <div className="order-editor-pair">
        <Form.Item label={t('field.from')}>
          <Input
            type="time"
            aria-label={t('field.from')}
            value={clockOfMinute(band.fromMinute)}
            onChange={({ target }) => setBand(target.value, clockText(band.untilMinute))}
          />
        </Form.Item>
        <Form.Item label={t(band.untilMinute > 1440 ? 'field.until-next-day' : 'field.until')}>
          <Input
            type="time"
            aria-label={t('field.until')}
            value={clockText(band.untilMinute)}
            onChange={({ target }) => setBand(clockOfMinute(band.fromMinute), target.value)}
          />
        </Form.Item>
      </div>
      <Form.Item label={t('field.weekdays')}>
        <Checkbox.Group
          value={band.weekdays.length === 0 ? WEEKDAYS : [...band.weekdays]}
          options={WEEKDAYS.map((day) => ({ value: day, label: t(`weekday.${day}`) }))}
          onChange={(days) => set({ band: { ...band, weekdays: days.length === 7 ? [] : days } })}
        />
      </Form.Item>
      <Form.Item label={t('field.dosage')}>
        <div className="order-editor-dosage">
          <InputNumber
            min={1}
            max={24}
            value={dosage.visits}
            aria-label={t('field.visits')}
            suffix={t('field.times')}
            onChange={(visits) => visits && set({ dosage: { ...dosage, visits } })}
          />
          <span aria-hidden>×</span>
          <InputNumber
            min={rules.visitFromMinutes}
            max={120}
            value={dosage.minutesPerVisit}
            aria-label={t('field.minutes-per-visit')}
            suffix={t('field.minutes')}
            onChange={(minutesPerVisit) => minutesPerVisit && set({ dosage: { ...dosage, minutesPerVisit } })}
          />
          {!isProposed && (
            <Button type="link" size="small" onClick={() => set({ dosage: proposed })}>
              {t('editor.use-proposed', { dosage: words.dosage(proposed) })}
            </Button>
          )}
        </div>
      </Form.Item>
      <UnitPicker content={content} onChange={(unitIds) => set({ unitIds })} />
      <ReasonField content={content} onChange={(reason) => set({ reason })} />
      {content.evidence.length > 0 && (
        <Form.Item label={t('field.evidence')}>
          <ul className="order-evidence">
            {content.evidence.map((one) => (
              <li key={JSON.stringify(one)}>{words.evidence(one)}</li>
            ))}
          </ul>
        </Form.Item>
      )}
    </div>
  )
}

function UnitPicker({ content, onChange }: { content: ContentRow; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation('patrol')
  const units = useUnits()
  const organisationName = useOrganisationName()
  const options = useMemo(
    () =>
      [...units.values()]
        .map((unit) => ({
          value: unit.id,
          label: `${unit.callSign} · ${organisationName(unit.servingOrganisationId)}`,
        }))
        .toSorted((a, b) => a.label.localeCompare(b.label, 'zh-CN')),
    [units, organisationName],
  )
  return (
    <Form.Item label={t('field.units')}>
      <Select
        mode="multiple"
        aria-label={t('field.units')}
        placeholder={t('editor.units-hint')}
        value={[...content.unitIds]}
        options={options}
        optionFilterProp="label"
        onChange={onChange}
      />
      <Button
        type="link"
        size="small"
        onClick={() => {
          const nearest = nearestUnit(
            content.place,
            positions.all().filter(({ id }) => units.has(id)),
          )
          if (nearest !== null) onChange([...new Set([...content.unitIds, nearest])])
        }}
      >
        {t('editor.nearest')}
      </Button>
    </Form.Item>
  )
}

/** The reason stands in a form of its own field, so that what looks for sensitive words finds it there. */
function ReasonField({ content, onChange }: { content: ContentRow; onChange: (reason: string) => void }) {
  const { t } = useTranslation('patrol')
  return (
    <>
      <Form.Item name="reason" label={t('field.reason')} initialValue={content.reason}>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={1000}
          placeholder={t('editor.reason-hint')}
          onChange={({ target }) => onChange(target.value)}
        />
      </Form.Item>
      <SensitiveField watch="reason" />
    </>
  )
}

function minuteOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number)
  return hours! * 60 + minutes!
}

/** As a time field wants it: midnight at the end of the day is 00:00. */
function clockText(minute: number): string {
  return clockOfMinute(minute % 1440)
}
