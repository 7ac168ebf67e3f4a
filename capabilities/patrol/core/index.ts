/** What other capabilities may use of patrol. */
export { ACCESS } from './access.ts'
