import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { CheckDifference } from '../../core/index.ts'
import type { RosterWords } from '../roster-words.ts'
import type { RosterDesk } from './desk.ts'
import { dropEdits, dropMode, type CellAt, type CellEdit, type DropMode } from './moves.ts'

/** A drag as it stands: where it would drop, and what that would do to the rules. */
export interface Drag {
  readonly from: CellAt
  readonly to: CellAt | null
  readonly mode: DropMode
  readonly edits: readonly CellEdit[]
  readonly difference: CheckDifference | null
}

const BEGINS_AFTER_PIXELS = 5
/** So near to the edge, the grid scrolls along. */
const EDGE_PIXELS = 36
const NOTHING: CheckDifference = { added: [], removed: [] }

/** Drags cells by mouse or pen; a finger scrolls. Each new place under the pointer is judged at once. */
export function useCellDrag({
  scroller,
  locate,
  keyAt,
  desk,
  isSettled,
  onDrop,
}: {
  scroller: RefObject<HTMLDivElement | null>
  locate: (x: number, y: number) => CellAt | null
  keyAt: (at: CellAt) => string
  desk: RosterDesk
  /** Nobody's to move: an absence, or another station's. */
  isSettled: (at: CellAt) => boolean
  onDrop: (edits: readonly CellEdit[]) => void
}) {
  const [drag, setDrag] = useState<Drag | null>(null)
  const latest = useRef({ locate, keyAt, onDrop, drag })
  useEffect(() => {
    latest.current = { locate, keyAt, onDrop, drag }
  })

  const editsOf = (mode: DropMode, from: CellAt, to: CellAt) => dropEdits(mode, from, to, keyAt)

  const begin = (event: PointerEvent<HTMLDivElement>, from: CellAt) => {
    if (event.pointerType === 'touch' || isSettled(from)) return
    const start = { x: event.clientX, y: event.clientY }
    let pointer = start
    let isDragging = false
    let scrolling = 0

    const look = (keys: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }) => {
      const to = latest.current.locate(pointer.x, pointer.y)
      const mode = dropMode(keys)
      const before = latest.current.drag
      if (before && before.mode === mode && before.to?.officer === to?.officer && before.to?.day === to?.day)
        return
      const edits = to && !isSettled(to) ? dropEdits(mode, from, to, latest.current.keyAt) : []
      const next: Drag = { from, to, mode, edits, difference: edits.length > 0 ? desk.try(edits) : NOTHING }
      latest.current.drag = next
      setDrag(next)
    }
    const scrollAlong = () => {
      const element = scroller.current
      if (!element || !isDragging) return
      const box = element.getBoundingClientRect()
      const pull = (at: number, from_: number, until: number) =>
        at < from_ + EDGE_PIXELS ? -8 : at > until - EDGE_PIXELS ? 8 : 0
      const [dx, dy] = [pull(pointer.x, box.left, box.right), pull(pointer.y, box.top + 64, box.bottom)]
      if (dx !== 0 || dy !== 0) {
        element.scrollBy(dx, dy)
        look({ ctrlKey: false, metaKey: false, shiftKey: false, ...keysOf(latest.current.drag?.mode) })
      }
      scrolling = requestAnimationFrame(scrollAlong)
    }
    const onMove = (moved: globalThis.PointerEvent) => {
      pointer = { x: moved.clientX, y: moved.clientY }
      if (!isDragging) {
        if (Math.hypot(pointer.x - start.x, pointer.y - start.y) < BEGINS_AFTER_PIXELS) return
        isDragging = true
        scrolling = requestAnimationFrame(scrollAlong)
      }
      look(moved)
    }
    const onKey = (pressed: globalThis.KeyboardEvent) => {
      if (pressed.key === 'Escape' && pressed.type === 'keydown') return finish(false)
      if (isDragging && ['Control', 'Meta', 'Shift'].includes(pressed.key)) look(pressed)
    }
    const finish = (isDropped: boolean) => {
      cancelAnimationFrame(scrolling)
      window.removeEventListener('pointermove', onMove)
      window.removeEventListener('pointerup', onUp)
      window.removeEventListener('pointercancel', onCancel)
      window.removeEventListener('keydown', onKey, true)
      window.removeEventListener('keyup', onKey, true)
      const held = latest.current.drag
      latest.current.drag = null
      setDrag(null)
      if (isDropped && isDragging && held) latest.current.onDrop(held.edits)
    }
    const onUp = () => finish(true)
    const onCancel = () => finish(false)
    window.addEventListener('pointermove', onMove)
    window.addEventListener('pointerup', onUp)
    window.addEventListener('pointercancel', onCancel)
    window.addEventListener('keydown', onKey, true)
    window.addEventListener('keyup', onKey, true)
  }

  return { drag, begin, editsOf }
}

const keysOf = (mode: DropMode | undefined) =>
  mode === 'copy' ? { ctrlKey: true } : mode === 'move' ? { shiftKey: true } : {}

const MOST_LISTED = 4

/** What a drag would do, at the cell that it is over: a frame and the rules in words. */
export function DragLayer({
  drag,
  words,
  boxOf,
}: {
  drag: Drag | null
  words: RosterWords
  boxOf: (at: CellAt) => {
    readonly style: { transform: string; width: number; height: number }
    readonly isRight: boolean
    readonly isLow: boolean
  } | null
}) {
  const { t } = useTranslation('roster')
  if (drag === null) return null
  const from = boxOf(drag.from)
  const to = drag.to && boxOf(drag.to)
  const added = drag.difference?.added ?? []
  const removed = drag.difference?.removed ?? []
  const verdict = drag.edits.length === 0 ? 'nothing' : added.length > 0 ? 'broken' : 'kept'
  return (
    <>
      {from && <i className="month-held" style={from.style} />}
      {to && (
        <div
          className="month-target"
          data-verdict={verdict}
          data-flip={to.isRight}
          data-up={to.isLow}
          style={to.style}
        >
          <div className="month-verdict" role="status">
            <strong>{t(`drag.${drag.mode}`)}</strong>{' '}
            {verdict === 'nothing' ? t('drag.nothing') : t(`drag.${verdict}`, { count: added.length })}
            {removed.length > 0 && (
              <span className="month-mended"> {t('drag.mended', { count: removed.length })}</span>
            )}
            {added.length > 0 && (
              <ul>
                {added.slice(0, MOST_LISTED).map((breach) => (
                  <li key={JSON.stringify(breach)}>
                    <code>{breach.rule}</code> {words.breach(breach)}
                  </li>
                ))}
                {added.length > MOST_LISTED && (
                  <li>{t('drag.more', { count: added.length - MOST_LISTED })}</li>
                )}
              </ul>
            )}
            <small>{t('drag.keys')}</small>
          </div>
        </div>
      )}
    </>
  )
}
