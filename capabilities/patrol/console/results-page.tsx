import { ResultsPage } from '../../analysis/console/index.tsx'

/** Results of places and categories. */
export function ResultsWithOrders() {
  return <ResultsPage />
}
