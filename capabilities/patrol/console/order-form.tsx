import { Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import type { OrderRules } from '../core/index.ts'
import type { NewOrder } from './new-orders.ts'
import { OrderEditor } from './order-editor.tsx'
import type { ContentRow, OrderRow } from './orders-api.ts'

const REFRESH = [['patrol-orders']] as const

/** What the form holds besides the content: why sensitive words stay. */
interface Answers {
  readonly sensitiveReason?: string
}

/** Drafts that nobody has stored yet: one is edited, all are stored or proposed together. */
export function NewOrdersForm({
  drafts,
  selectedKey,
  rules,
  onChange,
  onSelect,
  onDrop,
  onStored,
}: {
  drafts: readonly NewOrder[]
  selectedKey: string
  rules: OrderRules
  onChange: (key: string, content: ContentRow) => void
  onSelect: (key: string) => void
  onDrop: (key: string) => void
  onStored: (orders: readonly OrderRow[]) => void
}) {
  const { t } = useTranslation('patrol')
  const [form] = Form.useForm<Answers>()
  const position = drafts.findIndex(({ key }) => key === selectedKey)
  const draft = drafts[position] ?? drafts[0]!
  const store = useCommand<{ propose: boolean } & Answers, { orders: readonly OrderRow[] }>({
    run: (input, idempotencyKey) =>
      api.post(
        '/api/patrol-orders',
        { orders: drafts.map(({ content }) => content), ...input },
        { idempotencyKey },
      ),
    done: ({ orders }) => onStored(orders),
    refresh: REFRESH,
  })
  const save = (propose: boolean) =>
    void form.validateFields().then(
      ({ sensitiveReason }) => store.mutate({ propose, ...(sensitiveReason ? { sensitiveReason } : {}) }),
      () => {},
    )
  useShortcuts([
    {
      keys: 'ctrl+enter',
      label: 'patrol:keys.propose',
      group: 'patrol:keys.group',
      inFields: true,
      run: () => save(true),
    },
  ])
  return (
    <section className="order-detail" aria-label={t('editor.new')}>
      <div className="order-detail-head">
        <h2>{t('editor.new-of', { position: position + 1, count: drafts.length })}</h2>
        <span className="order-pager">
          <Button
            size="small"
            disabled={position <= 0}
            aria-label={t('editor.previous')}
            onClick={() => onSelect(drafts[position - 1]!.key)}
          >
            <span aria-hidden>‹</span>
          </Button>
          <Button
            size="small"
            disabled={position >= drafts.length - 1}
            aria-label={t('editor.next')}
            onClick={() => onSelect(drafts[position + 1]!.key)}
          >
            <span aria-hidden>›</span>
          </Button>
        </span>
      </div>
      <p className="muted">{t('editor.map-hint')}</p>
      <Form form={form} layout="vertical" key={draft.key} size="middle">
        <OrderEditor
          content={draft.content}
          rules={rules}
          onChange={(content) => onChange(draft.key, content)}
        />
      </Form>
      <div className="order-actions order-actions-end">
        <Button type="primary" loading={store.isPending} onClick={() => save(true)}>
          {t('editor.propose-all', { count: drafts.length })}
        </Button>
        <Button disabled={store.isPending} onClick={() => save(false)}>
          {t('editor.store-all', { count: drafts.length })}
        </Button>
        <Button type="text" disabled={store.isPending} onClick={() => onDrop(draft.key)}>
          {t('editor.drop')}
        </Button>
      </div>
    </section>
  )
}

/** Changes an order that has not been issued. */
export function ChangeOrderForm({
  order,
  content,
  rules,
  onChange,
  onDone,
}: {
  order: OrderRow
  content: ContentRow
  rules: OrderRules
  onChange: (content: ContentRow) => void
  onDone: () => void
}) {
  const { t } = useTranslation('patrol')
  const [form] = Form.useForm<Answers>()
  // What was read when the editing began: somebody else's change meanwhile is not written over.
  const [version] = useState(order.version)
  const save = useCommand<Answers, OrderRow>({
    run: (answers, idempotencyKey) =>
      api.patch(
        `/api/patrol-orders/${order.id}`,
        { ...changed(order, content), ...answers },
        { idempotencyKey, ifMatch: version },
      ),
    done: onDone,
    refresh: REFRESH,
  })
  const submit = () =>
    void form.validateFields().then(
      ({ sensitiveReason }) => save.mutate(sensitiveReason ? { sensitiveReason } : {}),
      () => {},
    )
  useShortcuts([
    {
      keys: 'ctrl+enter',
      label: 'patrol:keys.save',
      group: 'patrol:keys.group',
      inFields: true,
      run: submit,
    },
  ])
  return (
    <section className="order-detail" aria-label={t('editor.change')}>
      <div className="order-detail-head">
        <h2>{t('editor.change')}</h2>
      </div>
      <p className="muted">{t('editor.map-hint')}</p>
      <Form form={form} layout="vertical">
        <OrderEditor content={content} rules={rules} onChange={onChange} />
      </Form>
      <div className="order-actions order-actions-end">
        <Button type="primary" loading={save.isPending} onClick={submit}>
          {t('ui:action.save')}
        </Button>
        <Button disabled={save.isPending} onClick={onDone}>
          {t('ui:action.cancel')}
        </Button>
      </div>
    </section>
  )
}

/** Only what is another than before: an unchanged place would be looked up again, and evidence filled in anew. */
function changed(order: OrderRow, content: ContentRow): Partial<ContentRow> {
  const fields = Object.keys(content) as (keyof ContentRow)[]
  return Object.fromEntries(
    fields
      .filter((field) => JSON.stringify(content[field]) !== JSON.stringify(order[field]))
      .map((field) => [field, content[field]]),
  )
}
