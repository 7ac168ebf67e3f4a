/** What other screens may use of the board. */
export * from './board-api.ts'
export * from './strength-widget.tsx'
export * from './activation-strip.tsx'
