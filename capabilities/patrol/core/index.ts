/** What other capabilities may use of patrol. */
export { ACCESS } from './access.ts'
export * from './dosage.ts'
export * from './occurrence.ts'
export * from './order.ts'
export * from './order-decisions.ts'
export * from './order-rules.ts'
export * from './proposed-dosage.ts'
