import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { Empty, Shown } from '../../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import type { StatusSource, UnitStatus } from '../../core/index.ts'
import type { UnitRow } from '../force-api.ts'
import { StatusText } from '../status-mark.tsx'

interface StatusChangeRow {
  readonly id: number
  readonly rule: string
  readonly from: UnitStatus
  readonly to: UnitStatus
  readonly source: StatusSource
  readonly changedAt: string
  readonly accountName: string
  readonly cause: string | null
}

/** What a unit did and when, newest first: each step with its rule, who said it and why. */
export function StatusHistory({ unit, onClose }: { unit: UnitRow; onClose: () => void }) {
  const { t } = useTranslation('force')
  const format = useFormat()
  const pages = useInfiniteQuery({
    queryKey: ['unit-status-changes', unit.id, unit.statusSinceAt],
    queryFn: ({ pageParam, signal }) =>
      api.get<{ changes: readonly StatusChangeRow[]; nextCursor: number | null }>(
        `/api/units/${unit.id}/status-changes`,
        { cursor: pageParam, limit: 100 },
        signal,
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })
  return (
    <Drawer open title={t('history.title', { name: unit.callSign })} size={460} onClose={onClose}>
      <Shown
        query={pages}
        rows={10}
        isEmpty={(data) => data.pages.every(({ changes }) => changes.length === 0)}
        empty={<Empty text={t('history.none')} />}
      >
        {(data) => (
          <>
            <ol className="status-history">
              {data.pages
                .flatMap(({ changes }) => changes)
                .map((change) => (
                  <li key={change.id}>
                    <time dateTime={change.changedAt}>{format.short(change.changedAt)}</time>
                    <div>
                      <StatusText status={change.from} /> → <StatusText status={change.to} />
                      <small className="muted">
                        {[t(`source.${change.source}`), change.accountName, change.cause, change.rule]
                          .filter(Boolean)
                          .join(' · ')}
                      </small>
                    </div>
                  </li>
                ))}
            </ol>
            {pages.hasNextPage && (
              <Button block loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t('ui:action.more')}
              </Button>
            )}
          </>
        )}
      </Shown>
    </Drawer>
  )
}
