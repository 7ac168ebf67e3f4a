import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PatternFault } from '../../core/index.ts'
import { clockOf } from '../roster-words.ts'
import { faultsAt, type Drafted } from './pattern-edits.ts'

export interface EditorProps {
  readonly pattern: Drafted
  readonly faults: readonly PatternFault[]
  readonly onChange: (pattern: Drafted) => void
}

export function useFaultWords(): (fault: PatternFault) => string {
  const { t } = useTranslation('roster')
  return ({ code, detail }) => t(`pattern-fault.${code}`, { ...detail })
}

export function FaultText({ faults }: { faults: readonly PatternFault[] }) {
  const words = useFaultWords()
  if (faults.length === 0) return null
  return (
    <small className="editor-fault" role="alert">
      {faults.map((fault) => (
        <span key={fault.path + fault.code}>
          <code>{fault.path}</code> {words(fault)}
        </span>
      ))}
    </small>
  )
}

/** A labelled field whose faults stand below it. */
export function Field({
  path,
  label,
  faults,
  children,
}: {
  path: string
  label: string
  faults: readonly PatternFault[]
  children: ReactNode
}) {
  return (
    <label className="editor-field">
      <span>{label}</span>
      {children}
      <FaultText faults={faultsAt(faults, path)} />
    </label>
  )
}

export function TextField({
  path,
  label,
  value,
  set,
  faults,
  disabled = false,
  width,
}: {
  path: string
  label: string
  value: string
  set: (value: string) => void
  faults: readonly PatternFault[]
  disabled?: boolean
  width?: number
}) {
  return (
    <Field path={path} label={label} faults={faults}>
      <input
        id={`pattern-${path}`}
        value={value}
        disabled={disabled}
        aria-invalid={faultsAt(faults, path).length > 0}
        style={width === undefined ? undefined : { width }}
        onChange={(event) => set(event.target.value)}
      />
    </Field>
  )
}

export function NumberField({
  path,
  label,
  value,
  set,
  faults,
  step = 1,
}: {
  path: string
  label: string
  value: number
  set: (value: number) => void
  faults: readonly PatternFault[]
  step?: number
}) {
  return (
    <Field path={path} label={label} faults={faults}>
      <input
        id={`pattern-${path}`}
        type="number"
        step={step}
        value={Number.isFinite(value) ? value : ''}
        aria-invalid={faultsAt(faults, path).length > 0}
        style={{ width: 84 }}
        onChange={(event) => set(event.target.value === '' ? Number.NaN : Number(event.target.value))}
      />
    </Field>
  )
}

/** Minutes since midnight as a time of day. */
export function ClockField({
  path,
  label,
  minute,
  set,
  faults,
}: {
  path: string
  label: string
  minute: number
  set: (minute: number) => void
  faults: readonly PatternFault[]
}) {
  return (
    <Field path={path} label={label} faults={faults}>
      <input
        id={`pattern-${path}`}
        type="time"
        value={clockOf(minute)}
        onChange={(event) => {
          const [hour, rest] = event.target.value.split(':').map(Number)
          if (hour !== undefined && rest !== undefined) set(hour * 60 + rest)
        }}
      />
    </Field>
  )
}

export function ChoiceField({
  path,
  label,
  value,
  options,
  set,
  faults,
}: {
  path: string
  label: string
  value: string
  options: readonly { readonly value: string; readonly label: string }[]
  set: (value: string) => void
  faults: readonly PatternFault[]
}) {
  return (
    <Field path={path} label={label} faults={faults}>
      <select
        id={`pattern-${path}`}
        value={value}
        aria-invalid={faultsAt(faults, path).length > 0}
        onChange={(event) => set(event.target.value)}
      >
        {!options.some((option) => option.value === value) && <option value={value}>{value || '—'}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  )
}

/** A list of the pattern: its rows, each with a way to remove it, and one to add another. */
export function Rows({
  title,
  path,
  faults,
  count,
  row,
  onAdd,
  onRemove,
  least = 0,
}: {
  title: string
  path: string
  faults: readonly PatternFault[]
  count: number
  row: (index: number) => ReactNode
  onAdd: () => void
  onRemove: (index: number) => void
  least?: number
}) {
  const { t } = useTranslation('roster')
  return (
    <section className="editor-part" aria-label={title}>
      <h3>{title}</h3>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="editor-row">
          {row(index)}
          <Button
            type="text"
            size="small"
            disabled={count <= least}
            aria-label={t('pattern.remove', { what: title, number: index + 1 })}
            onClick={() => onRemove(index)}
          >
            ✕
          </Button>
        </div>
      ))}
      <FaultText faults={faultsAt(faults, path)} />
      <Button size="small" onClick={onAdd}>
        {t('ui:action.add')}
      </Button>
    </section>
  )
}
