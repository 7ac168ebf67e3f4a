import { wallClock, type Instant } from '../../../../foundation/core/instant.ts'
import { textsOf, type Language, type Translate } from '../../../../foundation/server/texts.ts'
import type { FoundWarning, KeptMember, RunNote } from '../../core/index.ts'

/** What categories are called, where the dictionary knows them. */
export type CategoryNames = ReadonlyMap<string, { readonly nameZh: string; readonly nameEn: string }>

/** How numbers, moments and findings are said in the day's report. */
export interface DayWords {
  readonly t: Translate
  number(value: number, digits?: number): string
  percent(share: number, digits?: number): string
  moment(at: Instant): string
  /** 14:00 */
  clock(at: Instant): string
  category(code: string): string
  warning(warning: Pick<FoundWarning, 'category' | 'areaName'>): string
  circumstances(member: Pick<KeptMember, 'circumstances'>): string
  note(note: RunNote): string
}

const CIRCUMSTANCES = ['target', 'entry', 'object', 'danger'] as const
const two = (value: number) => String(value).padStart(2, '0')

export function dayWords(language: Language, timeZone: string, names: CategoryNames): DayWords {
  const t = textsOf('analysis', language)
  const incident = textsOf('incident', language)
  const number = (value: number, digits = 0) =>
    new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
      value,
    )
  const percent = (share: number, digits = 0) => `${number(share * 100, digits)}%`
  /** A code that the district's own mapping made has no text, and stands for itself. */
  const textOr = (translate: Translate, key: string, code: string) => {
    const text = translate(key)
    return text === key ? code : text
  }
  const category = (code: string) => {
    const named = names.get(code)
    return (language === 'en' ? named?.nameEn : named?.nameZh) ?? code
  }
  const value = (name: string, code: string) =>
    name === 'danger'
      ? code
          .split('+')
          .map((each) => textOr(incident, `circumstance.${each}`, each))
          .join(t('list-comma'))
      : textOr(t, `code.${name}.${code}`, code)
  return {
    t,
    number,
    percent,
    moment(at) {
      const { year, month, day, hour, minute } = wallClock(at, timeZone)
      return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`
    },
    clock(at) {
      const { hour, minute } = wallClock(at, timeZone)
      return `${two(hour)}:${two(minute)}`
    },
    category,
    warning: ({ category: code, areaName }) => `${category(code)} · ${areaName ?? t('warnings.district')}`,
    circumstances: ({ circumstances }) =>
      CIRCUMSTANCES.filter((name) => circumstances[name] !== undefined)
        .map((name) =>
          t('circumstance-is', {
            name: t(`circumstance.${name}`),
            value: value(name, circumstances[name]!),
          }),
        )
        .join(' · '),
    note({ finding, count, share, at }) {
      const where =
        at === undefined
          ? ''
          : 'category' in at
            ? category(at.category)
            : 'date' in at
              ? at.date
              : `${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}`
      return t(`finding.${finding}`, { number: number(count), share: percent(share, 1), where })
    },
  }
}
