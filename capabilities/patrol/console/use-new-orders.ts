import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Position } from '../../../foundation/core/geo.ts'
import { wallClock } from '../../../foundation/core/instant.ts'
import { api } from '../../../foundation/ui/api/client.ts'
import { districtQuery } from '../../../foundation/ui/session/session.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { ORDER_RULES, type OrderRules } from '../core/index.ts'
import {
  blankContent,
  completed,
  draftOfStop,
  readNew,
  type NewAsked,
  type NewOrder,
  type PlanRead,
  type StopNamed,
  type Surroundings,
} from './new-orders.ts'
import { orderRulesQuery, type ContentRow } from './orders-api.ts'

let drawn = 0
const keyed = (content: ContentRow): NewOrder => ({ key: `new-${++drawn}`, content })

/** The drafts on this screen: what the address asked for, and what is begun here. */
export function useNewOrders(rules: OrderRules) {
  const { t } = useTranslation('patrol')
  const navigate = useNavigate()
  const queries = useQueryClient()
  const asked = useSearch({ from: '/shell/orders' }).new
  const [list, setList] = useState<readonly NewOrder[]>([])
  const [selectedKey, setSelectedKey] = useState<string | null>(null)
  const [fault, setFault] = useState<'new-unreadable' | 'new-missing' | null>(null)

  const put = (contents: readonly ContentRow[]) => {
    const added = contents.map(keyed)
    setList((before) => [...before, ...added])
    setSelectedKey(added[0]?.key ?? null)
  }
  const take = useEffectEvent(async (text: string) => {
    const found = readNew(text)
    // Asked for once: reloaded, the page shows what is stored, not the same drafts again.
    void navigate({ to: '/orders', search: {}, replace: true })
    if (found === null) return setFault('new-unreadable')
    const around = await surroundings()
    const contents = await contentsOf(found, around)
    setFault(contents.includes(null) ? 'new-missing' : null)
    put(contents.filter((content) => content !== null))
  })
  useEffect(() => {
    if (asked !== undefined) void take(asked)
  }, [asked])

  async function surroundings(): Promise<Surroundings> {
    const [district, known] = await Promise.all([
      queries.ensureQueryData(districtQuery),
      queries.ensureQueryData(orderRulesQuery).catch(() => ORDER_RULES),
    ])
    return {
      now: serverNow(),
      rules: known,
      minuteOf(at) {
        const { hour, minute } = wallClock(at, district.timeZone)
        return hour * 60 + minute
      },
    }
  }

  async function contentsOf(found: NewAsked, around: Surroundings): Promise<(ContentRow | null)[]> {
    const named =
      found.kind === 'stops'
        ? found.stops
        : found.contents.flatMap(({ evidence = [] }) => evidence.filter((one) => one.kind === 'stop'))
    const plans = new Map<string, PlanRead | null>()
    for (const { runId } of named)
      if (!plans.has(runId))
        plans.set(runId, await api.get<PlanRead>(`/api/analysis-runs/${runId}`).catch(() => null))
    const reasonOf = ({ rank, shift }: StopNamed) => t('editor.stop-reason', { rank, shift: shift + 1 })
    if (found.kind === 'stops')
      return found.stops.map((stop) => {
        const plan = plans.get(stop.runId)
        return plan ? draftOfStop(stop, plan, reasonOf(stop), around) : null
      })
    const { viewBounds } = await queries.ensureQueryData(districtQuery)
    const centre = viewBounds
      ? { lon: (viewBounds.west + viewBounds.east) / 2, lat: (viewBounds.south + viewBounds.north) / 2 }
      : { lon: 0, lat: 0 }
    return found.contents.map((content) => completed(content, plans, reasonOf, centre, around))
  }

  const selected = list.find(({ key }) => key === selectedKey) ?? null
  return {
    list,
    selected,
    fault,
    select: setSelectedKey,
    leave: () => setSelectedKey(null),
    add: (position: Position) =>
      put([blankContent(position, { now: serverNow(), rules, minuteOf: () => 0 })]),
    copy(content: ContentRow) {
      const lasts = Date.parse(content.expiresAt) - Date.parse(content.startsAt)
      const now = serverNow()
      put([
        { ...content, startsAt: new Date(now).toISOString(), expiresAt: new Date(now + lasts).toISOString() },
      ])
    },
    change: (key: string, content: ContentRow) =>
      setList((before) => before.map((one) => (one.key === key ? { key, content } : one))),
    drop(key: string) {
      const rest = list.filter((one) => one.key !== key)
      setList(rest)
      setSelectedKey(rest[0]?.key ?? null)
    },
    clear() {
      setList([])
      setSelectedKey(null)
    },
  }
}
