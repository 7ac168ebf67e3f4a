import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import { useOrganisationName } from '../../../force/console/index.tsx'
import { clockOf } from '../roster-words.ts'
import { CyclePicture } from './cycle-picture.tsx'
import { freeCode, type Drafted } from './pattern-edits.ts'
import { PatternEditor } from './pattern-editor.tsx'
import { patternFigures, roleTone } from './pattern-figures.ts'
import { patternsQuery, plainPattern, schemesQuery, type PatternRow } from './patterns-api.ts'

/** Patterns, each with its picture, hours and sources; changed or copied by those who configure. */
export function PatternsTab() {
  const patterns = useQuery(patternsQuery)
  return (
    <Shown query={patterns} rows={10}>
      {(rows) => <Patterns rows={rows} />}
    </Shown>
  )
}

function Patterns({ rows }: { rows: readonly PatternRow[] }) {
  const { t, i18n } = useTranslation('roster')
  const may = useMay()
  const [code, setCode] = useState(rows[0]?.code ?? '')
  const [editing, setEditing] = useState<{ pattern: Drafted; version: number } | null>(null)
  const pattern = rows.find((row) => row.code === code) ?? rows[0]
  const schemes = useQuery({ ...schemesQuery, enabled: may('roster.read') }).data ?? []
  const organisationName = useOrganisationName()
  const mayConfigure = may('roster.configure')
  if (editing)
    return (
      <PatternEditor
        initial={editing.pattern}
        version={editing.version}
        taken={rows.map((row) => row.code)}
        onClose={(saved) => {
          if (saved !== null) setCode(saved)
          setEditing(null)
        }}
      />
    )
  if (!pattern) return null
  const followers = [
    ...new Set(
      schemes.filter(({ patternCode }) => patternCode === pattern.code).map((each) => each.organisationId),
    ),
  ]
  return (
    <div className="patterns-stage">
      <nav className="patterns-list" aria-label={t('patterns.patterns')}>
        {rows.map((row) => (
          <button
            key={row.code}
            type="button"
            aria-current={row.code === pattern.code}
            onClick={() => setCode(row.code)}
          >
            <b>{i18n.language === 'en' ? row.nameEn : row.nameZh}</b>
            <small>
              {t('pattern.size', { days: row.sequence.length, platoons: row.platoons.length })}
              {!row.isShipped && ` · ${t('pattern.own')}`}
              {row.isShipped && row.version > 0 && ` · ${t('pattern.changed')}`}
            </small>
          </button>
        ))}
      </nav>
      <article className="panel pattern">
        <div className="panel-head">
          <h2>{i18n.language === 'en' ? pattern.nameEn : pattern.nameZh}</h2>
          <code className="faint">{pattern.code}</code>
          {mayConfigure && (
            <span className="push roster-actions">
              <Button
                size="small"
                onClick={() => setEditing({ pattern: plainPattern(pattern), version: pattern.version })}
              >
                {t('ui:action.edit')}
              </Button>
              <Button
                size="small"
                onClick={() =>
                  setEditing({
                    pattern: {
                      ...plainPattern(pattern),
                      code: freeCode(
                        pattern.code.slice(0, 30),
                        rows.map((row) => row.code),
                      ),
                      nameZh: t('pattern.copy-of', { name: pattern.nameZh, lng: 'zh-CN' }).slice(0, 60),
                      nameEn: `${pattern.nameEn} (copy)`.slice(0, 60),
                    },
                    version: 0,
                  })
                }
              >
                {t('pattern.copy')}
              </Button>
            </span>
          )}
        </div>
        <div className="panel-body">
          <CyclePicture pattern={pattern} />
          <Figures pattern={pattern} />
          <Parts pattern={pattern} />
          <p className="muted">
            {followers.length === 0
              ? t('pattern.nobody')
              : t('pattern.followers', {
                  names: followers.map(organisationName).join(t('ui:list-separator')),
                })}
          </p>
          {pattern.sources.length > 0 && (
            <div className="pattern-sources">
              <b>{t('pattern.sources')}</b>
              <ul>
                {pattern.sources.map((source) => (
                  <li key={source}>{source}</li>
                ))}
              </ul>
            </div>
          )}
        </div>
      </article>
    </div>
  )
}

function Figures({ pattern }: { pattern: PatternRow }) {
  const { t } = useTranslation('roster')
  const format = useFormat()
  const figures = patternFigures(pattern)
  return (
    <dl className="pattern-figures">
      {(
        [
          ['hours', format.number(figures.minutesPerWeek / 60, 1)],
          ['duty-days', format.percent(figures.dutyDaysShare)],
          ['nights', format.number(figures.nightsPer28Days, 1)],
          ['rest', format.number(figures.longestRest)],
        ] as const
      ).map(([name, value]) => (
        <div key={name}>
          <dt>{t(`pattern.figure.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Shifts with their hours, which roles work them, draws and minimums. */
function Parts({ pattern }: { pattern: PatternRow }) {
  const { t, i18n } = useTranslation('roster')
  const of = (named: { nameZh: string; nameEn: string } | undefined) =>
    named ? (i18n.language === 'en' ? named.nameEn : named.nameZh) : '—'
  const shift = (code: string) => pattern.shifts.find((each) => each.code === code)
  return (
    <div className="pattern-parts">
      <section aria-label={t('pattern.roles')}>
        <h3>{t('pattern.roles')}</h3>
        <ul>
          {pattern.roles.map((role) => (
            <li key={role.code}>
              <span className="role-mark" data-role={roleTone(pattern, role.code) ?? 'rest'}>
                {i18n.language === 'en' ? role.markEn : role.markZh}
              </span>{' '}
              <b>{of(role)}</b>{' '}
              <span className="muted">
                {role.shifts.map((code) => of(shift(code))).join(t('ui:list-separator')) || t('pattern.free')}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={t('pattern.shifts')}>
        <h3>{t('pattern.shifts')}</h3>
        <ul>
          {pattern.shifts.map((each) => (
            <li key={each.code}>
              <b>{of(each)}</b>{' '}
              <span className="muted">
                {t('pattern.hours', {
                  from: clockOf(each.startMinute),
                  until: clockOf(each.startMinute + each.lengthMinutes),
                  work: each.workMinutes / 60,
                })}
              </span>
            </li>
          ))}
        </ul>
      </section>
      {pattern.draws.length + pattern.minimums.length > 0 && (
        <section aria-label={t('pattern.draws')}>
          <h3>{t('pattern.draws')}</h3>
          <ul>
            {pattern.draws.map((draw) => (
              <li key={draw.code}>
                <b>{of(draw)}</b>{' '}
                <span className="muted">
                  {t('pattern.draw', {
                    officers: draw.officers,
                    role: of(pattern.roles.find(({ code }) => code === draw.fromRole)),
                    shift: of(shift(draw.shift)),
                  })}
                </span>
              </li>
            ))}
            {pattern.minimums.map((minimum, index) => (
              <li key={index}>
                {t('pattern.minimum', {
                  shift: of(shift(minimum.shift)),
                  kind: t(`kind.${minimum.post}`),
                  minimum: minimum.officers,
                  skill:
                    minimum.skill === null
                      ? t('skill.anybody')
                      : minimum.skill === 'sworn'
                        ? t('skill.sworn')
                        : minimum.skill,
                })}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
