/// <reference types="vite/client" />
/** Every en text of the console, by file. */
export const modules = import.meta.glob<{ default: Record<string, unknown> }>(
  ['./locales/en.json', '../../foundation/ui/locales/en.json', '../../capabilities/*/locales/en.json'],
  { eager: true },
)
