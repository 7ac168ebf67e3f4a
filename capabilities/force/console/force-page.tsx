import { useQuery } from '@tanstack/react-query'
import { Input, Select, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { forceBoardQuery, useOrganisationName, type ForceBoardRow } from './force-api.ts'
import { LoansTable } from './loans-table.tsx'
import { OfficersTable } from './officers-table.tsx'
import { OrganisationsTable } from './register/organisations-table.tsx'
import { UnitsTable } from './units-table.tsx'
import { VehiclesTable } from './vehicles-table.tsx'

/** All forces of all departments on one page. Nothing is hidden until somebody filters. */
export function ForcePage() {
  const { t } = useTranslation('force')
  const organisationName = useOrganisationName()
  const board = useQuery(forceBoardQuery)
  const [words, setWords] = useState('')
  const [organisationIds, setOrganisations] = useState<readonly string[]>([])
  const belongs = (id: string) => organisationIds.length === 0 || organisationIds.includes(id)
  const matches = (...values: readonly (string | undefined)[]) =>
    words.trim() === '' || values.some((value) => value?.toLowerCase().includes(words.trim().toLowerCase()))

  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('page.title')}</h1>
        <Input
          allowClear
          style={{ width: 240 }}
          placeholder={t('page.search')}
          aria-label={t('page.search')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          allowClear
          style={{ minWidth: 260 }}
          placeholder={t('page.all')}
          aria-label={t('page.by-organisation')}
          value={[...organisationIds]}
          options={(board.data?.organisations ?? []).map(({ id }) => ({
            value: id,
            label: organisationName(id),
          }))}
          onChange={(ids: string[]) => setOrganisations(ids)}
        />
        {board.data && <Summary board={board.data} />}
      </div>
      <div className="panel" style={{ padding: '0 12px 12px' }}>
        <Shown query={board} rows={10}>
          {(data) => (
            <Tabs
              items={[
                {
                  key: 'units',
                  label: `${t('page.units')} ${data.units.length}`,
                  children: (
                    <UnitsTable
                      board={data}
                      rows={data.units.filter(
                        (unit) =>
                          (belongs(unit.organisationId) || belongs(unit.servingOrganisationId)) &&
                          matches(unit.callSign, ...unit.skills, ...unit.equipment),
                      )}
                    />
                  ),
                },
                {
                  key: 'officers',
                  label: `${t('page.officers')} ${data.officers.length}`,
                  children: (
                    <OfficersTable
                      board={data}
                      words={words}
                      rows={data.officers.filter((officer) => belongs(officer.organisationId))}
                    />
                  ),
                },
                {
                  key: 'vehicles',
                  label: `${t('page.vehicles')} ${data.vehicles.length}`,
                  children: (
                    <VehiclesTable
                      board={data}
                      rows={data.vehicles.filter(
                        (vehicle) => belongs(vehicle.organisationId) && matches(vehicle.plate),
                      )}
                    />
                  ),
                },
                {
                  key: 'loans',
                  label: `${t('page.loans')} ${data.loans.length}`,
                  children: (
                    <LoansTable
                      board={data}
                      rows={data.loans.filter(
                        (loan) => belongs(loan.fromOrganisationId) || belongs(loan.toOrganisationId),
                      )}
                    />
                  ),
                },
                {
                  key: 'organisations',
                  label: `${t('page.organisations')} ${data.organisations.length}`,
                  children: <OrganisationsTable board={data} />,
                },
              ]}
            />
          )}
        </Shown>
      </div>
    </div>
  )
}

function Summary({ board }: { board: ForceBoardRow }) {
  const { t } = useTranslation('force')
  const onDuty = board.officers.filter(({ duty }) => duty === 'on').length
  const out = board.units.filter(({ status }) => status !== 'off-duty' && status !== 'out-of-service').length
  return (
    <span className="muted push">
      {t('page.summary', { onDuty, officers: board.officers.length, out, units: board.units.length })}
    </span>
  )
}
