import { useTranslation } from 'react-i18next'
import { useTypeName } from '../../incident/console/index.tsx'
import type { PlanStretch } from '../core/index.ts'
import type { AskedPlan } from './analysis-api.ts'

const STRETCHES: readonly PlanStretch[] = ['shift', 'day', 'week']

/** Which plan of the run is shown: of what, and for how long. */
export function PlanChoice({
  asked,
  categories,
  onAsk,
}: {
  asked: AskedPlan
  categories: readonly string[]
  onAsk: (asked: AskedPlan) => void
}) {
  const { t } = useTranslation('analysis')
  const typeName = useTypeName()
  return (
    <div className="analysis-choice">
      <label>
        <span className="muted">{t('choice.category')}</span>
        <select
          value={asked.category ?? ''}
          onChange={({ target }) => onAsk({ ...asked, category: target.value || null })}
        >
          <option value="">{t('choice.all')}</option>
          {categories.map((category) => (
            <option key={category} value={category}>
              {typeName(category)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="muted">{t('choice.stretch')}</span>
        <select
          value={asked.stretch}
          onChange={({ target }) => onAsk({ ...asked, stretch: target.value as PlanStretch })}
        >
          {STRETCHES.map((stretch) => (
            <option key={stretch} value={stretch}>
              {t(`choice.${stretch}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
