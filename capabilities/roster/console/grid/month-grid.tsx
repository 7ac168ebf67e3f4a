import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenGround, RosterBreach } from '../../core/index.ts'
import type { RosterWords } from '../roster-words.ts'
import type { DeskState, RosterDesk } from './desk.ts'
import { CellEditor } from './cell-editor.tsx'
import { DragLayer, useCellDrag } from './cell-drag.tsx'
import { GroupLine, LineName, MonthHead } from './month-lines.tsx'
import { isFixed, stepTo, type CellAt, type CellEdit, type LineAt } from './moves.ts'
import type { DayCount, MonthDay, MonthLine } from './month.ts'
import { typedOption } from './looks.ts'
import { StatusLine } from './status-line.tsx'
import { layLines, lineAt, scrollInto, windowLines, windowOf } from './windowing.ts'

export const ROW = 28
const GROUP = 40
const HEAD = 64
const SMALLEST_CELL = 34

export interface MonthGridProps {
  readonly open: OpenGround
  readonly words: RosterWords
  readonly desk: RosterDesk
  readonly state: DeskState
  readonly days: readonly MonthDay[]
  readonly lines: readonly MonthLine[]
  readonly counts: ReadonlyMap<string, readonly DayCount[]>
  /** `officer index/day` and `organisation/day` → what is broken there. */
  readonly broken: ReadonlyMap<string, readonly RosterBreach[]>
  readonly readOnly: boolean
  mayEdit(at: CellAt): boolean
  /** A cell to show and mark: from the list of breaches. */
  readonly target: { readonly at: CellAt; readonly nonce: number } | null
  allowed(at: CellAt): readonly string[]
  onOpenDay(date: string): void
}

