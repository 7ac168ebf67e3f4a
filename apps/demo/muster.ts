import type { Chance } from '../../foundation/core/chance.ts'

export interface GeneratedOfficer {
  readonly badgeNumber: string
  readonly organisationKey: string
  readonly name: string
  readonly phone: string
  readonly sworn: boolean
  readonly patrolCapable: boolean
  readonly skills: readonly string[]
  readonly duty: 'on' | 'off'
}

export interface GeneratedUnit {
  readonly callSign: string
  readonly organisationKey: string
  readonly kind: 'car' | 'motorcycle' | 'foot' | 'special'
  readonly leaderBadge: string
  /** The leader first. */
  readonly crewBadges: readonly string[]
  readonly vehicle: { readonly plate: string; readonly kind: 'car' | 'van' | 'motorcycle' } | null
  readonly skills: readonly string[]
  readonly equipment: readonly string[]
  readonly status: 'patrolling' | 'briefing' | 'break'
}

export type UnitKind = GeneratedUnit['kind']

/** Crew of each kind of unit: sworn officers, then auxiliaries. */
export const CREW: Readonly<Record<UnitKind, readonly [sworn: number, auxiliaries: number]>> = {
  car: [1, 2],
  motorcycle: [1, 1],
  foot: [1, 2],
  special: [2, 2],
}

/** On duty and able to patrol, yet in no unit: they stand ready at their desks. */
const ON_DUTY_WITHOUT_UNIT = 6

const SKILLS = [
  'first-aid',
  'negotiation',
  'sign-language',
  'english',
  'drone',
  'fire-fighting',
  'water-rescue',
  'dog-handling',
] as const

/** Sworn officers first, then auxiliaries. Badge numbers are six digits; an auxiliary's begins with F. */
export function recruiter(chance: Chance, nameOf: () => string) {
  let badge = 0
  return (
    organisationKey: string,
    count: number,
    sworn: number,
    patrolCapable: boolean,
  ): GeneratedOfficer[] =>
    Array.from({ length: count }, (_, i) => {
      const isSworn = i < sworn
      badge += 1 + chance.below(7)
      const skills = SKILLS.filter(() => chance.next() < 0.12)
      return {
        badgeNumber: isSworn ? String(90_000 + badge).padStart(6, '0') : `F${String(4_000 + badge)}`,
        organisationKey,
        name: nameOf(),
        phone: `0000-${String(chance.below(10_000_000)).padStart(7, '0')}`,
        sworn: isSworn,
        patrolCapable,
        skills: isSworn && chance.next() < 0.5 ? ['armed', ...skills] : skills,
        duty: 'off',
      }
    })
}

const EQUIPMENT: Readonly<Record<UnitKind, readonly string[]>> = {
  car: [
    'radio',
    'body-camera',
    'first-aid-kit',
    'shield',
    'steel-fork',
    'fire-extinguisher',
    'traffic-cones',
  ],
  motorcycle: ['radio', 'body-camera', 'first-aid-kit'],
  foot: ['radio', 'body-camera', 'baton'],
  special: [
    'radio',
    'body-camera',
    'first-aid-kit',
    'shield',
    'steel-fork',
    'firearm',
    'stab-vest',
    'net-gun',
    'aed',
  ],
}

/** Units of the kinds given, crewed from the people in their order; all of them patrol at first. A vehicle's plate is its leader's number. */
export function formUnits(
  organisationKey: string,
  callSign: string,
  kinds: readonly UnitKind[],
  people: readonly GeneratedOfficer[],
): GeneratedUnit[] {
  const sworn = people.filter((officer) => officer.sworn)
  const auxiliaries = people.filter((officer) => !officer.sworn)
  return kinds.map((kind, i) => {
    const crew = [...sworn.splice(0, CREW[kind][0]), ...auxiliaries.splice(0, CREW[kind][1])]
    const sign = `${callSign}${String(i + 1).padStart(2, '0')}`
    return {
      callSign: sign,
      organisationKey,
      kind,
      leaderBadge: crew[0]!.badgeNumber,
      crewBadges: crew.map(({ badgeNumber }) => badgeNumber),
      vehicle:
        kind === 'foot'
          ? null
          : {
              plate: `颍A·${crew[0]!.badgeNumber.slice(-4)}警`,
              kind: kind === 'special' ? 'van' : kind,
            },
      skills: [...new Set(crew.flatMap(({ skills }) => skills))],
      equipment: EQUIPMENT[kind],
      status: 'patrolling',
    }
  })
}

/**
 * Everyone in a unit is on duty, with a few at their desks; the others rest. The sub-bureau's staff are on duty and do
 * not patrol. The units named in `notOut` are in their stations.
 */
export function putOnDuty(
  officers: readonly GeneratedOfficer[],
  units: readonly GeneratedUnit[],
  notOut: Readonly<Record<string, 'briefing' | 'break'>>,
): { officers: GeneratedOfficer[]; units: GeneratedUnit[] } {
  const inUnit = new Set(units.flatMap(({ crewBadges }) => crewBadges))
  let atDesk = 0
  const onDuty = officers.map((officer): GeneratedOfficer => {
    if (inUnit.has(officer.badgeNumber) || !officer.patrolCapable) return { ...officer, duty: 'on' }
    if (officer.sworn && atDesk < ON_DUTY_WITHOUT_UNIT) {
      atDesk++
      return { ...officer, duty: 'on' }
    }
    return officer
  })
  return {
    officers: onDuty,
    units: units.map((unit) => ({ ...unit, status: notOut[unit.callSign] ?? 'patrolling' })),
  }
}
