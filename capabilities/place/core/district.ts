import type { Refusal } from '../../../foundation/core/outcome.ts'
import { refuse } from '../../../foundation/core/outcome.ts'
import { wallClock } from '../../../foundation/core/instant.ts'

/** What every screen and every clock needs to know of the district. Kept in the setting `district`. */
export interface DistrictSettings {
  readonly nameZh: string
  readonly nameEn: string
  /** IANA name; all wall clocks of the district hang in it. */
  readonly timeZone: string
  /** The source of its incidents has dates only: hours are drawn from a profile, and every screen says so. */
  readonly hourDrawn: boolean
  /** Everything in it is invented. */
  readonly generated: boolean
}

export const DISTRICT_SETTING = 'district'

export const DEFAULT_DISTRICT: DistrictSettings = {
  nameZh: '未命名辖区',
  nameEn: 'Unnamed district',
  timeZone: 'Asia/Shanghai',
  hourDrawn: false,
  generated: false,
}

/** Where drawn hours come from, for every screen to say. Kept in the setting `district.hours`. */
export type HourSource =
  /** The hours of other calls: `source` is the name that their mapping gives them. */
  | { readonly from: 'file'; readonly file: string; readonly source: string; readonly seed: number }
  | { readonly from: 'generated-profile'; readonly seed: number }

export const HOURS_SETTING = 'district.hours'

/** Refuses `time-zone-unknown`. */
export function districtFault(settings: DistrictSettings): Refusal | null {
  try {
    wallClock(0, settings.timeZone)
    return null
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault
    return refuse('invalid-time-zone', { field: 'timeZone', detail: { timeZone: settings.timeZone } })
  }
}
