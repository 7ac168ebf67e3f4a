import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Popconfirm, Select, Switch, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { SecretOnce } from '../../../foundation/ui/form/secret-once.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'

interface Hook {
  readonly id: string
  readonly url: string
  readonly topics: readonly string[]
  readonly active: boolean
  readonly failures: number
  readonly lastStatus: string | null
  readonly version: number
}

const TOPICS = [
  '*',
  'incident.*',
  'assignment.*',
  'unit.*',
  'activation.*',
  'key-place.*',
  'report.received',
  'loan.*',
  'officer.*',
]

/** Who outside hears of what happens here, and whether it arrives. */
export function WebhooksAdmin() {
  const { t } = useTranslation('console')
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const hooks = useQuery({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => api.get<{ webhooks: readonly Hook[] }>('/api/webhooks', {}, signal),
    refetchInterval: 15_000,
  })
  const refresh = [['webhooks']]
  const add = useCommand<{ url: string; topics: readonly string[] }, { secret: string }>({
    run: (body, idempotencyKey) => api.post('/api/webhooks', body, { idempotencyKey }),
    refresh,
    done(answer) {
      setAdding(false)
      setSecret(answer.secret)
    },
  })
  const change = useCommand<{ hook: Hook; active: boolean }, Hook>({
    run: ({ hook, active }, idempotencyKey) =>
      api.patch(`/api/webhooks/${hook.id}`, { active }, { idempotencyKey, ifMatch: hook.version }),
    refresh,
  })
  const remove = useCommand<Hook, unknown>({
    run: ({ id, version }, idempotencyKey) =>
      api.delete(`/api/webhooks/${id}`, { idempotencyKey, ifMatch: version }),
    refresh,
  })
  const addButton = (
    <Button type="primary" onClick={() => setAdding(true)}>
      {t('webhooks.add')}
    </Button>
  )
  return (
    <>
      <div className="page-head">
        <h1>{t('admin.webhooks')}</h1>
        <span className="push">{addButton}</span>
      </div>
      <div className="panel">
        <Shown
          query={hooks}
          isEmpty={({ webhooks }) => webhooks.length === 0}
          empty={<Empty text={t('webhooks.none')} action={addButton} />}
        >
          {({ webhooks }) => (
            <Table<Hook>
              size="small"
              scroll={{ x: 'max-content' }}
              rowKey="id"
              pagination={false}
              dataSource={[...webhooks]}
              columns={[
                { title: t('webhooks.url'), render: (_, { url }) => <span className="mono">{url}</span> },
                {
                  title: t('webhooks.topics'),
                  render: (_, { topics }) => topics.join(t('ui:list-separator')),
                },
                { title: t('webhooks.last'), render: (_, { lastStatus }) => lastStatus ?? '—' },
                {
                  title: t('webhooks.failures'),
                  render: (_, { failures }) =>
                    failures === 0 ? '0' : <strong className="tone-danger">▲ {failures}</strong>,
                },
                {
                  title: t('webhooks.active'),
                  render: (_, hook) => (
                    <Switch
                      checked={hook.active}
                      aria-label={t('webhooks.active')}
                      loading={change.isPending}
                      onChange={(active) => change.mutate({ hook, active })}
                    />
                  ),
                },
                {
                  title: '',
                  align: 'right',
                  render: (_, hook) => (
                    <Popconfirm title={t('webhooks.remove-ask')} onConfirm={() => remove.mutate(hook)}>
                      <Button size="small" danger>
                        {t('ui:action.remove')}
                      </Button>
                    </Popconfirm>
                  ),
                },
              ]}
            />
          )}
        </Shown>
      </div>
      <Modal
        open={adding}
        title={t('webhooks.add')}
        footer={null}
        onCancel={() => setAdding(false)}
        destroyOnHidden
      >
        <Form
          layout="vertical"
          initialValues={{ topics: ['incident.*'] }}
          onFinish={(body: { url: string; topics: string[] }) => add.mutate(body)}
        >
          <Form.Item
            name="url"
            label={t('webhooks.url')}
            rules={[{ required: true, pattern: /^https?:\/\/\S+$/ }]}
          >
            <Input autoFocus className="mono" />
          </Form.Item>
          <Form.Item name="topics" label={t('webhooks.topics')} rules={[{ required: true }]}>
            <Select mode="tags" options={TOPICS.map((value) => ({ value, label: value }))} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={add.isPending}>
            {t('ui:action.save')}
          </Button>
        </Form>
      </Modal>
      <SecretOnce
        title={t('webhooks.secret')}
        secret={secret}
        hint={t('webhooks.secret-hint')}
        onClose={() => setSecret(null)}
      />
    </>
  )
}
