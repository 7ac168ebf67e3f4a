/** What other capabilities may use of dispatch. */
export { ACCESS } from './access.ts'
export * from './assignment.ts'
export * from './candidate.ts'
export * from './chase.ts'
export * from './notices.ts'
export * from './recommend.ts'
export * from './stand-by.ts'
export type { Shortfall } from './demand.ts'
