import { localDate, type Instant } from '../../../foundation/core/instant.ts'

/** The number people say: local day and count within it, `20161024-0031`. Counts above 9999 grow wider. */
export function incidentNumber(openedAt: Instant, timeZone: string, countOfDay: number): string {
  return `${localDate(openedAt, timeZone).replaceAll('-', '')}-${String(countOfDay).padStart(4, '0')}`
}
