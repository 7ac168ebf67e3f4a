/** All that other capabilities and the flows may use of rosters. */
export { ACCESS } from './access.ts'
export * from './pattern.ts'
export * from './roster.ts'
