import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { fitTo, MapView, type MapHandle } from '../../../foundation/ui/map/map-view.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { expectedByHour, hoursOf, type KeptStop } from '../core/index.ts'
import {
  isOwnPlan,
  OWN_PLAN,
  planQuery,
  type AskedPlan,
  type FindingsShown,
  type RunRow,
  type ShiftShown,
} from './analysis-api.ts'
import { ChangesPanel } from './changes-panel.tsx'
import { SeriesLayer, WarningLayer } from './findings-layer.tsx'
import { usePicked, type Focus, type StopPick } from './picked.ts'
import { PlanChoice } from './plan-choice.tsx'
import { PrintSketch } from './print-sketch.tsx'
import { PublishBar } from './publish-bar.tsx'
import { SeriesPanel } from './series-panel.tsx'
import { ShiftPicker } from './shift-picker.tsx'
import { SideTabs } from './side-tabs.tsx'
import { StopRow } from './stop-row.tsx'
import { StopsLayer } from './stops-layer.tsx'
import { WarningsPanel } from './warnings-panel.tsx'

export type Tab = 'changes' | 'series' | 'warnings' | 'data'

/** Shift and hour, stops, series, warnings and the map move together; what the run rests on comes as children. */
export function PlanStage({
  run,
  shifts: own,
  categories,
  found,
  tab,
  onTab: setTab,
  children,
}: {
  run: RunRow
  /** The day's own plan. */
  shifts: readonly ShiftShown[]
  categories: readonly string[]
  found: FindingsShown
  tab: Tab
  onTab: (tab: Tab) => void
  children: ReactNode
}) {
  const { t } = useTranslation('analysis')
  const { findings, changes } = found
  const [asked, setAsked] = useState(OWN_PLAN)
  const isOwn = isOwnPlan(asked)
  const shown = useQuery(planQuery(run.id, asked))
  const shifts = useMemo(() => shown.data?.shifts ?? [], [shown.data])
  const [chosen, setShift] = useState(() => currentShift(own))
  const shift = Math.max(0, Math.min(chosen, shifts.length - 1))
  const [hour, setHour] = useState<number | null>(null)
  const [focus, setFocus] = useState<Focus | null>(null)
  const picked = usePicked()
  const map = useRef<MapHandle | null>(null)
  const { timeZone, discRadiusMetres } = run.parameters
  const plan = shifts[shift]
  const hours = useMemo(() => hoursOf(shifts.map(momentsIn)), [shifts])
  const stops = useMemo(
    () => (plan ? stopsAt(plan, hour === null ? null : hoursInto(hours, hour), timeZone) : []),
    [plan, hours, hour, timeZone],
  )
  const series = findings?.series ?? []
  const warnings = findings?.warnings ?? []
  const shownSeries = focus?.kind === 'series' ? series.find(({ id }) => id === focus.id) : undefined
  const shownWarning = focus?.kind === 'warning' ? warnings.find(({ id }) => id === focus.id) : undefined
  const rank = focus?.kind === 'stop' ? focus.rank : null

  const show = (positions: readonly { lon: number; lat: number }[]) => {
    if (map.current) fitTo(map.current.map, positions)
  }
  const fit = () => show(stops.map(({ position }) => position))
  const ask = (plan: AskedPlan) => {
    setAsked(plan)
    setHour(null)
    setFocus((before) => (before?.kind === 'stop' ? null : before))
  }
  const stopPick = (rank: number): StopPick => {
    const stop = isOwn ? undefined : plan?.stops.find((each) => each.rank === rank)
    return { kind: 'stop', shift, rank, ...(stop && plan ? { of: { ...asked, plan, stop } } : {}) }
  }
  const toShift = (position: number) => {
    setShift(Math.min(shifts.length - 1, Math.max(0, position)))
    setHour(null)
  }
  const toHour = (position: number) => {
    const at = Math.min(hours.length - 1, Math.max(0, position))
    setHour(at)
    setShift(hours[at]!.shift)
  }
  const focusStop = (wanted: number | null) =>
    setFocus(wanted === null ? null : { kind: 'stop', rank: wanted })
  const focusSeries = (id: string) => {
    const of = series.find((each) => each.id === id)
    if (!of) return
    setTab('series')
    setFocus({ kind: 'series', id })
    show(of.members.map(({ position }) => position))
  }
  const focusWarning = (id: string) => {
    const of = warnings.find((each) => each.id === id)
    if (!of) return
    setTab('warnings')
    setFocus({ kind: 'warning', id })
    show(of.positions)
  }
  const toggle = (is: boolean, focusOn: () => void) => (is ? setFocus(null) : focusOn())
  const stepStop = (by: number) => {
    const at = stops.findIndex((stop) => stop.rank === rank)
    const next = at < 0 ? (by > 0 ? 0 : stops.length - 1) : at + by
    if (stops[next]) focusStop(stops[next].rank)
  }
  const pickFocus = () => {
    if (focus) picked.toggle(focus.kind === 'stop' ? stopPick(focus.rank) : focus)
  }
  const firstHour = () => hours.findIndex((each) => each.shift === shift)
  const group = 'analysis:keys.group'
  useShortcuts([
    { keys: 'j', label: 'analysis:keys.next', group, run: () => stepStop(1) },
    { keys: 'k', label: 'analysis:keys.previous', group, run: () => stepStop(-1) },
    { keys: 'x', label: 'analysis:keys.pick', group, run: pickFocus },
    { keys: ']', label: 'analysis:keys.later', group, run: () => toShift(shift + 1) },
    { keys: '[', label: 'analysis:keys.earlier', group, run: () => toShift(shift - 1) },
    {
      keys: '.',
      label: 'analysis:keys.hour-later',
      group,
      run: () => toHour(hour === null ? firstHour() : hour + 1),
    },
    {
      keys: ',',
      label: 'analysis:keys.hour-earlier',
      group,
      run: () => toHour(hour === null ? firstHour() : hour - 1),
    },
    { keys: 'f', label: 'analysis:keys.fit', group, run: fit },
    { keys: 'escape', label: 'analysis:keys.clear', group, run: () => setFocus(null) },
  ])

  return (
    <div className="analysis-stage">
      <section className="analysis-list" aria-label={t('stops')} aria-busy={shown.isPlaceholderData}>
        <PlanChoice asked={asked} categories={categories} onAsk={ask} />
        {plan ? (
          <ShiftPicker
            shifts={shifts}
            hours={hours}
            shift={shift}
            hour={hour}
            expected={stops.reduce((sum, { expected }) => sum + expected, 0)}
            onShift={toShift}
            onHour={toHour}
          />
        ) : (
          <Shown query={shown} rows={6}>
            {() => <Empty text={t('empty.no-stops')} />}
          </Shown>
        )}
        {plan && stops.length === 0 && <Empty text={t('empty.no-stops')} />}
        {plan && (
          <ol className="analysis-stops">
            {stops.map((stop) => (
              <StopRow
                key={stop.rank}
                stop={stop}
                shift={plan}
                pick={stopPick(stop.rank)}
                picked={picked}
                isOfHour={hour !== null}
                timeZone={timeZone}
                isOpen={stop.rank === rank}
                onToggle={() => focusStop(stop.rank === rank ? null : stop.rank)}
              />
            ))}
          </ol>
        )}
      </section>
      <div className="analysis-map">
        <MapView
          label={t('map')}
          onReady={(handle) => {
            map.current = handle
            fit()
          }}
          over={<Legend hasSeries={series.length > 0} />}
        >
          <SeriesLayer series={series} shown={shownSeries} onSelect={focusSeries} />
          <StopsLayer
            stops={stops}
            radiusMetres={discRadiusMetres}
            selectedRank={rank}
            onSelect={focusStop}
          />
          <WarningLayer shown={shownWarning} />
        </MapView>
        <PrintSketch stops={stops} series={series} radiusMetres={discRadiusMetres} />
        <PublishBar picked={picked} run={run} shifts={own} findings={findings} />
      </div>
      <aside className="analysis-beside" aria-label={t('beside')}>
        <SideTabs<Tab>
          label={t('beside')}
          shown={tab}
          onShow={setTab}
          tabs={[
            {
              name: 'changes',
              label: t('tab.changes'),
              content: (
                <ChangesPanel
                  changes={changes}
                  shifts={own}
                  shift={Math.min(shift, own.length - 1)}
                  onStop={(rank) => {
                    ask(OWN_PLAN)
                    focusStop(rank)
                  }}
                  onSeries={focusSeries}
                  onWarning={focusWarning}
                />
              ),
            },
            {
              name: 'series',
              label: t('tab.series'),
              count: series.filter(({ state }) => state !== 'closed').length,
              content: findings ? (
                <SeriesPanel
                  findings={findings}
                  shownId={shownSeries?.id ?? null}
                  picked={picked}
                  onToggle={(id) => toggle(id === shownSeries?.id, () => focusSeries(id))}
                />
              ) : (
                <Empty text={t('empty.no-findings')} />
              ),
            },
            {
              name: 'warnings',
              label: t('tab.warnings'),
              count: warnings.filter(({ outcome }) => outcome === 'warning').length,
              content: findings ? (
                <WarningsPanel
                  findings={findings}
                  shownId={shownWarning?.id ?? null}
                  picked={picked}
                  onToggle={(id) => toggle(id === shownWarning?.id, () => focusWarning(id))}
                />
              ) : (
                <Empty text={t('empty.no-findings')} />
              ),
            },
            { name: 'data', label: t('tab.data'), content: children },
          ]}
        />
      </aside>
    </div>
  )
}

