import { Button, Dropdown, Tooltip } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addDays, daysBetween } from '../../../foundation/core/day.ts'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { useMay, useMayFor } from '../../../foundation/ui/session/session.tsx'
import { useStore } from '../../../foundation/ui/store/store.ts'
import {
  allowedOptions,
  findOption,
  openGround,
  optionKey,
  type RosterBreach,
  type RosterGround,
} from '../core/index.ts'
import { breachesByPlace, type Cells } from './grid/desk.ts'
import { Legend } from './grid/legend.tsx'
import { MonthFilters } from './grid/month-filters.tsx'
import { MonthGrid } from './grid/month-grid.tsx'
import { countDays, isFiltered, monthDays, monthLines, NO_FILTER } from './grid/month.ts'
import type { CellAt } from './grid/moves.ts'
import { useRosterDesk } from './grid/use-roster-desk.ts'
import { ConflictsNote } from './panels/conflicts-note.tsx'
import { ImportDialog } from './panels/import-dialog.tsx'
import { PublishDialog } from './panels/publish-dialog.tsx'
import { SidePanel, SideTabs, type SideTab } from './panels/side-panel.tsx'
import { SaveWithReason, WithdrawDialog } from './panels/reasons.tsx'
import { PrintMonth } from './print-month.tsx'
import { cellsOf, type RosterHead, type RosterRow } from './roster-api.ts'
import { namesChoice, useRosterWords } from './roster-words.ts'

