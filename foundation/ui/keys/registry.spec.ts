import { describe, expect, it } from 'vitest'
import { createShortcuts, nameOf, type KeyPress, type Shortcut } from './registry.ts'

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...held,
})

function stage() {
  const registry = createShortcuts()
  const ran: string[] = []
  const shortcut = (keys: string, name = keys, inFields = false): Shortcut => ({
    keys,
    label: name,
    group: 'g',
    inFields,
    run: () => ran.push(name),
  })
  const at = (now: number, inField = false) => ({ now, inField })
  return { registry, ran, shortcut, at }
}

describe('keyboard shortcuts', () => {
  it('runs what the key means', () => {
    const { registry, ran, shortcut, at } = stage()
    registry.add([shortcut('n')])
    expect(registry.press(press('n'), at(0))).toBe(true)
    expect(registry.press(press('m'), at(1))).toBe(false)
    expect(ran).toEqual(['n'])
  })

  it('leaves letters to a field that has the focus, and Ctrl+Enter to the form', () => {
    const { registry, ran, shortcut, at } = stage()
    registry.add([shortcut('n'), shortcut('ctrl+enter', 'send', true)])
    registry.press(press('n'), at(0, true))
    registry.press(press('Enter', { ctrlKey: true }), at(1, true))
    expect(ran).toEqual(['send'])
  })

  it('never takes the Enter with which an input method picks a word', () => {
    const { registry, ran, shortcut, at } = stage()
    registry.add([shortcut('ctrl+enter', 'send', true)])
    registry.press(press('Enter', { ctrlKey: true, isComposing: true }), at(0, true))
    expect(ran).toEqual([])
  })

  it('understands two keys in turn, if the second follows soon', () => {
    const { registry, ran, shortcut, at } = stage()
    registry.add([shortcut('g i')])
    registry.press(press('g'), at(0))
    registry.press(press('i'), at(500))
    registry.press(press('g'), at(2_000))
    registry.press(press('i'), at(9_000))
    expect(ran).toEqual(['g i'])
  })

  it('lets the screen that was opened last have the key, and gives it back', () => {
    const { registry, ran, shortcut, at } = stage()
    registry.add([shortcut('escape', 'page')])
    const close = registry.add([shortcut('escape', 'dialog')])
    registry.press(press('Escape'), at(0))
    close()
    registry.press(press('Escape'), at(1))
    expect(ran).toEqual(['dialog', 'page'])
    expect(registry.list.get()).toHaveLength(1)
  })

  it('names a press as a screen declares it', () => {
    expect(nameOf(press('?', { shiftKey: true }))).toBe('?')
    expect(nameOf(press('Enter', { metaKey: true }))).toBe('ctrl+enter')
    expect(nameOf(press('F2'))).toBe('f2')
    expect(nameOf(press('w', { altKey: true }))).toBe('alt+w')
    expect(nameOf(press('Tab', { shiftKey: true }))).toBe('shift+tab')
  })
})
