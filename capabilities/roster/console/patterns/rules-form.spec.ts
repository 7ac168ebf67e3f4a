import { describe, expect, it } from 'vitest'
import { DEFAULT_ROSTER_RULES } from '../../core/index.ts'
import { fromRulesForm, toRulesForm } from './rules-form.ts'

describe('the hard rules as a form', () => {
  it('say hours and hundredths, and are the same rules again, two thirds to the last digit', () => {
    const form = toRulesForm(DEFAULT_ROSTER_RULES)
    expect(form).toMatchObject({ restHours: 11, weekHours: 72, trainingHours: 8 })
    expect(form.streetShares).toEqual([{ fromHour: 0, untilHour: 24, percent: 66.67 }])
    expect(fromRulesForm(form)).toEqual(DEFAULT_ROSTER_RULES)
  })

  it('leave a share that is no simple part as it was typed', () => {
    const form = toRulesForm(DEFAULT_ROSTER_RULES)
    const share = (percent: number) =>
      fromRulesForm({ ...form, streetShares: [{ fromHour: 8, untilHour: 20, percent }] }).streetShares[0]!
        .share
    expect([share(66.6), share(50), share(100), share(0)]).toEqual([0.666, 0.5, 1, 0])
  })
})
