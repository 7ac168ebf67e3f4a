import { useNavigate, useSearch } from '@tanstack/react-router'
import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { PatternsTab } from './patterns-tab.tsx'
import { PostsTab } from './posts-tab.tsx'
import { RulesTab } from './rules-tab.tsx'
import { SchemesTab } from './schemes-tab.tsx'
import '../roster.css'
import './patterns.css'

const PARTS = ['patterns', 'schemes', 'posts', 'rules'] as const
type Part = (typeof PARTS)[number]

const isPart = (value: unknown): value is Part => PARTS.some((part) => part === value)

/** What rosters are made by: patterns, who follows which, posts, and the rules with their weights and holidays. */
export function PatternsPage() {
  const { t } = useTranslation('roster')
  const navigate = useNavigate()
  const search: { part?: string } = useSearch({ strict: false })
  return (
    <div className="page patterns">
      <div className="page-head">
        <h1>{t('patterns.title')}</h1>
      </div>
      <Tabs
        activeKey={isPart(search.part) ? search.part : 'patterns'}
        onChange={(part) => void navigate({ to: '/roster/patterns', search: { part }, replace: true })}
        destroyOnHidden
        items={PARTS.map((part) => ({
          key: part,
          label: t(`patterns.${part}`),
          children: <PartOf part={part} />,
        }))}
      />
    </div>
  )
}

function PartOf({ part }: { part: Part }) {
  switch (part) {
    case 'patterns':
      return <PatternsTab />
    case 'schemes':
      return <SchemesTab />
    case 'posts':
      return <PostsTab />
    case 'rules':
      return <RulesTab />
  }
}
