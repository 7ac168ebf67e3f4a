import { Button, Checkbox, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSkillNames } from '../../../force/console/index.tsx'
import type { RosterGround } from '../../core/index.ts'
import type { RosterWords } from '../roster-words.ts'
import { isFiltered, NO_FILTER, type MonthFilter } from './month.ts'

const MOST_PLATOONS = 12

/** Whose lines are shown. Counts stay those of everybody. */
export function MonthFilters({
  ground,
  words,
  filter,
  onFilter,
}: {
  ground: RosterGround
  words: RosterWords
  filter: MonthFilter
  onFilter: (filter: MonthFilter) => void
}) {
  const { t } = useTranslation('roster')
  const skillNames = useSkillNames()
  const skills = [...new Set(ground.officers.flatMap((officer) => officer.skills))].toSorted()
  const platoons = Math.min(
    MOST_PLATOONS,
    1 + Math.max(-1, ...ground.officers.map(({ platoon }) => platoon ?? -1)),
  )
  const set = (part: Partial<MonthFilter>) => onFilter({ ...filter, ...part })
  return (
    <div className="month-filters" role="search" aria-label={t('filter.label')}>
      <Input
        allowClear
        size="small"
        style={{ width: 150 }}
        placeholder={t('filter.words')}
        aria-label={t('filter.words')}
        value={filter.words}
        onChange={(event) => set({ words: event.target.value })}
      />
      <Select
        mode="multiple"
        size="small"
        allowClear
        maxTagCount={1}
        style={{ minWidth: 150 }}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('filter.organisation')}
        aria-label={t('filter.organisation')}
        value={[...filter.organisationIds]}
        options={ground.schemes.map(({ organisationId }) => ({
          value: organisationId,
          label: words.organisation(organisationId),
        }))}
        onChange={(organisationIds: string[]) => set({ organisationIds })}
      />
      <Select<number | null>
        size="small"
        allowClear
        style={{ width: 104 }}
        placeholder={t('filter.platoon')}
        aria-label={t('filter.platoon')}
        value={filter.platoon}
        options={Array.from({ length: platoons }, (_, platoon) => ({
          value: platoon,
          label: t('filter.platoon-number', { number: platoon + 1 }),
        }))}
        onChange={(platoon) => set({ platoon: platoon ?? null })}
      />
      <Select<'sworn' | 'auxiliary' | null>
        size="small"
        allowClear
        style={{ width: 104 }}
        placeholder={t('filter.sworn')}
        aria-label={t('filter.sworn')}
        value={filter.sworn === null ? null : filter.sworn ? 'sworn' : 'auxiliary'}
        options={[
          { value: 'sworn', label: t('officer.sworn') },
          { value: 'auxiliary', label: t('officer.auxiliary') },
        ]}
        onChange={(kind) => set({ sworn: kind ? kind === 'sworn' : null })}
      />
      {skills.length > 0 && (
        <Select<string | null>
          size="small"
          allowClear
          style={{ width: 120 }}
          placeholder={t('filter.skill')}
          aria-label={t('filter.skill')}
          value={filter.skill}
          options={skills.map((value) => ({ value, label: skillNames([value]) }))}
          onChange={(skill) => set({ skill: skill ?? null })}
        />
      )}
      <Checkbox
        checked={filter.onlyBreaches}
        onChange={({ target }) => set({ onlyBreaches: target.checked })}
      >
        {t('filter.breaches')}
      </Checkbox>
      {isFiltered(filter) && (
        <Button size="small" type="link" onClick={() => onFilter(NO_FILTER)}>
          {t('filter.clear')}
        </Button>
      )}
    </div>
  )
}
