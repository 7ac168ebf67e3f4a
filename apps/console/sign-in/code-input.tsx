import { Input } from 'antd'
import type { ChangeEventHandler } from 'react'

export const CODE_PATTERN = /^\d{6}$/

/** Six digits from the phone, filled in by the browser where it can. */
export function CodeInput(field: { id?: string; value?: string; onChange?: ChangeEventHandler }) {
  return (
    <Input
      {...field}
      autoFocus
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={6}
      size="large"
      className="mono"
    />
  )
}
