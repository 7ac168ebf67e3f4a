import { useQuery } from '@tanstack/react-query'
import { App, Button, Checkbox, Input, Modal, Select, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { LEVELS, type IncidentType, type Level } from '../core/index.ts'
import { incidentTypesQuery } from './incident-api.ts'

/** The dictionary of incident types: the agency's codes, names in both languages, base level, urgency. */
export function TypesAdmin() {
  const { t } = useTranslation('incident')
  const types = useQuery(incidentTypesQuery)
  return (
    <Shown query={types} rows={10}>
      {(data) => <TypesEditor key={types.dataUpdatedAt} types={data.types} title={t('types.title')} />}
    </Shown>
  )
}

function TypesEditor({ types, title }: { types: readonly IncidentType[]; title: string }) {
  const { t } = useTranslation('incident')
  const may = useMay()
  const { message } = App.useApp()
  const [rows, setRows] = useState<readonly IncidentType[]>(types)
  const [pasting, setPasting] = useState<string | null>(null)
  const changed = rows !== types
  const readOnly = !may('incident.configure')
  const save = useCommand<readonly IncidentType[], { count: number }>({
    run: (list, idempotencyKey) => api.put('/api/incident-types', { types: list }, { idempotencyKey }),
    refresh: [incidentTypesQuery.queryKey],
    done: ({ count }) => void message.success(t('types.saved', { count })),
  })
  const set = (index: number, change: Partial<IncidentType>) =>
    setRows(rows.map((row, position) => (position === index ? { ...row, ...change } : row)))
  const textColumn = (field: 'code' | 'nameZh' | 'nameEn', title: string) => ({
    title,
    render: (_: unknown, row: IncidentType & { key: number }) =>
      readOnly ? (
        row[field]
      ) : (
        <Input
          size="small"
          {...(field === 'code' ? { className: 'mono' } : {})}
          aria-label={title}
          value={row[field]}
          onChange={(event) => set(row.key, { [field]: event.target.value })}
        />
      ),
  })

  return (
    <>
      <div className="page-head">
        <h1>{title}</h1>
        <span className="muted">{t('types.lead', { count: rows.length })}</span>
        {!readOnly && (
          <span className="push" style={{ display: 'flex', gap: 8 }}>
            <Button onClick={() => setPasting('')}>{t('types.paste')}</Button>
            <Button
              onClick={() =>
                setRows([{ code: '', nameZh: '', nameEn: '', baseLevel: 'general', urgent: false }, ...rows])
              }
            >
              {t('ui:action.add')}
            </Button>
            <Button disabled={!changed} onClick={() => setRows(types)}>
              {t('types.discard')}
            </Button>
            <Button
              type="primary"
              disabled={!changed}
              loading={save.isPending}
              onClick={() => save.mutate(rows)}
            >
              {t('ui:action.save')}
            </Button>
          </span>
        )}
      </div>
      <div className="panel">
        <Table
          size="small"
          scroll={{ x: 760 }}
          rowKey="key"
          pagination={{ pageSize: 30, hideOnSinglePage: true, showSizeChanger: false }}
          dataSource={rows.map((row, key) => ({ ...row, key }))}
          columns={[
            { ...textColumn('code', t('types.code')), width: 120 },
            textColumn('nameZh', t('types.name-zh')),
            textColumn('nameEn', t('types.name-en')),
            {
              title: t('types.level'),
              width: 130,
              render: (_, row) => (
                <Select<Level>
                  size="small"
                  disabled={readOnly}
                  aria-label={t('types.level')}
                  style={{ width: 110 }}
                  value={row.baseLevel}
                  options={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))}
                  onChange={(baseLevel) => set(row.key, { baseLevel })}
                />
              ),
            },
            {
              title: t('intake.urgent'),
              width: 90,
              render: (_, row) => (
                <Checkbox
                  disabled={readOnly}
                  checked={row.urgent}
                  aria-label={t('intake.urgent')}
                  onChange={(event) => set(row.key, { urgent: event.target.checked })}
                />
              ),
            },
            ...(readOnly
              ? []
              : [
                  {
                    title: '',
                    width: 60,
                    render: (_: unknown, row: IncidentType & { key: number }) => (
                      <Button
                        size="small"
                        type="text"
                        aria-label={t('ui:action.remove')}
                        onClick={() => setRows(rows.filter((__, index) => index !== row.key))}
                      >
                        ✕
                      </Button>
                    ),
                  },
                ]),
          ]}
        />
      </div>
      <Modal
        open={pasting !== null}
        title={t('types.paste')}
        onCancel={() => setPasting(null)}
        okText={t('ui:action.confirm')}
        cancelText={t('ui:action.cancel')}
        onOk={() => {
          setRows(parseTypes(pasting ?? ''))
          setPasting(null)
        }}
      >
        <p className="muted">{t('types.paste-hint')}</p>
        <Input.TextArea
          className="mono"
          aria-label={t('types.paste')}
          rows={10}
          value={pasting ?? ''}
          onChange={(event) => setPasting(event.target.value)}
        />
      </Modal>
    </>
  )
}

/** One type a line: code, Chinese name, English name, level, urgent; tabs or commas between. */
export function parseTypes(text: string): readonly IncidentType[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.split(/\t|,/).map((cell) => cell.trim()))
    .filter(([code]) => code !== undefined && code !== '')
    .map(([code = '', nameZh = '', nameEn = '', level = '', urgent = '']) => ({
      code,
      nameZh,
      nameEn: nameEn === '' ? nameZh : nameEn,
      baseLevel: LEVELS.find((each) => each === level) ?? 'general',
      urgent: ['1', 'true', 'urgent', '是', '紧急'].includes(urgent.toLowerCase()),
    }))
}
