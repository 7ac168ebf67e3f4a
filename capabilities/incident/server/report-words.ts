import { wallClock, type Instant } from '../../../foundation/core/instant.ts'
import {
  findDisposition,
  findType,
  type GradingReason,
  type IncidentBooks,
  type TimelineEntry,
} from '../core/index.ts'
import type { Language, Translate } from '../../../foundation/server/texts.ts'

/** How moments, durations, reasons and events are said in a report. */
export interface ReportWords {
  clock(at: Instant): string
  moment(at: Instant): string
  duration(seconds: number): string
  typeName(code: string): string
  dispositionName(code: string): string
  reason(reason: GradingReason): string
  event(entry: TimelineEntry): string
}

const twoDigits = (value: number) => String(value).padStart(2, '0')

export function reportWords(
  t: Translate,
  language: Language,
  timeZone: string,
  books: IncidentBooks,
): ReportWords {
  const nameOf = (named: { nameZh: string; nameEn: string } | undefined, code: string) =>
    (language === 'en' ? named?.nameEn : named?.nameZh) ?? code
  const circumstances = (words: unknown) =>
    String(words)
      .split(' ')
      .map((word) => t(`circumstance.${word}`))
      .join(language === 'en' ? ', ' : '、')
  const clock = (at: Instant) => {
    const { hour, minute, second } = wallClock(at, timeZone)
    return [hour, minute, second].map(twoDigits).join(':')
  }
  const dispositionName = (code: string) => nameOf(findDisposition(books.dispositions, code), code)
  return {
    clock,
    moment(at) {
      const { year, month, day } = wallClock(at, timeZone)
      return `${year}-${twoDigits(month)}-${twoDigits(day)} ${clock(at)}`
    },
    duration(seconds) {
      const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
      const size = hours > 0 ? 'hours' : minutes > 0 ? 'minutes' : 'seconds'
      return t(`after-action.duration.${size}`, { hours, minutes, seconds: seconds % 60 })
    },
    typeName: (code) => nameOf(findType(books.types, code), code),
    dispositionName,
    reason: ({ ruleId, values }) =>
      t(`rule.${ruleId}`, {
        ...values,
        ...('circumstances' in values ? { circumstances: circumstances(values['circumstances']) } : {}),
      }),
    event({ event }) {
      const data = event.data as Record<string, unknown>
      const kinds: Record<string, string> = { 'medical-help': 'medical', 'force-used': 'force' }
      const kind = kinds[event.type]
      return t(`after-action.event.${event.type}`, {
        ...data,
        ...(typeof data['level'] === 'string' ? { level: t(`level.${data['level']}`) } : {}),
        ...(typeof data['proposed'] === 'string' ? { proposed: t(`level.${data['proposed']}`) } : {}),
        ...(event.type === 'stage-changed' ? { to: t(`stage.${event.data.to}`) } : {}),
        ...(event.type === 'closed' ? { disposition: dispositionName(event.data.dispositionCode) } : {}),
        ...(kind ? { kind: t(`${kind}.${String(data['kind'])}`) } : {}),
      })
    },
  }
}
