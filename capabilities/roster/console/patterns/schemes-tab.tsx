import { useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { problemOf } from '../../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { addDays } from '../../../../foundation/core/day.ts'
import { useMayFor } from '../../../../foundation/ui/session/session.tsx'
import { Failure, Shown } from '../../../../foundation/ui/states/states.tsx'
import { forceBoardQuery, useOrganisationName, type ForceBoardRow } from '../../../force/console/index.tsx'
import { useToday } from '../today.ts'
import { patternsQuery, schemesQuery, type PatternRow, type SchemeRow } from './patterns-api.ts'
import { PlatoonBoard } from './platoon-board.tsx'
import { dealUnplaced, moveOfficer, platoonSheet } from './platoon-moves.ts'

/** Which pattern each organisation follows from when on, and who is in which platoon. */
export function SchemesTab() {
  const patterns = useQuery(patternsQuery)
  const schemes = useQuery(schemesQuery)
  const board = useQuery(forceBoardQuery)
  const today = useToday()
  const all = {
    data:
      patterns.data && schemes.data && board.data && today !== null
        ? { patterns: patterns.data, schemes: schemes.data, board: board.data, today }
        : undefined,
    error: patterns.error ?? schemes.error ?? board.error,
    isPending: patterns.isPending || schemes.isPending || board.isPending || today === null,
    dataUpdatedAt: Math.min(patterns.dataUpdatedAt, schemes.dataUpdatedAt, board.dataUpdatedAt),
    refetch() {
      for (const query of [patterns, schemes, board]) void query.refetch()
    },
  }
  return (
    <Shown query={all} rows={10}>
      {(data) => <Schemes {...data} />}
    </Shown>
  )
}

function Schemes({
  patterns,
  schemes,
  board,
  today,
}: {
  patterns: readonly PatternRow[]
  schemes: readonly SchemeRow[]
  board: ForceBoardRow
  today: string
}) {
  const { t, i18n } = useTranslation('roster')
  const organisationName = useOrganisationName()
  const manned = board.organisations.filter(({ id }) =>
    board.officers.some(({ organisationId }) => organisationId === id),
  )
  const [organisationId, setOrganisation] = useState(
    (manned.find(({ id }) => schemes.some((scheme) => scheme.organisationId === id)) ?? manned[0])?.id ?? '',
  )
  const own = schemes.filter((scheme) => scheme.organisationId === organisationId)
  const latest = own.toSorted((a, b) => b.version - a.version)[0]
  const patternName = (code: string) => {
    const pattern = patterns.find((each) => each.code === code)
    return pattern ? (i18n.language === 'en' ? pattern.nameEn : pattern.nameZh) : code
  }
  return (
    <>
      <div className="scheme-head">
        <Select
          style={{ minWidth: 220 }}
          aria-label={t('filter.organisation')}
          value={organisationId}
          options={manned.map(({ id }) => ({ value: id, label: organisationName(id) }))}
          onChange={setOrganisation}
        />
        {own.length > 0 && (
          <ol className="scheme-list">
            {own
              .toSorted((a, b) => (a.fromDate < b.fromDate ? 1 : -1))
              .map((scheme) => (
                <li key={scheme.fromDate}>
                  {t('scheme.line', { from: scheme.fromDate, pattern: patternName(scheme.patternCode) })}
                </li>
              ))}
          </ol>
        )}
      </div>
      <SchemeForm
        key={`${organisationId}-${latest?.version ?? 0}`}
        organisationId={organisationId}
        latest={latest ?? null}
        patterns={patterns}
        officers={board.officers.filter((officer) => officer.organisationId === organisationId)}
        today={today}
        patternName={patternName}
      />
    </>
  )
}

function SchemeForm({
  organisationId,
  latest,
  patterns,
  officers,
  today,
  patternName,
}: {
  organisationId: string
  latest: SchemeRow | null
  patterns: readonly PatternRow[]
  officers: ForceBoardRow['officers']
  today: string
  patternName: (code: string) => string
}) {
  const { t } = useTranslation('roster')
  const { message } = App.useApp()
  const readOnly = !useMayFor()('roster.edit', organisationId)
  const [patternCode, setPattern] = useState(latest?.patternCode ?? patterns[0]?.code ?? '')
  const [fromDate, setFrom] = useState(addDays(today, 1))
  const [anchorDate, setAnchor] = useState(latest?.anchorDate ?? addDays(today, 1))
  const pattern = patterns.find(({ code }) => code === patternCode)
  const members = useMemo(() => officers.map(({ id }) => id), [officers])
  const [sheet, setSheet] = useState(() =>
    platoonSheet(latest?.platoons ?? [], pattern?.platoons.length ?? 0, members),
  )
  const save = useCommand<object, SchemeRow>({
    run: (_, idempotencyKey) =>
      api.put(
        `/api/duty-schemes/${organisationId}`,
        { patternCode, anchorDate, fromDate, platoons: sheet.platoons },
        { idempotencyKey, ifMatch: latest?.version ?? 0 },
      ),
    refresh: [schemesQuery.queryKey],
    done: () => void message.success(t('ui:form.saved')),
    failed: () => true,
  })
  const sworn = useMemo(() => new Set(officers.flatMap(({ id, sworn: is }) => (is ? [id] : []))), [officers])
  return (
    <div className="panel scheme">
      <div className="panel-body">
        {save.error != null && <Failure error={save.error} />}
        {problemOf(save.error).status === 412 && <Alert type="warning" title={t('scheme.changed')} />}
        <div className="editor-grid">
          <label className="editor-field">
            <span>{t('scheme.pattern')}</span>
            <select
              value={patternCode}
              disabled={readOnly}
              onChange={(event) => {
                const next = patterns.find(({ code }) => code === event.target.value)
                setPattern(event.target.value)
                setSheet(platoonSheet(sheet.platoons, next?.platoons.length ?? 0, members))
              }}
            >
              {patterns.map(({ code }) => (
                <option key={code} value={code}>
                  {patternName(code)}
                </option>
              ))}
            </select>
          </label>
          <label className="editor-field">
            <span>{t('scheme.from')}</span>
            <input
              type="date"
              value={fromDate}
              disabled={readOnly}
              onChange={(event) => setFrom(event.target.value)}
            />
          </label>
          <label className="editor-field">
            <span>{t('scheme.anchor')}</span>
            <input
              type="date"
              value={anchorDate}
              disabled={readOnly}
              onChange={(event) => setAnchor(event.target.value)}
            />
          </label>
        </div>
        {pattern && (
          <PlatoonBoard
            pattern={pattern}
            anchorDate={anchorDate}
            fromDate={fromDate}
            sheet={sheet}
            sworn={sworn}
            readOnly={readOnly}
            onMove={(id, platoon) => setSheet(moveOfficer(sheet, id, platoon))}
          />
        )}
        {!readOnly && (
          <p className="roster-actions scheme-foot">
            <Button
              disabled={sheet.unplaced.length === 0}
              onClick={() => setSheet(dealUnplaced(sheet, (id) => sworn.has(id)))}
            >
              {t('scheme.deal', { count: sheet.unplaced.length })}
            </Button>
            <Button type="primary" loading={save.isPending} onClick={() => save.mutate({})}>
              {t('ui:action.save')}
            </Button>
          </p>
        )}
      </div>
    </div>
  )
}