/** The month: a window of lines over all officers, one focus that the arrows move, and cells that are dragged. */
export function MonthGrid(props: MonthGridProps) {
  const { open, words, desk, state, days, lines, counts, broken, readOnly, mayEdit, target, allowed } = props
  const { t } = useTranslation('roster')
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ width: 1200, height: 600 })
  const [top, setTop] = useState(0)
  const [focus, setFocus] = useState<LineAt | null>(null)
  const [editing, setEditing] = useState<CellAt | null>(null)
  const [picked, setPicked] = useState<{ at: CellAt; mode: 'copy' | 'move' } | null>(null)

  const nameWidth = view.width < 600 ? 96 : 190
  const cellWidth = Math.max(SMALLEST_CELL, Math.floor((view.width - nameWidth) / days.length))
  const width = nameWidth + cellWidth * days.length
  const tops = useMemo(() => layLines(lines.map(({ kind }) => (kind === 'group' ? GROUP : ROW))), [lines])
  const most = windowLines(view.height, ROW)
  const shown = windowOf(tops, top, most)
  const lineOf = useMemo(
    () =>
      new Map(
        lines.flatMap((line, index) => (line.kind === 'officer' ? [[line.officer, index] as const] : [])),
      ),
    [lines],
  )
  const officerOn = (line: number): number | null => {
    const found = lines[line]
    return found?.kind === 'officer' ? found.officer : null
  }
  const cellAt = (at: LineAt | null): CellAt | null => {
    const officer = at && officerOn(at.line)
    return at === null || officer === null ? null : { officer, day: at.day }
  }
  const keyAt = ({ officer, day }: CellAt) => state.cells[officer]![day]!
  const focused = cellAt(focus)
  const isSettled = (at: CellAt) => readOnly || isFixed(keyAt(at)) || !mayEdit(at)

  useLayoutEffect(() => {
    const element = scroller.current!
    const measure = () => setView({ width: element.clientWidth, height: element.clientHeight - HEAD })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  const onScroll = useCallback(() => {
    const now = scroller.current!.scrollTop
    // Only a window that has moved is drawn anew; the browser scrolls what is there by itself.
    setTop((before) =>
      windowOf(tops, before, most).first === windowOf(tops, now, most).first ? before : now,
    )
  }, [tops, most])

  const reveal = (at: LineAt) => {
    const element = scroller.current!
    element.scrollTop += scrollInto(
      { from: element.scrollTop, until: element.scrollTop + view.height },
      { from: tops[at.line]!, until: tops[at.line + 1]! },
    )
    element.scrollLeft += scrollInto(
      { from: element.scrollLeft, until: element.scrollLeft + view.width - nameWidth },
      { from: at.day * cellWidth, until: (at.day + 1) * cellWidth },
    )
  }
  const moveTo = (at: LineAt) => {
    setFocus(at)
    reveal(at)
  }

  useEffect(() => {
    if (target === null) return
    const line = lineOf.get(target.at.officer)
    if (line === undefined) return
    moveTo({ line, day: target.at.day })
    scroller.current!.focus()
    // The same cell may be asked for again: each asking is another object.
  }, [target])

  const make = (edits: readonly CellEdit[]) => {
    if (edits.length === 0) return
    desk.make(edits)
  }

  const locate = (clientX: number, clientY: number): LineAt | null => {
    const element = scroller.current!
    const box = element.getBoundingClientRect()
    const x = clientX - box.left + element.scrollLeft - nameWidth
    const y = clientY - box.top + element.scrollTop - HEAD
    if (clientX - box.left < nameWidth || clientY - box.top < HEAD) return null
    const line = lineAt(tops, y)
    const day = Math.floor(x / cellWidth)
    if (line < 0 || y >= tops.at(-1)! || day < 0 || day >= days.length || officerOn(line) === null)
      return null
    return { line, day }
  }

  const drag = useCellDrag({
    scroller,
    locate: (x, y) => cellAt(locate(x, y)),
    keyAt,
    desk,
    isSettled,
    onDrop: make,
  })

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    const at = locate(event.clientX, event.clientY)
    if (at === null) return
    setFocus(at)
    setEditing(null)
    drag.begin(event, cellAt(at)!)
  }

  const paste = (mode: 'copy' | 'move' | 'swap', to: CellAt) => {
    if (picked === null || isSettled(to)) return
    make(drag.editsOf(mode, picked.at, to))
    if (mode !== 'copy') setPicked(null)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || editing !== null) return
    const at = focus ?? { line: lines.findIndex(({ kind }) => kind === 'officer'), day: 0 }
    if (at.line < 0) return
    const here = cellAt(at)
    const led = stepTo(event, at, {
      days: days.length,
      lines: lines.length,
      page: Math.max(1, Math.floor(view.height / ROW) - 1),
      isOfficer: (line) => officerOn(line) !== null,
    })
    if (led) {
      event.preventDefault()
      moveTo(focus === null ? at : led)
      return
    }
    if (here === null) return
    const command = event.ctrlKey || event.metaKey
    const act = (run: () => void) => {
      event.preventDefault()
      event.stopPropagation()
      run()
    }
    if (event.key === 'Escape' && picked !== null) return act(() => setPicked(null))
    if (readOnly) return
    if (command && event.key === 'z') return act(() => (event.shiftKey ? desk.redo() : desk.undo()))
    if (command && event.key === 'y') return act(() => desk.redo())
    if (command && event.key === 'c') return act(() => setPicked({ at: here, mode: 'copy' }))
    if (command && event.key === 'x') return act(() => setPicked({ at: here, mode: 'move' }))
    if (command && event.key === 'v') return act(() => picked && paste(picked.mode, here))
    if (command && event.key === 'Enter') return act(() => paste('swap', here))
    if (command || event.altKey) return
    if (event.key === 'Enter' || event.key === 'F2' || event.key === ' ')
      return act(() => !isSettled(here) && setEditing(here))
    if (isSettled(here)) return
    const wanted = typedOption(event.key, keyAt(here), allowed(here), words.looks)
    if (wanted !== null && wanted !== keyAt(here)) return act(() => make([{ ...here, key: wanted }]))
  }

  const editingAt = editing && { line: lineOf.get(editing.officer) ?? -1, day: editing.day }
  const pending = useMemo(() => {
    const days_ = new Map<number, string>()
    for (const { officer, day } of state.pending) days_.set(officer, `${days_.get(officer) ?? ','}${day},`)
    return days_
  }, [state.pending])
  const boxOf = ({ line, day }: LineAt) => ({
    transform: `translate(${nameWidth + day * cellWidth}px, ${tops[line]}px)`,
    width: cellWidth,
    height: ROW,
  })

  return (
    <div className="month-frame">
      <div
        ref={scroller}
        className="month"
        role="grid"
        tabIndex={0}
        aria-label={t('grid.label')}
        aria-rowcount={lines.length + 1}
        aria-colcount={days.length + 1}
        aria-readonly={readOnly}
        aria-activedescendant={focused ? `cell-${focused.officer}-${focused.day}` : undefined}
        style={
          {
            '--cell': `${cellWidth}px`,
            '--name': `${nameWidth}px`,
            '--row': `${ROW}px`,
          } as React.CSSProperties
        }
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onDoubleClick={(event) => {
          const at = cellAt(locate(event.clientX, event.clientY))
          if (at && !isSettled(at)) setEditing(at)
        }}
        onFocus={() =>
          setFocus((at) => at ?? { line: lines.findIndex((each) => each.kind === 'officer'), day: 0 })
        }
      >
        <MonthHead
          days={days}
          width={width}
          counts={counts.get('')}
          words={words}
          onOpenDay={props.onOpenDay}
        />
        <div className="month-body" style={{ height: tops.at(-1)!, width }}>
          <Stripes days={days} />
          {/* One sticky column for all names: a sticky cell in each row would be a layer of its own in each. */}
          <div className="month-names" aria-hidden style={{ height: tops.at(-1)! }}>
            {lines.slice(shown.first, shown.until).map((line, index) => (
              <LineName
                key={`slot-${(shown.first + index) % most}`}
                line={line}
                y={tops[shown.first + index]!}
                open={open}
                words={words}
              />
            ))}
          </div>
          {lines.slice(shown.first, shown.until).map((line, index) => {
            const position = shown.first + index
            const y = tops[position]!
            if (line.kind === 'group')
              return (
                <GroupLine
                  key={`slot-${position % most}`}
                  line={line}
                  y={y}
                  width={width}
                  rowIndex={position + 2}
                  counts={counts.get(line.organisationId)}
                  broken={broken}
                  days={days}
                  words={words}
                />
              )
            const { officer } = line
            return (
              <OfficerLine
                // A line that comes into view takes the elements of one that has left it.
                key={`slot-${position % most}`}
                officer={officer}
                y={y}
                width={width}
                rowIndex={position + 2}
                cells={state.cells[officer]!}
                pending={pending.get(officer) ?? ''}
                broken={brokenDays(broken, officer, days.length)}
                open={open}
                words={words}
                days={days}
              />
            )
          })}
          {focus && officerOn(focus.line) !== null && <i className="month-focus" style={boxOf(focus)} />}
          {picked && lineOf.has(picked.at.officer) && (
            <i
              className="month-picked"
              style={boxOf({ line: lineOf.get(picked.at.officer)!, day: picked.at.day })}
            />
          )}
          <DragLayer
            drag={drag.drag}
            words={words}
            boxOf={(at) => {
              const line = lineOf.get(at.officer)
              if (line === undefined) return null
              const [x, y] = [at.day * cellWidth, tops[line]!]
              return {
                style: boxOf({ line, day: at.day }),
                isRight: x - (scroller.current?.scrollLeft ?? 0) > (view.width - nameWidth) / 2,
                isLow: y - (scroller.current?.scrollTop ?? 0) > view.height / 2,
              }
            }}
          />
        </div>
      </div>
      {editing && editingAt && editingAt.line >= 0 && (
        <CellEditor
          at={editing}
          anchor={{
            left: nameWidth + editing.day * cellWidth - (scroller.current?.scrollLeft ?? 0),
            top: HEAD + tops[editingAt.line]! - (scroller.current?.scrollTop ?? 0),
            cellWidth,
          }}
          view={view}
          current={keyAt(editing)}
          allowed={allowed(editing)}
          open={open}
          words={words}
          desk={desk}
          onChoose={(key) => {
            make([{ ...editing, key }])
            setEditing(null)
            scroller.current?.focus()
          }}
          onClose={() => {
            setEditing(null)
            scroller.current?.focus()
          }}
        />
      )}
      <StatusLine
        at={focused}
        picked={picked?.at ?? null}
        told={state.told}
        broken={broken}
        keyAt={keyAt}
        open={open}
        words={words}
        preview={
          picked && focused && !readOnly ? desk.try(drag.editsOf(picked.mode, picked.at, focused)) : null
        }
      />
    </div>
  )
}

