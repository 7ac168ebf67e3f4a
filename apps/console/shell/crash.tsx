import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../../foundation/ui/states/states.tsx'

/** A page that failed says so and offers the ways on; the rest of the console keeps running. */
export function Crash({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation('console')
  return (
    <div className="page">
      <h1 style={{ fontSize: 18 }}>{t('crash.title')}</h1>
      <Failure error={error} retry={reset} />
      <Button onClick={() => location.reload()}>{t('crash.reload')}</Button>
    </div>
  )
}

export function Missing() {
  const { t } = useTranslation('console')
  return (
    <div className="page">
      <h1 style={{ fontSize: 18 }}>{t('missing.title')}</h1>
      <p>
        <Link to="/">{t('missing.home')}</Link>
      </p>
    </div>
  )
}
