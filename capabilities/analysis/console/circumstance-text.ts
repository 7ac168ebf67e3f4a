import { useTranslation } from 'react-i18next'
import type { CircumstanceEvidence, KeptMember, MemberLink } from '../core/index.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'

const CIRCUMSTANCES = ['target', 'entry', 'object', 'danger'] as const

/** Circumstances and links in words. Codes that the district's mapping made are shown as they are. */
export function useCircumstanceText() {
  const { t } = useTranslation('analysis')
  const { t: incident } = useTranslation('incident')
  const format = useFormat()
  const codeText = (name: string, code: string) =>
    name === 'danger'
      ? code
          .split('+')
          .map((each) => incident(`circumstance.${each}`, { defaultValue: each }))
          .join(t('list-comma'))
      : t(`code.${name}.${code}`, { defaultValue: code })
  return {
    ofMember: ({ circumstances }: Pick<KeptMember, 'circumstances'>) =>
      CIRCUMSTANCES.filter((name) => circumstances[name] !== undefined)
        .map((name) =>
          t('circumstance-is', {
            name: t(`circumstance.${name}`),
            value: codeText(name, circumstances[name]!),
          }),
        )
        .join(' · '),
    ofLink: ({ to, distanceMetres, daysBetween, timesChance, circumstances, belief }: MemberLink) =>
      [
        t(distanceMetres < 1 ? 'link.same-place' : 'link.near', {
          to: to + 1,
          metres: format.number(distanceMetres),
          days: daysBetween,
          times: format.number(timesChance, 1),
        }),
        ...circumstances.map((evidence: CircumstanceEvidence) =>
          t(evidence.agrees ? 'link.agrees' : 'link.differs', {
            name: t(`circumstance.${evidence.name}`),
            times: format.number(evidence.timesAsLikely, evidence.timesAsLikely < 10 ? 1 : 0),
          }),
        ),
        t('link.belief', { belief: format.percent(belief) }),
      ].join(t('list-semicolon')),
  }
}
