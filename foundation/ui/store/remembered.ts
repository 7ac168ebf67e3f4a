import { createStore, type Store } from './store.ts'

/** A choice of this workstation (theme, language, layers), kept in local storage. Works without storage too. */
export function rememberedStore<T>(
  key: string,
  fallback: T,
  isValid: (value: unknown) => value is T,
): Store<T> {
  const store = createStore<T>(read(key, fallback, isValid))
  store.subscribe(() => {
    try {
      localStorage.setItem(key, JSON.stringify(store.get()))
    } catch {
      // Private windows may refuse storage; the choice then lasts until the page closes.
    }
  })
  return store
}

function read<T>(key: string, fallback: T, isValid: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return isValid(value) ? value : fallback
  } catch {
    return fallback
  }
}
