import { useTranslation } from 'react-i18next'
import { POST_KINDS, type PostKind } from '../../core/index.ts'
import {
  ChoiceField,
  ClockField,
  Field,
  NumberField,
  Rows,
  TextField,
  type EditorProps,
} from './editor-fields.tsx'
import { freeCode, withEntry, withoutEntry } from './pattern-edits.ts'

export function PlatoonRows({ pattern, faults, onChange }: EditorProps) {
  const { t } = useTranslation('roster')
  return (
    <Rows
      title={t('pattern.platoons')}
      path="platoons"
      faults={faults}
      count={pattern.platoons.length}
      least={1}
      onAdd={() =>
        onChange({
          ...pattern,
          platoons: [
            ...pattern.platoons,
            {
              nameZh: t('filter.platoon-number', { number: pattern.platoons.length + 1, lng: 'zh-CN' }),
              nameEn: `Platoon ${pattern.platoons.length + 1}`,
              ahead: Math.min(pattern.sequence.length - 1, (pattern.platoons.at(-1)?.ahead ?? -1) + 1),
            },
          ],
        })
      }
      onRemove={(index) => onChange(withoutEntry(pattern, 'platoons', index))}
      row={(index) => {
        const platoon = pattern.platoons[index]!
        const at = `platoons[${index}]`
        const set = (part: Partial<typeof platoon>) => onChange(withEntry(pattern, 'platoons', index, part))
        return (
          <>
            <TextField
              path={`${at}.nameZh`}
              label={t('pattern.name-zh')}
              value={platoon.nameZh}
              set={(nameZh) => set({ nameZh })}
              faults={faults}
            />
            <TextField
              path={`${at}.nameEn`}
              label={t('pattern.name-en')}
              value={platoon.nameEn}
              set={(nameEn) => set({ nameEn })}
              faults={faults}
            />
            <NumberField
              path={`${at}.ahead`}
              label={t('pattern.ahead')}
              value={platoon.ahead}
              set={(ahead) => set({ ahead })}
              faults={faults}
            />
          </>
        )
      }}
    />
  )
}

export function RoleRows({ pattern, faults, onChange }: EditorProps) {
  const { t, i18n } = useTranslation('roster')
  const shiftName = (shift: (typeof pattern.shifts)[number]) =>
    i18n.language === 'en' ? shift.nameEn : shift.nameZh
  return (
    <Rows
      title={t('pattern.roles')}
      path="roles"
      faults={faults}
      count={pattern.roles.length}
      least={1}
      onAdd={() =>
        onChange({
          ...pattern,
          roles: [
            ...pattern.roles,
            {
              code: freeCode(
                'role',
                pattern.roles.map(({ code }) => code),
              ),
              ...{ nameZh: '', nameEn: '', markZh: '', markEn: '', shifts: [] },
            },
          ],
        })
      }
      onRemove={(index) => onChange(withoutEntry(pattern, 'roles', index))}
      row={(index) => {
        const role = pattern.roles[index]!
        const at = `roles[${index}]`
        const set = (part: Partial<typeof role>) => onChange(withEntry(pattern, 'roles', index, part))
        return (
          <>
            <NamedFields at={at} entry={role} widths={[110, 110, 130]} set={set} faults={faults} />
            <TextField
              path={`${at}.markZh`}
              label={t('pattern.mark-zh')}
              value={role.markZh}
              set={(markZh) => set({ markZh })}
              faults={faults}
              width={56}
            />
            <TextField
              path={`${at}.markEn`}
              label={t('pattern.mark-en')}
              value={role.markEn}
              set={(markEn) => set({ markEn })}
              faults={faults}
              width={56}
            />
            <Field path={`${at}.shifts`} label={t('pattern.role-shifts')} faults={faults}>
              <span className="editor-checks" id={`pattern-${at}.shifts[0]`} tabIndex={-1}>
                {pattern.shifts.map((shift, position) => (
                  <label key={position}>
                    <input
                      type="checkbox"
                      checked={role.shifts.includes(shift.code)}
                      onChange={(event) =>
                        set({
                          shifts: event.target.checked
                            ? [...role.shifts, shift.code]
                            : role.shifts.filter((code) => code !== shift.code),
                        })
                      }
                    />{' '}
                    {shiftName(shift) || shift.code}
                  </label>
                ))}
              </span>
            </Field>
          </>
        )
      }}
    />
  )
}

export function ShiftRows({ pattern, faults, onChange }: EditorProps) {
  const { t } = useTranslation('roster')
  return (
    <Rows
      title={t('pattern.shifts')}
      path="shifts"
      faults={faults}
      count={pattern.shifts.length}
      least={1}
      onAdd={() =>
        onChange({
          ...pattern,
          shifts: [
            ...pattern.shifts,
            {
              code: freeCode(
                'shift',
                pattern.shifts.map(({ code }) => code),
              ),
              ...{ nameZh: '', nameEn: '', startMinute: 480, lengthMinutes: 480, workMinutes: 480 },
            },
          ],
        })
      }
      onRemove={(index) => onChange(withoutEntry(pattern, 'shifts', index))}
      row={(index) => {
        const shift = pattern.shifts[index]!
        const at = `shifts[${index}]`
        const set = (part: Partial<typeof shift>) => onChange(withEntry(pattern, 'shifts', index, part))
        return (
          <>
            <NamedFields at={at} entry={shift} widths={[120, 130, 150]} set={set} faults={faults} />
            <ClockField
              path={`${at}.startMinute`}
              label={t('pattern.start')}
              minute={shift.startMinute}
              set={(startMinute) => set({ startMinute })}
              faults={faults}
            />
            <NumberField
              path={`${at}.lengthMinutes`}
              label={t('pattern.length-minutes')}
              step={30}
              value={shift.lengthMinutes}
              set={(lengthMinutes) => set({ lengthMinutes })}
              faults={faults}
            />
            <NumberField
              path={`${at}.workMinutes`}
              label={t('pattern.work-minutes')}
              step={30}
              value={shift.workMinutes}
              set={(workMinutes) => set({ workMinutes })}
              faults={faults}
            />
          </>
        )
      }}
    />
  )
}

