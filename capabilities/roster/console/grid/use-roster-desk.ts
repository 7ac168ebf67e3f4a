import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { problemOf } from '../../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { useStore } from '../../../../foundation/ui/store/store.ts'
import { addDays, daysBetween } from '../../../../foundation/core/day.ts'
import type { RosterGround } from '../../core/index.ts'
import { cellsOf, rosterQuery, type RosterRow, type SaveAnswer } from '../roster-api.ts'
import { openDesk, withEdits, type Cells, type RosterDesk } from './desk.ts'
import type { CellEdit } from './moves.ts'

interface SaveInput {
  readonly edits: readonly CellEdit[]
  readonly changes: ReturnType<RosterDesk['changes']>
  readonly version: number
  readonly reason?: string
}

/**
 * A roster on the desk of this page. What the server has by now is laid under the edits; when the ground itself
 * becomes another (a leave, a post), the desk is opened anew and the edits are made on it again.
 */
export function useRosterDesk(roster: RosterRow, ground: RosterGround) {
  const { t } = useTranslation('roster')
  const { message } = App.useApp()
  const queries = useQueryClient()
  const stored = useMemo(() => cellsOf(roster, ground), [roster, ground])
  const former = useRef<{ ground: RosterGround; desk: RosterDesk; stored: Cells } | null>(null)

  const desk = useMemo(() => {
    const before = former.current
    if (before?.ground === ground) return before.desk
    const opened = openDesk(ground, stored)
    if (before) opened.make(carriedOver(before.desk, before.ground, ground))
    former.current = { ground, desk: opened, stored }
    return opened
  }, [ground, stored])

  useEffect(() => {
    const before = former.current!
    if (before.stored === stored) return
    former.current = { ...before, stored }
    desk.rebase(stored)
  }, [desk, stored])

  const state = useStore(desk.state)
  const key = rosterQuery(roster.roster.id).queryKey

  const save = useCommand<SaveInput, SaveAnswer>({
    run: ({ changes, version, reason }, idempotencyKey) =>
      api.patch(
        `/api/rosters/${roster.roster.id}/cells`,
        { changes, ...(reason === undefined ? {} : { reason }) },
        { idempotencyKey, ifMatch: version },
      ),
    done({ version }, { edits }) {
      desk.saved(edits)
      // The answer names the version only: the cells are those that were sent.
      queries.setQueryData(key, (now) => {
        if (!now) return now
        const next = storedAs({ ...now, version }, ground, withEdits(cellsOf(now, ground), edits))
        former.current = { ...former.current!, stored: cellsOf(next, ground) }
        return next
      })
      void message.success(t('save.done', { count: edits.length }))
    },
    failed(error) {
      const { status } = problemOf(error)
      if (status !== 412 && status !== 409) return false
      void message.warning(t('save.changed-meanwhile'), 8)
      return true
    },
    refresh: [['rosters', roster.roster.id]],
  })

  return {
    desk,
    state,
    isSaving: save.isPending,
    save(reason?: string) {
      save.mutate({
        edits: state.pending,
        changes: desk.changes(),
        version: roster.version,
        ...(reason === undefined ? {} : { reason }),
      })
    },
  }
}

/** The pending edits of a desk where another ground has the same officers and days. */
function carriedOver(desk: RosterDesk, from: RosterGround, to: RosterGround): readonly CellEdit[] {
  const index = new Map(to.officers.map(({ id }, officer) => [id, officer]))
  return desk.state.get().pending.flatMap(({ officer, day, key }) => {
    const there = index.get(from.officers[officer]!.id)
    const date = addDays(from.fromDate, day)
    const on = daysBetween(to.fromDate, date)
    return there === undefined || on < 0 || on >= to.days ? [] : [{ officer: there, day: on, key }]
  })
}

/** A roster row that holds these cells. */
function storedAs(row: RosterRow, ground: RosterGround, cells: Cells): RosterRow {
  const options = [...row.options]
  const index = new Map(options.map(({ key }, at) => [key, at]))
  const indexOf = (key: string): number => {
    const known = index.get(key)
    if (known !== undefined) return known
    index.set(key, options.length)
    options.push({ key })
    return options.length - 1
  }
  return {
    ...row,
    officers: ground.officers.map(({ id }) => ({ id })),
    cells: cells.map((keys) => keys.map(indexOf)),
    options,
  }
}
