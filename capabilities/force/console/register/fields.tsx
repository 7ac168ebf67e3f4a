import { Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useOrganisationName, useSkillNames, type ForceBoardRow } from '../force-api.ts'
import { EQUIPMENT_CODES, SKILL_CODES } from './codes.ts'

/** Whose it is. */
export function OrganisationField({
  board,
  name = 'organisationId',
}: {
  board: ForceBoardRow
  name?: string
}) {
  const { t } = useTranslation('force')
  const organisationName = useOrganisationName()
  return (
    <Form.Item name={name} label={t('officer.organisation')} rules={[{ required: true }]}>
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        options={board.organisations.map(({ id }) => ({ value: id, label: organisationName(id) }))}
      />
    </Form.Item>
  )
}

/** Skills or equipment by word; what the list does not have is written as it is. */
export function CodesField({
  board,
  of,
  label,
}: {
  board: ForceBoardRow
  of: 'skills' | 'equipment'
  label: string
}) {
  const wordOf = useSkillNames()
  const used =
    of === 'skills'
      ? [...board.officers, ...board.units].flatMap(({ skills }) => skills)
      : board.units.flatMap(({ equipment }) => equipment)
  const codes = [...new Set<string>([...(of === 'skills' ? SKILL_CODES : EQUIPMENT_CODES), ...used])]
  return (
    <Form.Item name={of} label={label} className="wide">
      <Select
        mode="tags"
        showSearch={{ optionFilterProp: 'label' }}
        tokenSeparators={[',', '，', '、']}
        options={codes.map((value) => ({ value, label: wordOf([value]) }))}
      />
    </Form.Item>
  )
}
