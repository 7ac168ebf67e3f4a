import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { problemOf, type Problem } from '../api/problem.ts'

export interface ProblemText {
  readonly text: string
  readonly fields: readonly { readonly field: string; readonly text: string }[]
}

/**
 * What a problem means for the person at the screen: the text of its code, and one line for each field at fault.
 * A code without a text is shown with the server's own words, never hidden.
 */
export function problemText(problem: Problem, t: TFunction): ProblemText {
  const known = t(`refusal:${problem.code}`, { ...problem.detail, defaultValue: '' })
  const text =
    known !== '' ? known : [problem.title, problem.message].filter(Boolean).join('：') || problem.code
  const faults =
    problem.errors ?? (problem.field === undefined ? [] : [{ field: problem.field, code: problem.code }])
  return {
    text,
    fields: faults.map((fault) => ({
      field: fault.field,
      text: t(`ui:fault.${fault.code}`, {
        defaultValue: 'message' in fault && fault.message ? fault.message : text,
      }),
    })),
  }
}

export function useProblemText(): (error: unknown) => ProblemText {
  const { t } = useTranslation()
  return (error) => problemText(problemOf(error), t)
}
