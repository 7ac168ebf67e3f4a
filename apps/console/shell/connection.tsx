import { useTranslation } from 'react-i18next'
import { live } from '../../../foundation/ui/live/live.ts'
import { useStore } from '../../../foundation/ui/store/store.ts'
import { ageOf } from '../../../foundation/ui/time/age.ts'
import { useNow } from '../../../foundation/ui/time/clock.ts'
import { api } from '../../../foundation/ui/api/client.ts'

const SHAPES = {
  open: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z',
  connecting: 'M8 2a6 6 0 1 0 6 6h-2a4 4 0 1 1-4-4z',
  waiting: 'M8 1 15 14H1z',
  idle: 'M3 7h10v2H3z',
} as const

/** Whether the live stream runs, and how old its last message is. Always in view. */
export function Connection() {
  const { t } = useTranslation('console')
  const { t: ui } = useTranslation('ui')
  const state = useStore(live.state)
  const now = useNow() - api.clockOffset.get()
  const age = state.lastMessageAt === null ? null : ageOf(now - state.lastMessageAt)
  return (
    <span className="connection" data-state={state.connection} role="status" aria-live="polite">
      <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden>
        <path d={SHAPES[state.connection]} fill="currentColor" />
      </svg>
      <span>{t(`connection.${state.connection}`)}</span>
      <span className="age" aria-live="off">
        {age === null
          ? t('connection.none')
          : t('connection.last', { age: ui(`age.${age.key}`, { ...age }) })}
      </span>
    </span>
  )
}
