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
  readonly group?: 'patrol'
}

export const NAVIGATION: readonly NavigationRow[] = [
  { to: '/', name: 'live', keys: 'g l', permissions: ['incident.read'] },
  { to: '/intake', name: 'intake', keys: 'n', permissions: ['incident.report'] },
  { to: '/incidents', name: 'incidents', keys: 'g i', permissions: ['incident.read'] },
  { to: '/force', name: 'force', keys: 'g f', permissions: ['force.read'] },
  { to: '/activation', name: 'activation', keys: 'g p', permissions: ['board.read'] },
  { to: '/analysis', name: 'analysis', keys: 'g y', permissions: ['analysis.read'], group: 'patrol' },
  { to: '/orders', name: 'orders', keys: 'g o', permissions: ['patrol.read-orders'], group: 'patrol' },
  { to: '/sync', name: 'sync', keys: 'g s', permissions: ['patrol.read-sync'], group: 'patrol' },
  { to: '/results', name: 'results', keys: 'g e', permissions: ['analysis.read'], group: 'patrol' },
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

const isShown = ({ to }: NavigationRow, path: string) => (to === '/' ? path === '/' : path.startsWith(to))

/** The pages that somebody may open; several of one subject behind one entry. */
export function Navigation({ rows, path }: { rows: readonly NavigationRow[]; path: string }) {
  const { t } = useTranslation('console')
  const grouped = rows.filter(({ group }) => group !== undefined)
  return (
    <nav aria-label={t('nav.label')}>
      {rows.map((row) => {
        if (row.group === undefined || grouped.length < 2)
          return <NavigationLink key={row.to} row={row} path={path} />
        return row === grouped[0] ? <Group key="group" rows={grouped} path={path} /> : null
      })}
    </nav>
  )
}

function NavigationLink({ row, path, onOpen }: { row: NavigationRow; path: string; onOpen?: () => void }) {
  const { t } = useTranslation('console')
  const isHere = isShown(row, path)
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

function Group({ rows, path }: { rows: readonly NavigationRow[]; path: string }) {
  const { t } = useTranslation('console')
  const [isOpen, setOpen] = useState(false)
  const here = rows.find((row) => isShown(row, path))
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      open={isOpen}
      onOpenChange={setOpen}
      content={
        <nav className="shell-group" aria-label={t('nav.patrol')}>
          {rows.map((row) => (
            <NavigationLink key={row.to} row={row} path={path} onOpen={() => setOpen(false)} />
          ))}
        </nav>
      }
    >
      <button type="button" data-active={here !== undefined} aria-expanded={isOpen}>
        {t(here ? `nav.${here.name}` : 'nav.patrol')} <span aria-hidden>▾</span>
      </button>
    </Popover>
  )
}
