import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../foundation/ui/form/ask-reason.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { forceBoardQuery, officerNamesQuery, useOrganisationName } from '../../force/console/index.tsx'
import { AWAY, type PatrolLevel } from '../core/index.ts'
import { callOutQuery, type CallOutRow } from './board-api.ts'

/** Whom a level would call now, and the one confirmation that calls them. */
export function ActivateDialog({ level, onClose }: { level: PatrolLevel | null; onClose: () => void }) {
  const { t, i18n } = useTranslation('board')
  const callOut = useQuery(callOutQuery(level?.level ?? null))
  const activate = useCommand<{ reason: string }, unknown>({
    run: ({ reason }, idempotencyKey) =>
      api.post('/api/activations', { level: level?.level, reason }, { idempotencyKey }),
    refresh: [['activations'], ['street-strength'], ['force-board']],
    done: onClose,
    failed: () => true,
  })
  const name = level === null ? '' : i18n.language === 'en' ? level.nameEn : level.nameZh
  return (
    <AskReason<{ reason: string }>
      open={level !== null}
      danger
      required={false}
      title={t('activate.title', { level: name })}
      lead={
        <Shown query={callOut} rows={4}>
          {(data) => <Preview callOut={data} />}
        </Shown>
      }
      confirmText={t('activate.confirm', { level: name })}
      busy={activate.isPending}
      failure={activate.error}
      onCancel={onClose}
      onConfirm={({ reason }) => activate.mutate({ reason })}
    />
  )
}

function Preview({ callOut }: { callOut: CallOutRow }) {
  const { t } = useTranslation('board')
  const format = useFormat()
  const organisationName = useOrganisationName()
  const officers = callOut.lines.reduce((sum, { officerIds }) => sum + officerIds.length, 0)
  const byOrganisation = new Map<string, { units: number; officers: number }>()
  for (const { organisationId, subject, officerIds } of callOut.lines) {
    const before = byOrganisation.get(organisationId) ?? { units: 0, officers: 0 }
    byOrganisation.set(organisationId, {
      units: before.units + Number(subject.kind === 'unit'),
      officers: before.officers + officerIds.length,
    })
  }
  return (
    <div>
      <p>
        {t('activate.now', {
          share: format.percent(callOut.strength.share, 1),
          onStreet: callOut.strength.onStreet,
          available: callOut.strength.available,
        })}
      </p>
      <p className="activate-count">{t('activate.calls', { orders: callOut.lines.length, officers })}</p>
      <ul className="activate-list">
        {[...byOrganisation].map(([id, { units, officers: people }]) => (
          <li key={id}>
            {organisationName(id)} — {t('activate.line', { units, officers: people })}
          </li>
        ))}
      </ul>
      <ByRoster callOut={callOut} />
      {callOut.notCalled.length > 0 && (
        <p className="muted">{t('activate.not-called', { count: callOut.notCalled.length })}</p>
      )}
    </div>
  )
}

const POST_REASONS = [
  'rostered-patrol',
  'rostered-reserve',
  'rostered-desk',
  'rostered-other',
  'rostered-away',
] as const

/** What the published roster says of those called, and who is listed apart by it; nothing where none holds. */
function ByRoster({ callOut: { lines, rosteredAway, notYetOnDuty } }: { callOut: CallOutRow }) {
  const { t } = useTranslation('board')
  const posts = POST_REASONS.flatMap((code) => {
    const officers = lines
      .flatMap(({ reasons }) => reasons)
      .filter((reason) => reason.code === code)
      .reduce((sum, { detail }) => sum + Number(detail['officers']), 0)
    return officers === 0 ? [] : [t(`activate.post-${code}`, { officers })]
  })
  const away = AWAY.map((because) => ({
    because,
    officers: rosteredAway.filter((one) => one.because === because),
  })).filter(({ officers }) => officers.length > 0)
  return (
    <>
      {posts.length > 0 && <p>{t('activate.by-post', { posts: posts.join(t('activate.list-comma')) })}</p>}
      {notYetOnDuty.length > 0 && (
        <Named
          tone="tone-warn"
          text={`▲ ${t('activate.not-yet', { count: notYetOnDuty.length })}`}
          officers={notYetOnDuty}
        />
      )}
      {away.map(({ because, officers }) => (
        <Named
          key={because}
          tone="muted"
          text={t(`activate.away-${because}`, { count: officers.length })}
          officers={officers}
        />
      ))}
    </>
  )
}

/** One line that opens to the officers it counts: by name for those who may read names, else by badge. */
function Named({
  tone,
  text,
  officers,
}: {
  tone: string
  text: string
  officers: readonly { readonly officerId: string }[]
}) {
  const may = useMay()
  const force = useQuery(forceBoardQuery).data
  const names = useQuery({ ...officerNamesQuery, enabled: may('force.read-persons') }).data?.officers
  const nameOf = (officerId: string) => {
    const badge = force?.officers.find(({ id }) => id === officerId)?.badgeNumber ?? '—'
    const name = names?.find(({ id }) => id === officerId)?.name
    return name === undefined ? badge : `${name} ${badge}`
  }
  return (
    <details className="activate-named">
      <summary className={tone}>{text}</summary>
      <p className="muted">
        {officers.map(({ officerId }) => (
          <span key={officerId}>{nameOf(officerId)}</span>
        ))}
      </p>
    </details>
  )
}
