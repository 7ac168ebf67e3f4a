import { Modal } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../store/store.ts'
import { createShortcuts, type Shortcut } from './registry.ts'
import './keys.css'

/** The shortcuts of the page that is open. */
export const shortcuts = createShortcuts()

/** Declares shortcuts while the component is shown. Their `run` always sees the newest render. */
export function useShortcuts(declared: readonly Shortcut[], enabled = true): void {
  const latest = useRef(declared)
  useEffect(() => {
    latest.current = declared
  })
  const signature = declared.map(({ keys, label }) => `${keys}|${label}`).join('\n')
  useEffect(() => {
    if (!enabled) return
    return shortcuts.add(
      latest.current.map((shortcut, index) => ({ ...shortcut, run: () => latest.current[index]?.run() })),
    )
  }, [signature, enabled])
}

/** They take no letters: a page's keys go on while one of them has the focus. */
const WITHOUT_TEXT = ['checkbox', 'radio', 'range', 'button']

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement && WITHOUT_TEXT.includes(target.type)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

function isDialogOpen(): boolean {
  const dialogs = document.querySelectorAll('[role="dialog"][aria-modal="true"]')
  return [...dialogs].some((dialog) => dialog.getClientRects().length > 0)
}

/** Listens to the keyboard for the whole page and shows the list of shortcuts at `?`. */
export function ShortcutOverlay() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const list = useStore(shortcuts.list)

  useShortcuts([
    { keys: '?', label: 'ui:keys.show', group: 'ui:keys.everywhere', run: () => setOpen((now) => !now) },
  ])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      // A page under a dialog does not hear: nobody dispatches while reading the list of shortcuts.
      if (event.key !== '?' && isDialogOpen()) return
      if (shortcuts.press(event, { inField: isField(event.target), now: event.timeStamp }))
        event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  const groups = new Map<string, Shortcut[]>()
  for (const shortcut of list) groups.set(shortcut.group, [...(groups.get(shortcut.group) ?? []), shortcut])

  return (
    <Modal open={open} onCancel={() => setOpen(false)} footer={null} title={t('ui:keys.title')} width={640}>
      <div className="keys-groups">
        {[...groups].map(([group, rows]) => (
          <section key={group}>
            <h3>{t(group)}</h3>
            <dl>
              {rows.map((row) => (
                <div key={row.keys + row.label} className="keys-row">
                  <dt>
                    <Keys keys={row.keys} />
                  </dt>
                  <dd>{t(row.label)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}

const SHOWN: Readonly<Record<string, string>> = {
  ctrl: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
}

/** A shortcut drawn as keys. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="keys">
      {keys.split(' ').map((press, index) => (
        <span key={index}>
          {press.split(/\+(?=.)/).map((key) => (
            <kbd key={key}>{SHOWN[key] ?? key.toUpperCase()}</kbd>
          ))}
        </span>
      ))}
    </span>
  )
}
