/** What other screens may use of analysis. */
export { ChangeBar } from './change-bar.tsx'
export { DisplacementInWords } from './result-detail.tsx'
export type { ChangeShown, DisplacementShown } from './results-api.ts'
export { ResultsPage } from './results-page.tsx'
