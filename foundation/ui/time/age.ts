/** How old a thing is, as a key and its numbers: «12 秒», «3 分 20 秒», «2 小时 5 分», «4 天». */
export type Age =
  | { readonly key: 'seconds'; readonly seconds: number }
  | { readonly key: 'minutes'; readonly minutes: number; readonly seconds: number }
  | { readonly key: 'hours'; readonly hours: number; readonly minutes: number }
  | { readonly key: 'days'; readonly days: number; readonly hours: number }

/** Splits milliseconds for people. A moment in the future (a desk clock behind) counts as now. */
export function ageOf(milliseconds: number): Age {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 60) return { key: 'seconds', seconds }
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return { key: 'minutes', minutes, seconds: seconds % 60 }
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return { key: 'hours', hours, minutes: minutes % 60 }
  return { key: 'days', days: Math.floor(hours / 24), hours: hours % 24 }
}

/** Reads an API moment (ISO 8601) or an epoch number; null for anything that is none. */
export function momentOf(at: string | number | null | undefined): number | null {
  if (at === null || at === undefined) return null
  const moment = typeof at === 'number' ? at : Date.parse(at)
  return Number.isFinite(moment) ? moment : null
}
