import { findDayNumber } from '../../../foundation/core/day.ts'
import { useStore } from '../../../foundation/ui/store/store.ts'
import { districtTimeZone } from '../../../foundation/ui/time/format.ts'
import { ResultsPage } from '../../analysis/console/index.tsx'
import { momentsOf } from '../../analysis/core/index.ts'
import { OrderResults } from './order-results.tsx'

/** Results of places and categories, and below them of the directed patrol orders of the same period. */
export function ResultsWithOrders() {
  const timeZone = useStore(districtTimeZone)
  return (
    <ResultsPage
      orders={({ from, last }) => {
        if (timeZone === undefined) return null
        const at = (date: string, hour: number) =>
          new Date(
            momentsOf(findDayNumber(date)!, { fromHour: hour, untilHour: hour }, timeZone)[0],
          ).toISOString()
        return <OrderResults from={at(from, 0)} until={at(last, 24)} />
      }}
    />
  )
}
