/** What other screens may use of analysis. */
export { ChangeBar } from './change-bar.tsx'
export { DisplacementInWords, NaiveInWords, QuietInWords } from './result-detail.tsx'
export type { ChangeShown, DisplacementShown } from './results-api.ts'
export { ResultsPage } from './results-page.tsx'