function Legend({ hasSeries }: { hasSeries: boolean }) {
  const { t } = useTranslation('analysis')
  return (
    <ul className="analysis-legend" aria-label={t('legend.title')}>
      <li data-mark="stop">{t('legend.stop')}</li>
      {hasSeries && <li data-mark="series">{t('legend.series')}</li>}
    </ul>
  )
}

const momentsIn = ({ fromAt, untilAt }: ShiftShown) => ({
  fromAt: Date.parse(fromAt),
  untilAt: Date.parse(untilAt),
})

/** How many hours of its shift have gone by before this hour. */
function hoursInto(hours: readonly { shift: number }[], hour: number): number {
  return hour - hours.findIndex(({ shift }) => shift === hours[hour]!.shift)
}

/** The stops of a shift with what is expected in the whole of it, or in one of its hours: then the busiest of the hour first. */
function stopsAt(plan: ShiftShown, hour: number | null, timeZone: string): readonly KeptStop[] {
  if (hour === null) return plan.stops
  return plan.stops
    .map((stop) => ({ ...stop, expected: expectedByHour(stop, momentsIn(plan), timeZone)[hour] ?? 0 }))
    .sort((a, b) => b.expected - a.expected || a.rank - b.rank)
}

/** The shift under way, else the next to come. */
function currentShift(shifts: readonly ShiftShown[]): number {
  const now = serverNow()
  const next = shifts.findIndex(({ untilAt }) => Date.parse(untilAt) > now)
  return next < 0 ? shifts.length - 1 : next
}
