import type { CheckDifference } from './check.ts'
import type { RosterBreach, RosterRuleId } from './roster.ts'

/** The figure of a breach that says how bad it is, and in which direction it gets worse. */
const FIGURES: Readonly<Partial<Record<RosterRuleId, readonly [figure: string, worse: 'less' | 'more']>>> = {
  R03: ['restMinutes', 'less'],
  R04: ['restMinutes', 'less'],
  R05: ['minutes', 'more'],
  R06: ['days', 'more'],
  R07: ['officers', 'less'],
  R08: ['officers', 'more'],
  R10: ['able', 'less'],
  R13: ['overlapMinutes', 'more'],
  R15: ['officers', 'less'],
}

/** What a breach is about whatever its numbers: rule, officer, place and the words of its detail. */
const subjectOf = ({ rule, officerId, organisationId, date, detail }: RosterBreach) =>
  JSON.stringify([
    rule,
    officerId,
    organisationId,
    date,
    Object.entries(detail).filter(([, value]) => typeof value === 'string'),
  ])

/**
 * Of what a change brings, that which is worse than before: breaches that are new, and those whose figure moves the
 * wrong way. One that was there and gets smaller is no objection to whoever makes it smaller.
 */
export function worsening({ added, removed }: CheckDifference): readonly RosterBreach[] {
  const before = new Map(removed.map((breach) => [subjectOf(breach), breach]))
  return added.filter((breach) => {
    const former = before.get(subjectOf(breach))
    return former === undefined || isWorse(former, breach)
  })
}

function isWorse(former: RosterBreach, latter: RosterBreach): boolean {
  if (latter.rule === 'R12') return share(latter) < share(former)
  if (latter.rule === 'R11') return missed(latter) > missed(former)
  const figure = FIGURES[latter.rule]
  if (!figure) return false
  const [name, worse] = figure
  const [was, is] = [Number(former.detail[name]), Number(latter.detail[name])]
  return worse === 'less' ? is < was : is > was
}

const share = ({ detail }: RosterBreach) => Number(detail['onStreet']) / Number(detail['onDuty'])
const missed = ({ detail }: RosterBreach) => Math.abs(Number(detail['officers']) - Number(detail['wanted']))
