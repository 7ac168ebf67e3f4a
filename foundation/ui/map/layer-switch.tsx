import { Checkbox, Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import { rememberedStore } from '../store/remembered.ts'
import { useStore, type Store } from '../store/store.ts'

export type LayerChoice = Readonly<Record<string, boolean>>

const isChoice = (value: unknown): value is LayerChoice =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((each) => typeof each === 'boolean')

export function layerChoice(name: string, fallback: LayerChoice): Store<LayerChoice> {
  const store = rememberedStore<LayerChoice>(`xunfang.layers.${name}`, fallback, isChoice)
  store.set({ ...fallback, ...store.get() })
  return store
}

export interface LayerRow {
  readonly id: string
  /** Full i18n key. */
  readonly label: string
  /** Until somebody chooses, where the choice has no word on it. */
  readonly isShown?: boolean
}

/** Which layers the map shows. */
export function LayerSwitch({ choice, rows }: { choice: Store<LayerChoice>; rows: readonly LayerRow[] }) {
  const { t } = useTranslation()
  const chosen = useStore(choice)
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className="map-layers">
          {rows.map(({ id, label, isShown = false }) => (
            <Checkbox
              key={id}
              checked={chosen[id] ?? isShown}
              onChange={(event) => choice.set({ ...choice.get(), [id]: event.target.checked })}
            >
              {t(label)}
            </Checkbox>
          ))}
        </div>
      }
    >
      <button type="button" className="map-button">
        <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden>
          <path d="M10 3 2 7l8 4 8-4-8-4ZM3 11l7 3.5L17 11M3 14l7 3.5 7-3.5" />
        </svg>
        {t('ui:map.layers')}
      </button>
    </Popover>
  )
}
