import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../../foundation/ui/api/problem.ts'
import { Failure } from '../../../foundation/ui/states/states.tsx'

const AGAIN_MILLISECONDS = 2_000

/**
 * A page that failed says so and offers the ways on; the rest of the console keeps running. Where the service was
 * away it tries again by itself.
 */
export function Crash({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation('console')
  const router = useRouter()
  const { code } = problemOf(error)
  const isAway = code === 'network' || code === 'database-unavailable'
  useEffect(() => {
    if (!isAway) return
    const timer = setInterval(() => void router.invalidate(), AGAIN_MILLISECONDS)
    return () => clearInterval(timer)
  }, [isAway, router])
  return (
    <div className="page">
      <h1 style={{ fontSize: 18 }}>{t(isAway ? 'crash.away' : 'crash.title')}</h1>
      <Failure error={error} retry={reset} />
      {!isAway && <Button onClick={() => location.reload()}>{t('crash.reload')}</Button>}
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
