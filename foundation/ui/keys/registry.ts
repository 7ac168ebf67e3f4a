import { createStore, type Store } from '../store/store.ts'

/** A keyboard shortcut as the screen that has it declares it. `keys` like `n`, `ctrl+enter`, `g i`, `?`. */
export interface Shortcut {
  readonly keys: string
  /** Full i18n key of what it does, namespace included. */
  readonly label: string
  /** i18n key of the group under which the overlay lists it. */
  readonly group: string
  /** Works while a field has the focus too (only sensible with ctrl, alt or escape). */
  readonly inFields?: boolean
  readonly run: () => void
}

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  /** An input method is composing: Enter then picks a word and is never a command. */
  readonly isComposing: boolean
}

export interface ShortcutRegistry {
  readonly list: Store<readonly Shortcut[]>
  add(shortcuts: readonly Shortcut[]): () => void
  /** Runs what the press means. True when it meant something. */
  press(press: KeyPress, at: { inField: boolean; now: number }): boolean
}

/** The second key of a sequence («g» then «i») must follow within this. */
const SEQUENCE_MILLISECONDS = 1_200

/** The one whose screen was opened last wins, so a dialog's Escape comes before the page's. */
export function createShortcuts(): ShortcutRegistry {
  const list = createStore<readonly Shortcut[]>([])
  let first: { key: string; at: number } | null = null

  return {
    list,
    add(shortcuts) {
      list.set([...list.get(), ...shortcuts])
      return () => list.set(list.get().filter((shortcut) => !shortcuts.includes(shortcut)))
    },
    press(press, { inField, now }) {
      if (press.isComposing) return false
      const key = nameOf(press)
      const sequence =
        first !== null && now - first.at <= SEQUENCE_MILLISECONDS ? `${first.key} ${key}` : null
      const usable = list.get().filter((shortcut) => !inField || shortcut.inFields === true)
      const found =
        usable.findLast(({ keys }) => keys === sequence) ?? usable.findLast(({ keys }) => keys === key)
      if (found) {
        first = null
        found.run()
        return true
      }
      first = usable.some(({ keys }) => keys.startsWith(`${key} `)) ? { key, at: now } : null
      return false
    },
  }
}

/** `ctrl+enter`, `?`, `n`. Ctrl and ⌘ are one; shift counts only where the character does not already show it. */
export function nameOf(press: KeyPress): string {
  const key = press.key === ' ' ? 'space' : press.key.toLowerCase()
  const isCharacter = press.key.length === 1
  return [
    press.ctrlKey || press.metaKey ? 'ctrl' : '',
    press.altKey ? 'alt' : '',
    press.shiftKey && !isCharacter ? 'shift' : '',
    key,
  ]
    .filter((part) => part !== '')
    .join('+')
}
