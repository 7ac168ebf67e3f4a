import { useTranslation } from 'react-i18next'
import type { Pick, Picked } from './picked.ts'

/** Chooses something for an order. */
export function PickBox({ pick, picked, name }: { pick: Pick; picked: Picked; name: string }) {
  const { t } = useTranslation('analysis')
  return (
    <label className="analysis-pick">
      <input
        type="checkbox"
        checked={picked.has(pick)}
        aria-label={t('publish.pick', { name })}
        onChange={() => picked.toggle(pick)}
      />
    </label>
  )
}
