import { Button, Popconfirm } from 'antd'
import type { QueryKey } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useCommand } from '../api/use-command.ts'

/** Removes one record after asking; a refusal is told in words. */
export function RemoveButton({
  name,
  run,
  refresh,
  done,
  failed,
}: {
  name: string
  run: (idempotencyKey: string) => Promise<unknown>
  refresh: readonly QueryKey[]
  done?: (() => void) | undefined
  /** Told the refusal; without it, it is told in a corner of the screen. */
  failed?: ((error: unknown) => void) | undefined
}) {
  const { t } = useTranslation('ui')
  const remove = useCommand<string, unknown>({
    run: (_, idempotencyKey) => run(idempotencyKey),
    refresh,
    done: () => done?.(),
    failed(error) {
      failed?.(error)
      return failed !== undefined
    },
  })
  return (
    <Popconfirm
      title={t('form.remove-ask', { name })}
      okText={t('action.remove')}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger: true }}
      onConfirm={() => remove.mutate(name)}
    >
      <Button danger loading={remove.isPending}>
        {t('action.remove')}
      </Button>
    </Popconfirm>
  )
}
