/** What other capabilities may use of analysis. */
export { ACCESS } from './access.ts'
export * from './back-test.ts'
export * from './calibration.ts'
export * from './forecast.ts'
export * from './history.ts'
export * from './plan.ts'
export * from './quality.ts'
export * from './series.ts'
