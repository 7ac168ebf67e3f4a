import { useState } from 'react'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import type { OrderRow } from './orders-api.ts'

/** Approving many proposals by one command, as they were seen: all or none. */
export function useBulkApproval(proposed: readonly OrderRow[]) {
  const may = useMay()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const shown = proposed.filter(({ id }) => chosen.has(id))
  const approve = useCommand<readonly { id: string; version: number }[], object>({
    run: (orders, idempotencyKey) => api.post('/api/patrol-orders/approve', { orders }, { idempotencyKey }),
    done: () => setChosen(new Set()),
    refresh: [['patrol-orders']],
  })
  const areAll = proposed.length > 0 && shown.length === proposed.length
  return {
    mayApprove: may('patrol.approve-order'),
    count: shown.length,
    areAll,
    isPending: approve.isPending,
    isChosen: (id: string) => chosen.has(id),
    choose(id: string, isChosen: boolean) {
      const next = new Set(chosen)
      if (isChosen) next.add(id)
      else next.delete(id)
      setChosen(next)
    },
    toggleAll: () => setChosen(new Set(areAll ? [] : proposed.map(({ id }) => id))),
    approve: () => approve.mutate(shown.map(({ id, version }) => ({ id, version }))),
  }
}
