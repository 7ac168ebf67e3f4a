import { Button, Input, Select, Table, type TableColumnsType } from 'antd'
import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Position } from '../../../foundation/core/geo.ts'
import { fitTo, MapView, type MapHandle } from '../../../foundation/ui/map/map-view.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import './place.css'

/** What the register of places is told of organisations, which it does not know itself. */
export interface OrganisationChoice {
  readonly organisations: readonly { readonly value: string; readonly label: string }[]
}

type Query = Parameters<typeof Shown<unknown>>[0]['query']

interface Finding<Row> {
  /** What is searched for the words that somebody types. */
  wordsOf(row: Row): readonly string[]
  readonly kinds: readonly string[]
  /** The texts of the kinds stand under this key. */
  readonly kindKey: string
  kindOf(row: Row): string
}

/**
 * One register of places: its head with search, kind and the button that adds, its list, and the map beside it that
 * goes to the row one presses. `texts` is where its words stand (`site`, `area`, `key-place`).
 */
export function MapRegister<Row extends { readonly id: string; readonly name: string }>({
  texts,
  query,
  rows,
  finding,
  columns,
  mayEdit,
  cornersOf,
  layer,
  dialog,
}: {
  texts: 'site' | 'area' | 'key-place'
  query: Query
  rows: readonly Row[]
  finding?: Finding<Row>
  columns: TableColumnsType<Row>
  mayEdit: boolean
  /** What the map shows of a row. */
  cornersOf(row: Row): readonly Position[]
  layer(shown: readonly Row[]): ReactNode
  /** The form for a row, or for a new one (null). */
  dialog(row: Row | null, close: () => void): ReactNode
}) {
  const { t } = useTranslation('place')
  const map = useRef<MapHandle | null>(null)
  const [words, setWords] = useState('')
  const [kind, setKind] = useState<string | null>(null)
  const [editing, setEditing] = useState<Row | 'new' | null>(null)
  const shown = finding ? rows.filter((row) => isWanted(row, finding, words, kind)) : rows
  const addButton = mayEdit && (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t(`${texts}.add`)}
    </Button>
  )
  return (
    <>
      <div className="page-head">
        <h1>{t(`${texts}.title`)}</h1>
        {finding && (
          <>
            <Input
              allowClear
              style={{ width: 220 }}
              placeholder={t(`${texts}.search`)}
              aria-label={t(`${texts}.search`)}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
            <Select
              allowClear
              style={{ width: 150 }}
              placeholder={t(`${texts}.kind`)}
              aria-label={t(`${texts}.kind`)}
              value={kind}
              options={finding.kinds.map((value) => ({ value, label: t(`${finding.kindKey}.${value}`) }))}
              onChange={(value: string | null) => setKind(value ?? null)}
            />
            <span className="muted">{t('register.count', { count: shown.length })}</span>
          </>
        )}
        <span className="push">{addButton}</span>
      </div>
      <div className="key-places-split">
        <div className="panel">
          <Shown
            query={query}
            rows={12}
            isEmpty={() => rows.length === 0}
            empty={<Empty text={t(`${texts}.none`)} action={addButton} />}
          >
            {() => (
              <Table<Row>
                size="small"
                rowKey="id"
                scroll={{ x: 'max-content' }}
                pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
                dataSource={[...shown]}
                onRow={(row) => ({
                  onClick: () => map.current && fitTo(map.current.map, cornersOf(row), 40),
                })}
                columns={[
                  { title: t('ui:field.name'), render: (_, { name }) => <strong>{name}</strong> },
                  ...columns,
                  {
                    title: '',
                    align: 'right',
                    render: (_, row) =>
                      mayEdit && (
                        <Button size="small" onClick={() => setEditing(row)}>
                          {t('ui:action.edit')}
                        </Button>
                      ),
                  },
                ]}
              />
            )}
          </Shown>
        </div>
        <div className="panel key-places-map">
          <MapView label={t(`${texts}.title`)} onReady={(handle) => (map.current = handle)}>
            {layer(shown)}
          </MapView>
        </div>
      </div>
      {editing !== null && dialog(editing === 'new' ? null : editing, () => setEditing(null))}
    </>
  )
}

function isWanted<Row>(row: Row, finding: Finding<Row>, words: string, kind: string | null): boolean {
  const wanted = words.trim().toLowerCase()
  return (
    (kind === null || finding.kindOf(row) === kind) &&
    (wanted === '' || finding.wordsOf(row).some((each) => each.toLowerCase().includes(wanted)))
  )
}
