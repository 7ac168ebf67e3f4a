import { Dropdown, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { nextStatuses, type UnitStatus } from '../core/index.ts'
import type { UnitRow } from './force-api.ts'
import { StatusText } from './status-mark.tsx'

/** Changes a unit's status; offers only the steps that the chain has for the command room. */
export function UnitStatusMenu({ unit }: { unit: UnitRow }) {
  const { t } = useTranslation('force')
  const may = useMay()
  const change = useCommand<UnitStatus, unknown>({
    run: (status, idempotencyKey) =>
      api.post(`/api/units/${unit.id}/status`, { status }, { idempotencyKey, ifMatch: unit.version }),
    refresh: [['force-board'], ['street-strength']],
  })
  if (!may('force.set-status')) return null
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: nextStatuses(unit.status, 'dispatcher').map((status) => ({
          key: status,
          label: <StatusText status={status} />,
        })),
        onClick: ({ key }) => change.mutate(key as UnitStatus),
      }}
    >
      <Button loading={change.isPending}>{t('change-status')} ▾</Button>
    </Dropdown>
  )
}
