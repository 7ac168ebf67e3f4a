import { Button, InputNumber } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Position } from '../../core/geo.ts'
import { Loading } from '../states/states.tsx'

const PickMap = lazy(() => import('./pick-map.tsx'))

interface Half {
  readonly lon?: number | undefined
  readonly lat?: number | undefined
}

/** A place as longitude and latitude, typed or picked on the map below. */
export function PositionField({
  label,
  value = null,
  onChange,
  clearable = false,
}: {
  label: string
  value?: Position | null
  onChange?: (position: Position | null) => void
  clearable?: boolean
}) {
  const { t } = useTranslation('ui')
  const [open, setOpen] = useState(false)
  // Half a place is no place: it stays here until the other half is written.
  const [half, setHalf] = useState<Half>({})
  const shown: Half = value ?? half
  const write = (change: Half) => {
    const next = { ...shown, ...change }
    setHalf(next)
    onChange?.(next.lon === undefined || next.lat === undefined ? null : { lon: next.lon, lat: next.lat })
  }
  const part = (name: 'lon' | 'lat', limit: number) => (
    <InputNumber
      aria-label={t(`position.${name}`)}
      placeholder={t(`position.${name}`)}
      min={-limit}
      max={limit}
      step={0.0001}
      style={{ width: 130 }}
      value={shown[name] ?? null}
      onChange={(number) => write({ [name]: number ?? undefined })}
    />
  )
  return (
    <div className="position-field">
      <span className="position-parts">
        {part('lon', 180)}
        {part('lat', 90)}
        <Button onClick={() => setOpen(!open)}>{t(open ? 'position.close-map' : 'position.pick')}</Button>
        {clearable && value !== null && (
          <Button onClick={() => write({ lon: undefined, lat: undefined })}>{t('position.clear')}</Button>
        )}
      </span>
      {open && (
        <div className="position-map">
          <Suspense fallback={<Loading rows={6} />}>
            <PickMap
              label={label}
              value={value}
              onCancel={() => setOpen(false)}
              onPick={(position) =>
                onChange?.({ lon: Number(position.lon.toFixed(6)), lat: Number(position.lat.toFixed(6)) })
              }
            />
          </Suspense>
        </div>
      )}
    </div>
  )
}
