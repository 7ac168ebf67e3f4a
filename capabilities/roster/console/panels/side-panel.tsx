import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../../foundation/ui/session/session.tsx'
import { findOption, type OpenGround, type RosterBreach, type RosterGrid } from '../../core/index.ts'
import type { DeskState } from '../grid/desk.ts'
import type { RosterHead, RosterRow } from '../roster-api.ts'
import type { RosterWords } from '../roster-words.ts'
import { BreachesPanel } from './breaches-panel.tsx'
import { FairnessPanel } from './fairness-panel.tsx'
import { HistoryPanel } from './history-panel.tsx'
import { RequestsPanel } from './requests-panel.tsx'
import { SolvePanel } from './solve-panel.tsx'

export const SIDE_TABS = ['breaches', 'fairness', 'solve', 'requests', 'history'] as const
export type SideTab = (typeof SIDE_TABS)[number]

/** What the side of the grid shows; pressing the one that is shown closes it. */
export function SideTabs({
  side,
  breaches,
  onSide,
}: {
  side: SideTab | null
  breaches: number
  onSide: (side: SideTab | null) => void
}) {
  const { t } = useTranslation('roster')
  const may = useMay()
  return (
    <div className="side-tabs" role="group" aria-label={t('side.label')}>
      {SIDE_TABS.filter(
        (tab) => (tab !== 'solve' || may('roster.make')) && (tab !== 'requests' || may('roster.decide')),
      ).map((tab) => (
        <button
          key={tab}
          type="button"
          aria-pressed={side === tab}
          onClick={() => onSide(side === tab ? null : tab)}
        >
          {t(`side.${tab}`)}
          {tab === 'breaches' && (
            <b data-verdict={breaches > 0 ? 'broken' : 'kept'}>{breaches > 0 ? breaches : '✓'}</b>
          )}
        </button>
      ))}
    </div>
  )
}

/** The side of the grid: broken rules, fairness, the solver, or what became of the roster. */
export function SidePanel({
  tab,
  roster,
  open,
  words,
  breaches,
  state,
  stored,
  published,
  onClose,
  onShowBreach,
  onShow,
}: {
  tab: SideTab
  roster: RosterRow
  open: OpenGround
  words: RosterWords
  breaches: readonly RosterBreach[]
  state: DeskState
  stored: RosterGrid
  published: RosterHead | null
  onClose: () => void
  onShowBreach: (breach: RosterBreach) => void
  onShow: (officerId: string) => void
}) {
  const { t } = useTranslation('roster')
  const edited = useMemo(
    () =>
      state.pending.length === 0
        ? null
        : state.cells.map((row) => row.map((key) => findOption(key) ?? { kind: 'off' as const })),
    [state.cells, state.pending],
  )
  return (
    <aside className="panel roster-side" aria-label={t(`side.${tab}`)}>
      <div className="panel-head">
        <h2>{t(`side.${tab}`)}</h2>
        <Button className="push" size="small" type="text" aria-label={t('ui:action.close')} onClick={onClose}>
          ✕
        </Button>
      </div>
      <div className="panel-body">
        {tab === 'breaches' && <BreachesPanel breaches={breaches} words={words} onShow={onShowBreach} />}
        {tab === 'fairness' && (
          <FairnessPanel open={open} words={words} stored={stored} edited={edited} onOfficer={onShow} />
        )}
        {tab === 'solve' && (
          <SolvePanel
            roster={roster.roster}
            version={roster.version}
            words={words}
            published={published}
            pending={state.pending.length}
          />
        )}
        {tab === 'requests' && <RequestsPanel words={words} />}
        {tab === 'history' && (
          <HistoryPanel
            roster={roster.roster}
            words={words}
            officerIds={open.ground.officers
              .filter((_, officer) => state.cells[officer]!.some((key) => key.includes('/')))
              .map(({ id }) => id)}
          />
        )}
      </div>
    </aside>
  )
}
