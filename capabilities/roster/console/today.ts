import { wallClock } from '../../../foundation/core/instant.ts'
import { useDistrict } from '../../../foundation/ui/session/session.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'

/** Today on the district's wall clock, `YYYY-MM-DD`; null until the district is known. */
export function useToday(): string | null {
  const zone = useDistrict()?.timeZone
  if (zone === undefined) return null
  const { year, month, day } = wallClock(serverNow(), zone)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
