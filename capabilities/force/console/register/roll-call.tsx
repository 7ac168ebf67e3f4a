import { Button, Checkbox, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import {
  FORCE_READS,
  useKnownNames,
  useOrganisationName,
  type ForceBoardRow,
  type OfficerRow,
} from '../force-api.ts'
import { byUnit, rollCallChanges } from './crew.ts'

/** 列队点名: ticks who is present, organisation by organisation; one press calls all of them on and off duty. */
export function RollCall({ board, onClose }: { board: ForceBoardRow; onClose: () => void }) {
  const { t } = useTranslation('force')
  const names = useKnownNames()
  const organisationName = useOrganisationName()
  const manned = board.organisations.filter(({ id }) =>
    board.officers.some(({ organisationId }) => organisationId === id),
  )
  const [organisationId, setOrganisation] = useState(manned[0]?.id)
  const [present, setPresent] = useState<ReadonlySet<string>>(
    () => new Set(board.officers.filter(({ duty }) => duty === 'on').map(({ id }) => id)),
  )
  const officers = board.officers.filter((officer) => officer.organisationId === organisationId)
  const groups = byUnit(officers, board.units)
  const { on, off } = rollCallChanges(officers, present)
  const set = (ids: readonly string[], isPresent: boolean) => {
    const next = new Set(present)
    for (const id of ids)
      if (isPresent) next.add(id)
      else next.delete(id)
    setPresent(next)
  }
  const call = useCommand<{ on: readonly string[]; off: readonly string[] }, unknown>({
    async run({ on: coming, off: going }, idempotencyKey) {
      for (const [duty, officerIds] of [
        ['on', coming],
        ['off', going],
      ] as const)
        if (officerIds.length > 0)
          await api.post(
            '/api/roll-calls',
            { duty, officerIds },
            { idempotencyKey: `${idempotencyKey}-${duty}` },
          )
    },
    refresh: FORCE_READS,
    done: onClose,
  })
  return (
    <Modal
      open
      width={760}
      title={t('roll-call.title')}
      onCancel={onClose}
      onOk={() => call.mutate({ on, off })}
      okText={t('roll-call.save', { on: on.length, off: off.length })}
      cancelText={t('ui:action.cancel')}
      okButtonProps={{ disabled: on.length + off.length === 0, loading: call.isPending }}
    >
      <div className="force-actions">
        <Select
          style={{ minWidth: 220 }}
          aria-label={t('officer.organisation')}
          value={organisationId}
          options={manned.map(({ id }) => ({ value: id, label: organisationName(id) }))}
          onChange={setOrganisation}
        />
        <Button
          onClick={() =>
            set(
              officers.map(({ id }) => id),
              true,
            )
          }
        >
          {t('roll-call.all')}
        </Button>
        <Button
          onClick={() =>
            set(
              officers.map(({ id }) => id),
              false,
            )
          }
        >
          {t('roll-call.nobody')}
        </Button>
        <span className="muted push">
          {t('roll-call.present', {
            present: officers.filter(({ id }) => present.has(id)).length,
            count: officers.length,
          })}
        </span>
      </div>
      <div className="roll-call">
        {groups.map(([unit, members]) => (
          <section key={unit}>
            <Checkbox
              checked={members.every(({ id }) => present.has(id))}
              indeterminate={
                members.some(({ id }) => present.has(id)) && !members.every(({ id }) => present.has(id))
              }
              onChange={({ target }) =>
                set(
                  members.map(({ id }) => id),
                  target.checked,
                )
              }
            >
              <strong>{unit === '' ? t('roll-call.no-unit') : unit}</strong>
            </Checkbox>
            {members.map((officer) => (
              <Checkbox
                key={officer.id}
                checked={present.has(officer.id)}
                onChange={({ target }) => set([officer.id], target.checked)}
              >
                {wordsOf(officer, names.get(officer.id)?.name)}
                {officer.sworn ? '' : ` ${t('officer.auxiliary')}`}
              </Checkbox>
            ))}
          </section>
        ))}
      </div>
    </Modal>
  )
}

const wordsOf = ({ badgeNumber }: OfficerRow, name: string | undefined) =>
  name === undefined ? badgeNumber : `${badgeNumber} ${name}`
