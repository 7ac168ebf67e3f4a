import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Loading } from '../../../foundation/ui/states/states.tsx'
import { areaSquareKilometres, withCornerInEdge, type Corner } from './ring.ts'

const RingMap = lazy(() => import('./ring-map.tsx'))

/** The outline of an area. Corners come in the order of the clicks at first, into the nearest edge later. */
export function RingField({
  value = [],
  onChange,
}: {
  value?: readonly Corner[]
  onChange?: (ring: readonly Corner[]) => void
}) {
  const { t } = useTranslation('place')
  const [drawing, setDrawing] = useState(value.length < 3)
  return (
    <div>
      <div className="ring-map">
        <Suspense fallback={<Loading rows={8} />}>
          <RingMap
            label={t('area.ring')}
            ring={value}
            onCorner={(corner) => onChange?.(drawing ? [...value, corner] : withCornerInEdge(value, corner))}
            onChange={(ring) => onChange?.(ring)}
          />
        </Suspense>
      </div>
      <div className="ring-actions">
        <Button size="small" disabled={value.length === 0} onClick={() => onChange?.(value.slice(0, -1))}>
          {t('area.undo')}
        </Button>
        <Button
          size="small"
          disabled={value.length === 0}
          onClick={() => {
            setDrawing(true)
            onChange?.([])
          }}
        >
          {t('area.clear')}
        </Button>
        <span className="muted">
          {t('area.corners', {
            corners: value.length,
            area: areaSquareKilometres(value).toFixed(2),
          })}
        </span>
        <span className="faint">{t('area.ring-hint')}</span>
      </div>
    </div>
  )
}
