/** What other screens may use of the force's. */
export * from './status-mark.tsx'
export * from './force-api.ts'
export * from './officer-picker.tsx'
export * from './unit-status-menu.tsx'
