import { Button } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addDays } from '../../../../foundation/core/day.ts'
import { listOptions, optionKey, type OpenGround } from '../../core/index.ts'
import type { RosterWords } from '../roster-words.ts'
import type { RosterDesk } from './desk.ts'
import type { CellAt } from './moves.ts'

const WIDTH = 340
const TALLEST = 320

/** What a cell may be, each choice with what it would do to the rules. Digits choose, arrows walk, Enter takes. */
export function CellEditor({
  at,
  anchor,
  view,
  current,
  allowed,
  open,
  words,
  desk,
  onChoose,
  onClose,
}: {
  at: CellAt
  anchor: { readonly left: number; readonly top: number; readonly cellWidth: number }
  view: { readonly width: number; readonly height: number }
  current: string
  allowed: readonly string[]
  open: OpenGround
  words: RosterWords
  desk: RosterDesk
  onChoose: (key: string) => void
  onClose: () => void
}) {
  const { t } = useTranslation('roster')
  const list = useRef<HTMLDivElement>(null)
  const [isAll, setAll] = useState(false)
  const who = open.ground.officers[at.officer]!
  const keys = useMemo(() => {
    if (!isAll) return allowed
    const others = listOptions(open)
      .filter(
        (option) =>
          option.kind === 'off' || (option.kind === 'duty' && option.organisationId === who.organisationId),
      )
      .map(optionKey)
    return [...allowed, ...others.filter((key) => !allowed.includes(key))]
  }, [isAll, allowed, open, who.organisationId])
  const choices = useMemo(
    () => keys.map((key) => ({ key, difference: key === current ? null : desk.try([{ ...at, key }]) })),
    [keys, current, desk, at],
  )
  useEffect(() => {
    list.current?.querySelector<HTMLElement>('[aria-selected="true"], [role="option"]')?.focus()
  }, [])

  const left = Math.max(8, Math.min(anchor.left + anchor.cellWidth + 4, view.width - WIDTH - 8))
  const isBelow = anchor.top < view.height / 2
  return (
    <div
      className="cell-editor"
      role="dialog"
      aria-label={t('editor.label')}
      style={{
        left,
        width: Math.min(WIDTH, view.width - 16),
        maxHeight: TALLEST,
        ...(isBelow ? { top: anchor.top } : { bottom: view.height + 64 - anchor.top - 28 }),
      }}
      onPointerDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onClose()
      }}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape') return onClose()
        if (/^[1-9]$/.test(event.key) && keys[Number(event.key) - 1] !== undefined)
          return onChoose(keys[Number(event.key) - 1]!)
        if (event.key === '0') return onChoose('off')
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
        event.preventDefault()
        const items = [...list.current!.querySelectorAll<HTMLElement>('[role="option"]')]
        const now = items.indexOf(document.activeElement as HTMLElement)
        items.at((now + (event.key === 'ArrowDown' ? 1 : -1)) % items.length)?.focus()
      }}
    >
      <p>
        <b>{words.officer(who.id)}</b> {words.date(addDays(open.ground.fromDate, at.day))}
      </p>
      <div ref={list} role="listbox" aria-label={t('editor.choices')}>
        {choices.map(({ key, difference }, index) => (
          <button
            key={key}
            type="button"
            role="option"
            aria-selected={key === current}
            onClick={() => onChoose(key)}
          >
            <kbd>{index < 9 ? index + 1 : ''}</kbd>
            <Swatch words={words} optionKey={key} />
            <span>{words.option(key)}</span>
            {difference && (
              <em data-verdict={difference.added.length > 0 ? 'broken' : 'kept'}>
                {difference.added.length > 0
                  ? t('editor.breaks', { count: difference.added.length })
                  : difference.removed.length > 0
                    ? t('editor.mends', { count: difference.removed.length })
                    : t('editor.kept')}
              </em>
            )}
            {!allowed.includes(key) && <small>{t('editor.off-pattern')}</small>}
          </button>
        ))}
      </div>
      {!isAll && (
        <Button type="link" size="small" onClick={() => setAll(true)}>
          {t('editor.all')}
        </Button>
      )}
    </div>
  )
}

/** A cell as a small picture, for lists and legends. */
export function Swatch({ words, optionKey: key }: { words: RosterWords; optionKey: string }) {
  const look = words.looks.of(key)
  const { main, side } = words.mark(look)
  return (
    <span
      className="cell cell-swatch"
      data-tone={look.tone}
      data-night={look.isNight || undefined}
      aria-hidden
    >
      <span>{main}</span>
      {side !== '' && <small>{side}</small>}
    </span>
  )
}
