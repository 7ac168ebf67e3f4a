import { App, Button, InputNumber } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { problemOf } from '../../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { Failure } from '../../../../foundation/ui/states/states.tsx'
import { checkPattern, type PatternFault } from '../../core/index.ts'
import { CyclePicture } from './cycle-picture.tsx'
import { FaultText, TextField, useFaultWords } from './editor-fields.tsx'
import { DrawRows, MinimumRows, PlatoonRows, RoleRows, ShiftRows } from './editor-rows.tsx'
import { faultsAt, withLength, withRole, type Drafted } from './pattern-edits.ts'
import { roleTone } from './pattern-figures.ts'
import { patternsQuery } from './patterns-api.ts'

/** A pattern as a form: each change is checked at once, and each fault stands at the field that it is in. */
export function PatternEditor({
  initial,
  version,
  taken,
  onClose,
}: {
  initial: Drafted
  version: number
  taken: readonly string[]
  /** The code of what was saved; null: nothing was. */
  onClose: (saved: string | null) => void
}) {
  const { t } = useTranslation('roster')
  const { message } = App.useApp()
  const faultWords = useFaultWords()
  const [pattern, setPattern] = useState(initial)
  const faults = useMemo((): readonly PatternFault[] => {
    const checked = checkPattern(pattern)
    return 'faults' in checked ? checked.faults : []
  }, [pattern])
  // Another's code is another pattern: writing over it would not be meant.
  const isNew = version === 0 && !(taken.includes(initial.code) && pattern.code === initial.code)
  const isTaken = isNew && taken.includes(pattern.code)
  const save = useCommand<Drafted, unknown>({
    run: (input, idempotencyKey) =>
      api.put(`/api/duty-patterns/${input.code}`, input, { idempotencyKey, ifMatch: version }),
    refresh: [patternsQuery.queryKey],
    failed: () => true,
    done(_, input) {
      void message.success(t('ui:form.saved'))
      onClose(input.code)
    },
  })
  const fields = { pattern, faults, onChange: setPattern }
  const refused = problemOf(save.error)
  return (
    <div className="panel pattern-editor">
      <div className="panel-head">
        <h2>{t(isNew ? 'pattern.new' : 'pattern.edit')}</h2>
        <span className="push roster-actions">
          <Button onClick={() => onClose(null)}>{t('ui:action.cancel')}</Button>
          <Button
            type="primary"
            disabled={faults.length > 0 || isTaken}
            loading={save.isPending}
            onClick={() => save.mutate(pattern)}
          >
            {t('ui:action.save')}
          </Button>
        </span>
      </div>
      <div className="panel-body">
        {save.error != null && (
          <>
            <Failure error={save.error} />
            {refused.status === 412 && <p className="muted">{t('pattern.changed-meanwhile')}</p>}
          </>
        )}
        <div
          className="pattern-verdict"
          role="status"
          aria-live="polite"
          data-verdict={faults.length > 0 ? 'broken' : 'kept'}
        >
          {faults.length === 0 ? (
            <p>✓ {t('pattern.lawful')}</p>
          ) : (
            <>
              <p>{t('pattern.faults', { count: faults.length })}</p>
              <ul>
                {faults.slice(0, 8).map((fault) => (
                  <li key={fault.path + fault.code}>
                    <button
                      type="button"
                      onClick={() => document.getElementById(`pattern-${fault.path}`)?.focus()}
                    >
                      <code>{fault.path}</code> {faultWords(fault)}
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
        <div className="editor-grid">
          <TextField
            {...fields}
            path="code"
            label={t('pattern.code')}
            value={pattern.code}
            disabled={!isNew}
            set={(code) => setPattern({ ...pattern, code })}
          />
          <TextField
            {...fields}
            path="nameZh"
            label={t('pattern.name-zh')}
            value={pattern.nameZh}
            set={(nameZh) => setPattern({ ...pattern, nameZh })}
          />
          <TextField
            {...fields}
            path="nameEn"
            label={t('pattern.name-en')}
            value={pattern.nameEn}
            set={(nameEn) => setPattern({ ...pattern, nameEn })}
          />
        </div>
        {isTaken && <p data-verdict="broken">{t('pattern.code-taken')}</p>}
        <Sequence {...fields} />
        <CyclePicture pattern={pattern} />
        <PlatoonRows {...fields} />
        <RoleRows {...fields} />
        <ShiftRows {...fields} />
        <DrawRows {...fields} />
        <MinimumRows {...fields} />
        <section className="editor-part" aria-label={t('pattern.sources')}>
          <h3>{t('pattern.sources')}</h3>
          <textarea
            id="pattern-sources"
            rows={3}
            aria-label={t('pattern.sources')}
            placeholder={t('pattern.sources-hint')}
            value={pattern.sources.join('\n')}
            onChange={(event) =>
              setPattern({
                ...pattern,
                sources: event.target.value === '' ? [] : event.target.value.split('\n'),
              })
            }
          />
          <FaultText faults={faultsAt(faults, 'sources', true)} />
        </section>
      </div>
    </div>
  )
}

/** The cycle day by day: pick a role, then press or drag over days; digits pick on a focused day. */
function Sequence({
  pattern,
  faults,
  onChange,
}: {
  pattern: Drafted
  faults: readonly PatternFault[]
  onChange: (pattern: Drafted) => void
}) {
  const { t, i18n } = useTranslation('roster')
  const isEnglish = i18n.language === 'en'
  const [brush, setBrush] = useState(pattern.roles[0]?.code ?? '')
  const paint = (day: number, role = brush) => onChange(withRole(pattern, day, role))
  return (
    <section className="editor-part" aria-label={t('pattern.sequence')}>
      <h3>{t('pattern.sequence')}</h3>
      <div className="editor-brushes" role="radiogroup" aria-label={t('pattern.brush')}>
        {pattern.roles.map((role, index) => (
          <button
            key={index}
            type="button"
            role="radio"
            aria-checked={brush === role.code}
            onClick={() => setBrush(role.code)}
          >
            <span className="role-mark" data-role={roleTone(pattern, role.code) ?? 'rest'}>
              {isEnglish ? role.markEn : role.markZh}
            </span>{' '}
            {isEnglish ? role.nameEn : role.nameZh} <kbd>{index + 1}</kbd>
          </button>
        ))}
        <label className="editor-length">
          {t('pattern.length')}
          <InputNumber
            size="small"
            min={1}
            max={366}
            precision={0}
            value={pattern.sequence.length}
            onChange={(days) => onChange(withLength(pattern, days ?? 1))}
          />
        </label>
      </div>
      <div className="editor-days">
        {pattern.sequence.map((code, day) => {
          const role = pattern.roles.find((each) => each.code === code)
          const amiss = faultsAt(faults, `sequence[${day}]`).length > 0
          return (
            <button
              key={day}
              id={`pattern-sequence[${day}]`}
              type="button"
              data-role={role ? (roleTone(pattern, code) ?? 'rest') : 'unknown'}
              data-amiss={amiss || undefined}
              aria-label={t('pattern.day-is', {
                day: day + 1,
                role: role ? (isEnglish ? role.nameEn : role.nameZh) : code,
              })}
              onPointerDown={() => paint(day)}
              onPointerEnter={(event) => event.buttons === 1 && paint(day)}
              onKeyDown={(event) => {
                const chosen = pattern.roles[Number(event.key) - 1]
                if (chosen) paint(day, chosen.code)
                else if (event.key === 'Enter' || event.key === ' ') paint(day)
              }}
            >
              <small>{day + 1}</small>
              {role ? (isEnglish ? role.markEn : role.markZh) : '？'}
            </button>
          )
        })}
      </div>
      <FaultText faults={faultsAt(faults, 'sequence', true)} />
    </section>
  )
}
