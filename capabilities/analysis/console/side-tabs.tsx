import { useRef, type ReactNode } from 'react'

export interface SideTab<Name extends string> {
  readonly name: Name
  readonly label: string
  readonly count?: number
  readonly content: ReactNode
}

/** One of several panels beside the map; arrow keys go from one to the next. */
export function SideTabs<Name extends string>({
  label,
  tabs,
  shown,
  onShow,
}: {
  label: string
  tabs: readonly SideTab<Name>[]
  shown: Name
  onShow: (name: Name) => void
}) {
  const list = useRef<HTMLDivElement>(null)
  const step = (by: number) => {
    const at = tabs.findIndex(({ name }) => name === shown)
    const next = tabs[(at + by + tabs.length) % tabs.length]!
    onShow(next.name)
    list.current?.querySelector<HTMLElement>(`#tab-${next.name}`)?.focus()
  }
  return (
    <>
      <div
        ref={list}
        className="analysis-tabs"
        role="tablist"
        aria-label={label}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return
          event.preventDefault()
          step(event.key === 'ArrowRight' ? 1 : -1)
        }}
      >
        {tabs.map(({ name, label: text, count }) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === shown}
            aria-controls={`panel-${name}`}
            tabIndex={name === shown ? 0 : -1}
            onClick={() => onShow(name)}
          >
            {text}
            {count !== undefined && <span className="analysis-count">{count}</span>}
          </button>
        ))}
      </div>
      {tabs.map(({ name, label: text, content }) => (
        <div
          key={name}
          id={`panel-${name}`}
          className="analysis-tab"
          role="tabpanel"
          aria-labelledby={`tab-${name}`}
          data-shown={name === shown}
          data-title={text}
        >
          {content}
        </div>
      ))}
    </>
  )
}
