import { Link } from '@tanstack/react-router'
import { Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

export interface NavigationRow {
  readonly to:
    | '/'
    | '/intake'
    | '/incidents'
    | '/force'
    | '/roster'
    | '/roster/patterns'
    | '/roster/preview'
    | '/my-roster'
    | '/activation'
    | '/analysis'
    | '/orders'
    | '/my-orders'
    | '/sync'
    | '/results'
    | '/replay'
    | '/admin'
  readonly name: string
  readonly keys: string
  /** Any one of these shows the page. */
  readonly permissions: readonly string[]
  /** For accounts of officers: a crew's own page. */
  readonly ofOfficer?: true
  /** Pages of one subject share an entry, or the bar grows wider than a screen. */
  readonly group?: Group
}

type Group = 'roster' | 'patrol'

export const NAVIGATION: readonly NavigationRow[] = [
  { to: '/', name: 'live', keys: 'g l', permissions: ['incident.read'] },
  { to: '/intake', name: 'intake', keys: 'n', permissions: ['incident.report'] },
  { to: '/incidents', name: 'incidents', keys: 'g i', permissions: ['incident.read'] },
  { to: '/force', name: 'force', keys: 'g f', permissions: ['force.read'] },
  { to: '/roster', name: 'roster', keys: 'g d', permissions: ['roster.read'], group: 'roster' },
  {
    to: '/roster/patterns',
    name: 'roster-patterns',
    keys: 'g c',
    permissions: ['roster.read-settings'],
    group: 'roster',
  },
  {
    to: '/roster/preview',
    name: 'roster-preview',
    keys: 'g v',
    permissions: ['roster.read-drafts'],
    group: 'roster',
  },
  { to: '/activation', name: 'activation', keys: 'g p', permissions: ['board.read'] },
  { to: '/analysis', name: 'analysis', keys: 'g y', permissions: ['analysis.read'], group: 'patrol' },
  { to: '/orders', name: 'orders', keys: 'g o', permissions: ['patrol.read-orders'], group: 'patrol' },
  { to: '/sync', name: 'sync', keys: 'g s', permissions: ['patrol.read-sync'], group: 'patrol' },
  { to: '/results', name: 'results', keys: 'g e', permissions: ['analysis.read'], group: 'patrol' },
  { to: '/my-roster', name: 'my-roster', keys: 'g u', permissions: ['roster.read-own'], ofOfficer: true },
  {
    to: '/my-orders',
    name: 'my-orders',
    keys: 'g m',
    permissions: ['patrol.read-own-orders'],
    ofOfficer: true,
  },
  { to: '/replay', name: 'replay', keys: 'g r', permissions: ['location.read-tracks'] },
  { to: '/admin', name: 'admin', keys: 'g a', permissions: [] },
]

const holds = ({ to }: NavigationRow, path: string) =>
  path === to || (to !== '/' && path.startsWith(`${to}/`))

/** The row whose page is open: of `/roster` and `/roster/patterns` the longer one that fits. */
const shownRow = (rows: readonly NavigationRow[], path: string) =>
  rows.filter((row) => holds(row, path)).toSorted((a, b) => b.to.length - a.to.length)[0]

/** The pages that somebody may open; several of one subject behind one entry. */
export function Navigation({ rows, path }: { rows: readonly NavigationRow[]; path: string }) {
  const { t } = useTranslation('console')
  const here = shownRow(rows, path)
  return (
    <nav aria-label={t('nav.label')}>
      {rows.map((row) => {
        const grouped = row.group === undefined ? [] : rows.filter(({ group }) => group === row.group)
        if (row.group === undefined || grouped.length < 2)
          return <NavigationLink key={row.to} row={row} isHere={row === here} />
        return row === grouped[0] ? (
          <GroupEntry key={row.group} group={row.group} rows={grouped} here={here} />
        ) : null
      })}
    </nav>
  )
}

function NavigationLink({
  row,
  isHere,
  onOpen,
}: {
  row: NavigationRow
  isHere: boolean
  onOpen?: () => void
}) {
  const { t } = useTranslation('console')
  return (
    <Link
      to={row.to}
      data-active={isHere}
      aria-current={isHere ? 'page' : undefined}
      {...(onOpen ? { onClick: onOpen } : {})}
    >
      {t(`nav.${row.name}`)}
    </Link>
  )
}

function GroupEntry({
  group,
  rows,
  here,
}: {
  group: Group
  rows: readonly NavigationRow[]
  here: NavigationRow | undefined
}) {
  const { t } = useTranslation('console')
  const [isOpen, setOpen] = useState(false)
  const isHere = here !== undefined && rows.includes(here)
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      open={isOpen}
      onOpenChange={setOpen}
      content={
        <nav className="shell-group" aria-label={t(`nav.group.${group}`)}>
          {rows.map((row) => (
            <NavigationLink key={row.to} row={row} isHere={row === here} onOpen={() => setOpen(false)} />
          ))}
        </nav>
      }
    >
      <button type="button" data-active={isHere} aria-expanded={isOpen}>
        {t(isHere ? `nav.${here.name}` : `nav.group.${group}`)} <span aria-hidden>▾</span>
      </button>
    </Popover>
  )
}