function brokenDays(broken: MonthGridProps['broken'], officer: number, days: number): string {
  let found = ''
  for (let day = 0; day < days; day++)
    if (broken.has(`${officer}/${day}`)) found += `${found ? '' : ','}${day},`
  return found
}

/** Weekends, holidays and today, behind all lines at once. */
const Stripes = memo(function Stripes({ days }: { days: readonly MonthDay[] }): ReactNode {
  return days.map(
    ({ date, isWeekend, isHoliday, isToday }, day) =>
      (isWeekend || isHoliday || isToday) && (
        <i
          key={date}
          className="month-stripe"
          data-today={isToday}
          data-holiday={isHoliday}
          style={{ transform: `translateX(calc(var(--name) + ${day} * var(--cell)))` }}
        />
      ),
  )
})

interface OfficerLineProps {
  readonly officer: number
  readonly y: number
  readonly width: number
  readonly rowIndex: number
  readonly cells: readonly string[]
  /** `,3,7,`: days that are not stored yet. */
  readonly pending: string
  /** `,3,7,`: days with a breach. */
  readonly broken: string
  readonly open: OpenGround
  readonly words: RosterWords
  readonly days: readonly MonthDay[]
}

/** One officer's month. Drawn again only when something of it has changed. */
const OfficerLine = memo(function OfficerLine(props: OfficerLineProps) {
  const { officer, y, width, rowIndex, cells, pending, broken, open, words, days } = props
  const { t } = useTranslation('roster')
  const who = open.ground.officers[officer]!
  const isEnglish = words.language === 'en'
  const brokenLabel = ` ${t('grid.broken')}`
  return (
    <div
      className="month-row"
      role="row"
      aria-rowindex={rowIndex}
      style={{ transform: `translateY(${y}px)`, width }}
    >
      <div role="rowheader" aria-label={words.officer(who.id)} className="month-pad" />
      {cells.map((key, day) => {
        const { look, main, side, label, style } = words.cell(key)
        const role = look.tone === 'off' ? open.role(officer, day) : null
        const isBroken = broken.includes(`,${day},`)
        return (
          <div
            key={day}
            id={`cell-${officer}-${day}`}
            role="gridcell"
            aria-colindex={day + 2}
            className="cell"
            data-tone={look.tone}
            data-night={look.isNight || undefined}
            data-missing={(role?.shifts.length ?? 0) > 0 || undefined}
            data-broken={isBroken || undefined}
            data-pending={pending.includes(`,${day},`) || undefined}
            aria-label={`${words.date(days[day]!.date)} ${label}${isBroken ? brokenLabel : ''}`}
            data-hours={look.bar ? true : undefined}
            style={style}
          >
            {role ? (isEnglish ? role.markEn : role.markZh) : main}
            {side !== '' && <small>{side}</small>}
          </div>
        )
      })}
    </div>
  )
})
