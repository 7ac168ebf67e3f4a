import { useMutation, useQueryClient, type QueryKey, type UseMutationResult } from '@tanstack/react-query'
import { App } from 'antd'
import { useRef } from 'react'
import { useProblemText } from '../i18n/problem-text.ts'
import { newIdempotencyKey } from './client.ts'
import { problemOf } from './problem.ts'

/**
 * One command to the server. A failure is told in words; a command whose answer was lost is repeated with the same
 * idempotency key, so pressing the button again never does the thing twice.
 */
export function useCommand<Input, Output>(options: {
  readonly run: (input: Input, idempotencyKey: string) => Promise<Output>
  readonly done?: (output: Output, input: Input) => void
  /** Handles a failure itself; true when nothing more is to be shown. */
  readonly failed?: (error: unknown, input: Input) => boolean
  readonly refresh?: readonly QueryKey[]
}): UseMutationResult<Output, unknown, Input> {
  const queries = useQueryClient()
  const { notification } = App.useApp()
  const textOf = useProblemText()
  const unanswered = useRef<{ input: string; key: string } | null>(null)

  return useMutation<Output, unknown, Input>({
    mutationFn: async (input) => {
      const written = JSON.stringify(input) ?? ''
      const key = unanswered.current?.input === written ? unanswered.current.key : newIdempotencyKey()
      unanswered.current = { input: written, key }
      const output = await options.run(input, key)
      unanswered.current = null
      return output
    },
    onSuccess: (output, input) => {
      options.done?.(output, input)
      for (const queryKey of options.refresh ?? []) void queries.invalidateQueries({ queryKey })
    },
    onError: (error, input) => {
      const { status } = problemOf(error)
      if (status !== 0 && status < 500) unanswered.current = null
      if (status === 409 || status === 412) {
        for (const queryKey of options.refresh ?? []) void queries.invalidateQueries({ queryKey })
      }
      if (options.failed?.(error, input)) return
      const { text, fields } = textOf(error)
      notification.error({
        title: text,
        description: fields.map((each) => `${each.field}：${each.text}`).join('\n') || undefined,
        duration: 6,
      })
    },
  })
}
