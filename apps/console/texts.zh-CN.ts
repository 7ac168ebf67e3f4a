/// <reference types="vite/client" />
/** Every zh-CN text of the console, by file. */
export const modules = import.meta.glob<{ default: Record<string, unknown> }>(
  [
    './locales/zh-CN.json',
    '../../foundation/ui/locales/zh-CN.json',
    '../../capabilities/*/locales/zh-CN.json',
  ],
  { eager: true },
)