export function DrawRows({ pattern, faults, onChange }: EditorProps) {
  const { t } = useTranslation('roster')
  const { roles, shifts } = useChoices(pattern)
  return (
    <Rows
      title={t('pattern.draw-list')}
      path="draws"
      faults={faults}
      count={pattern.draws.length}
      onAdd={() =>
        onChange({
          ...pattern,
          draws: [
            ...pattern.draws,
            {
              code: freeCode(
                'draw',
                pattern.draws.map(({ code }) => code),
              ),
              ...{ nameZh: '', nameEn: '', officers: 1 },
              fromRole: pattern.roles.find((role) => role.shifts.length > 0)?.code ?? '',
              shift: pattern.shifts[0]?.code ?? '',
            },
          ],
        })
      }
      onRemove={(index) => onChange(withoutEntry(pattern, 'draws', index))}
      row={(index) => {
        const draw = pattern.draws[index]!
        const at = `draws[${index}]`
        const set = (part: Partial<typeof draw>) => onChange(withEntry(pattern, 'draws', index, part))
        return (
          <>
            <NamedFields at={at} entry={draw} widths={[110, 120, 130]} set={set} faults={faults} />
            <ChoiceField
              path={`${at}.fromRole`}
              label={t('pattern.from-role')}
              value={draw.fromRole}
              options={roles}
              set={(fromRole) => set({ fromRole })}
              faults={faults}
            />
            <NumberField
              path={`${at}.officers`}
              label={t('pattern.officers')}
              value={draw.officers}
              set={(officers) => set({ officers })}
              faults={faults}
            />
            <ChoiceField
              path={`${at}.shift`}
              label={t('pattern.shift')}
              value={draw.shift}
              options={shifts}
              set={(shift) => set({ shift })}
              faults={faults}
            />
          </>
        )
      }}
    />
  )
}

export function MinimumRows({ pattern, faults, onChange }: EditorProps) {
  const { t } = useTranslation('roster')
  const { shifts } = useChoices(pattern)
  return (
    <Rows
      title={t('pattern.minimums')}
      path="minimums"
      faults={faults}
      count={pattern.minimums.length}
      onAdd={() =>
        onChange({
          ...pattern,
          minimums: [
            ...pattern.minimums,
            { shift: pattern.shifts[0]?.code ?? '', post: 'patrol', skill: null, officers: 1 },
          ],
        })
      }
      onRemove={(index) => onChange(withoutEntry(pattern, 'minimums', index))}
      row={(index) => {
        const minimum = pattern.minimums[index]!
        const at = `minimums[${index}]`
        const set = (part: Partial<typeof minimum>) => onChange(withEntry(pattern, 'minimums', index, part))
        return (
          <>
            <ChoiceField
              path={`${at}.shift`}
              label={t('pattern.shift')}
              value={minimum.shift}
              options={shifts}
              set={(shift) => set({ shift })}
              faults={faults}
            />
            <ChoiceField
              path={`${at}.post`}
              label={t('post.kind')}
              value={minimum.post}
              options={POST_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
              set={(post) => set({ post: post as PostKind })}
              faults={faults}
            />
            <TextField
              path={`${at}.skill`}
              label={t('pattern.skill')}
              value={minimum.skill ?? ''}
              set={(skill) => set({ skill: skill === '' ? null : skill })}
              faults={faults}
              width={120}
            />
            <NumberField
              path={`${at}.officers`}
              label={t('pattern.officers')}
              value={minimum.officers}
              set={(officers) => set({ officers })}
              faults={faults}
            />
          </>
        )
      }}
    />
  )
}

/** The code of an entry and its name in both languages. */
function NamedFields({
  at,
  entry,
  widths: [codeWidth, zhWidth, enWidth],
  set,
  faults,
}: {
  at: string
  entry: { readonly code: string; readonly nameZh: string; readonly nameEn: string }
  widths: readonly [code: number, nameZh: number, nameEn: number]
  set: (part: { code: string } | { nameZh: string } | { nameEn: string }) => void
  faults: EditorProps['faults']
}) {
  const { t } = useTranslation('roster')
  return (
    <>
      <TextField
        path={`${at}.code`}
        label={t('pattern.code')}
        value={entry.code}
        set={(code) => set({ code })}
        faults={faults}
        width={codeWidth}
      />
      <TextField
        path={`${at}.nameZh`}
        label={t('pattern.name-zh')}
        value={entry.nameZh}
        set={(nameZh) => set({ nameZh })}
        faults={faults}
        width={zhWidth}
      />
      <TextField
        path={`${at}.nameEn`}
        label={t('pattern.name-en')}
        value={entry.nameEn}
        set={(nameEn) => set({ nameEn })}
        faults={faults}
        width={enWidth}
      />
    </>
  )
}

function useChoices(pattern: EditorProps['pattern']) {
  const { i18n } = useTranslation()
  const choice = (one: { code: string; nameZh: string; nameEn: string }) => ({
    value: one.code,
    label: (i18n.language === 'en' ? one.nameEn : one.nameZh) || one.code,
  })
  return { roles: pattern.roles.map(choice), shifts: pattern.shifts.map(choice) }
}