/** One roster as a month: toolbar, filters, grid, and what the side shows about it. */
export function RosterDesk({
  roster,
  ground,
  rosters,
  today,
  switcher,
  onDay,
}: {
  roster: RosterRow
  ground: RosterGround
  rosters: readonly RosterHead[]
  today: string
  switcher: React.ReactNode
  onDay: (day: string) => void
}) {
  const { t, i18n } = useTranslation('roster')
  const may = useMay()
  const mayFor = useMayFor()
  const head = roster.roster
  const words = useRosterWords(ground)
  const open = useMemo(() => openGround(ground), [ground])
  const { desk, state, save, isSaving } = useRosterDesk(roster, ground)
  const [filter, setFilter] = useState(NO_FILTER)
  const [side, setSide] = useState<SideTab | null>(null)
  const [dialog, setDialog] = useState<'publish' | 'withdraw' | 'import' | 'reason' | null>(null)
  const [target, setTarget] = useState<{ at: CellAt; nonce: number } | null>(null)
  const areNamesShown = useStore(namesChoice)

  const isDraft = head.state === 'draft'
  // Whoever edits a station's rows edits no other's.
  const readOnly = !(may('roster.edit') && (isDraft || head.state === 'published'))
  const mayEdit = ({ officer }: CellAt) => mayFor('roster.edit', ground.officers[officer]!.organisationId)
  const days = useMemo(() => monthDays(ground, today), [ground, today])
  const breaches = useMemo(() => [...state.breaches.values()], [state.breaches])
  const broken = useMemo(() => breachesByPlace(ground, breaches), [ground, breaches])
  const brokenOfficers = useMemo(
    () => new Set(breaches.flatMap(({ officerId }) => (officerId === null ? [] : [officerId]))),
    [breaches],
  )
  const lines = useMemo(
    () =>
      monthLines(ground, filter, {
        wordsOf: (officer) => words.officer(ground.officers[officer]!.id),
        hasBreach: (officer) => brokenOfficers.has(ground.officers[officer]!.id),
      }),
    [ground, filter, words, brokenOfficers],
  )
  const counts = useMemo(() => countDays(ground, state.cells, words.looks), [ground, state.cells, words])
  const published = rosters.find(
    (other) => other.state === 'published' && other.id !== head.id && overlap(other, head),
  )
  const nonce = target?.nonce ?? 0

  const show = (officerId: string, date: string) => {
    const officer = open.officerIndex.get(officerId)
    if (officer === undefined) return
    if (isFiltered(filter)) setFilter({ ...NO_FILTER, onlyBreaches: filter.onlyBreaches })
    setTarget({ at: { officer, day: daysBetween(ground.fromDate, date) }, nonce: nonce + 1 })
  }
  const showBreach = (breach: RosterBreach) => {
    if (breach.officerId !== null) return show(breach.officerId, breach.date)
    const first = ground.officers.find(
      ({ organisationId }) => breach.organisationId === null || organisationId === breach.organisationId,
    )
    if (first) show(first.id, breach.date)
  }
  const saveNow = () => {
    if (state.pending.length === 0) return
    if (isDraft) save()
    else setDialog('reason')
  }
  useShortcuts(
    [
      {
        keys: 'ctrl+s',
        label: 'roster:save.button',
        group: 'roster:page.title',
        inFields: true,
        run: saveNow,
      },
    ],
    !readOnly,
  )

  return (
    <>
      <div className="page-head roster-head">
        <h1>{t('page.title')}</h1>
        {switcher}
        <span className="roster-state" data-state={head.state}>
          {t(`state.${head.state}`)}
        </span>
        <span className="push roster-actions">
          {!readOnly && (
            <>
              <Tooltip title={t('save.undo-keys')}>
                <Button
                  size="small"
                  disabled={!state.canUndo}
                  aria-label={t('save.undo')}
                  onClick={desk.undo}
                >
                  ↶
                </Button>
              </Tooltip>
              <Button size="small" disabled={!state.canRedo} aria-label={t('save.redo')} onClick={desk.redo}>
                ↷
              </Button>
              <Button size="small" disabled={state.pending.length === 0} onClick={desk.discard}>
                {t('save.discard')}
              </Button>
              <Button
                size="small"
                type={state.pending.length > 0 ? 'primary' : 'default'}
                disabled={state.pending.length === 0}
                loading={isSaving}
                onClick={saveNow}
              >
                {state.pending.length > 0
                  ? t('save.count', { count: state.pending.length })
                  : t('save.button')}
              </Button>
            </>
          )}
          {may('roster.make') && isDraft && (
            <Tooltip title={state.pending.length > 0 ? t('publish.save-first') : ''}>
              <Button
                size="small"
                type={state.pending.length === 0 ? 'primary' : 'default'}
                disabled={state.pending.length > 0}
                onClick={() => setDialog('publish')}
              >
                {t('publish.button')}
              </Button>
            </Tooltip>
          )}
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                { key: 'print', label: t('page.print') },
                ...(may('roster.export')
                  ? [
                      {
                        key: 'excel',
                        label: (
                          <a
                            href={`/api/rosters/${head.id}/roster.xlsx?lang=${i18n.language === 'en' ? 'en' : 'zh-CN'}`}
                            download
                          >
                            {t('page.excel')}
                          </a>
                        ),
                      },
                    ]
                  : []),
                ...(readOnly || !isDraft ? [] : [{ key: 'import', label: t('import.button') }]),
                ...(may('force.read-persons')
                  ? [{ key: 'names', label: t(areNamesShown ? 'page.hide-names' : 'page.show-names') }]
                  : []),
                ...(may('roster.make') && (isDraft || head.state === 'published')
                  ? [{ key: 'withdraw', danger: true, label: t('withdraw.button') }]
                  : []),
              ],
              onClick({ key }) {
                if (key === 'print') window.print()
                if (key === 'import' || key === 'withdraw') setDialog(key)
                if (key === 'names') namesChoice.set(!areNamesShown)
              },
            }}
          >
            <Button size="small">{t('page.more')} ▾</Button>
          </Dropdown>
        </span>
      </div>
      <div className="roster-bar">
        <MonthFilters ground={ground} words={words} filter={filter} onFilter={setFilter} />
        <SideTabs side={side} breaches={breaches.length} onSide={setSide} />
      </div>
      <ConflictsNote desk={desk} conflicts={state.conflicts} ground={ground} words={words} onShow={show} />
      <div className="roster-stage" data-side={side !== null}>
        <MonthGrid
          open={open}
          words={words}
          desk={desk}
          state={state}
          days={days}
          lines={lines}
          counts={counts}
          broken={broken}
          readOnly={readOnly}
          mayEdit={mayEdit}
          target={target}
          allowed={({ officer, day }) => allowedOptions(open, officer, day).map(optionKey)}
          onOpenDay={onDay}
        />
        {side && (
          <SidePanel
            tab={side}
            roster={roster}
            open={open}
            words={words}
            breaches={breaches}
            state={state}
            stored={gridOf(cellsOf(roster, ground))}
            published={published ?? null}
            onClose={() => setSide(null)}
            onShowBreach={showBreach}
            onShow={(officerId) => show(officerId, ground.fromDate)}
          />
        )}
      </div>
      <Legend words={words} readOnly={readOnly} />
      <PrintMonth
        head={head}
        ground={ground}
        open={open}
        words={words}
        cells={state.cells}
        days={days}
        lines={lines}
        counts={counts}
      />
      {dialog === 'publish' && (
        <PublishDialog
          roster={head}
          version={roster.version}
          breaches={breaches}
          replaces={published ?? null}
          officers={officersOnDuty(state.cells)}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'withdraw' && (
        <WithdrawDialog roster={head} version={roster.version} onClose={() => setDialog(null)} />
      )}
      {dialog === 'import' && (
        <ImportDialog roster={head} version={roster.version} words={words} onClose={() => setDialog(null)} />
      )}
      {dialog === 'reason' && (
        <SaveWithReason
          count={state.pending.length}
          onClose={() => setDialog(null)}
          onSave={(reason) => {
            save(reason)
            setDialog(null)
          }}
        />
      )}
    </>
  )
}

const overlap = (a: RosterHead, b: RosterHead): boolean =>
  a.fromDate <= addDays(b.fromDate, b.days - 1) && b.fromDate <= addDays(a.fromDate, a.days - 1)

export const gridOf = (cells: Cells) =>
  cells.map((row) => row.map((key) => findOption(key) ?? { kind: 'off' as const }))

const officersOnDuty = (cells: Cells): number =>
  cells.filter((row) => row.some((key) => key.includes('/'))).length
