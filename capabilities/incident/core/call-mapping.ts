import type { Circumstance } from './types.ts'

interface CallRule {
  /** Every one of these words must stand in the call's description, upper case. */
  readonly words: readonly string[]
  readonly typeCode: string
}

/**
 * From the wording of published calls-for-service files to our default dictionary; the first row that fits wins.
 * Wording seen in the Portland (NIJ challenge) and St. Louis files; an import's own mapping goes before it.
 */
const CALL_RULES: readonly CallRule[] = [
  { words: ['HOMICIDE'], typeCode: '0101' },
  { words: ['KIDNAP'], typeCode: '0102' },
  { words: ['SHOOTING'], typeCode: '0107' },
  { words: ['SHOTS'], typeCode: '0107' },
  { words: ['STABBING'], typeCode: '0106' },
  { words: ['ASSAULT', 'WEAPON'], typeCode: '0106' },
  { words: ['AGGRAVATED', 'ASSAULT'], typeCode: '0106' },
  { words: ['SEX'], typeCode: '0116' },
  { words: ['RAPE'], typeCode: '0116' },
  { words: ['ROBBERY'], typeCode: '0103' },
  { words: ['PURSE', 'SNATCH'], typeCode: '0104' },
  { words: ['DOMESTIC'], typeCode: '0213' },
  { words: ['ASSAULT'], typeCode: '0105' },
  { words: ['BURGLARY'], typeCode: '0108' },
  { words: ['PROWLER'], typeCode: '0208' },
  { words: ['IDENTITY', 'THEFT'], typeCode: '0113' },
  { words: ['VEHICLE', 'STOLEN'], typeCode: '0109' },
  { words: ['VEHICLE', 'THEFT'], typeCode: '0109' },
  { words: ['VEHICLE', 'RECOVERED'], typeCode: '0903' },
  { words: ['THEFT'], typeCode: '0110' },
  { words: ['LARCENY'], typeCode: '0110' },
  { words: ['STOLEN', 'PROPERTY'], typeCode: '0110' },
  { words: ['FRAUD'], typeCode: '0112' },
  { words: ['FORGERY'], typeCode: '0112' },
  { words: ['EMBEZZLEMENT'], typeCode: '0112' },
  { words: ['ARSON'], typeCode: '0114' },
  { words: ['BOMB'], typeCode: '0214' },
  { words: ['CHEMICAL'], typeCode: '0606' },
  { words: ['GAMBLING'], typeCode: '0205' },
  { words: ['VICE'], typeCode: '0206' },
  { words: ['DRUG'], typeCode: '0115' },
  { words: ['THREAT'], typeCode: '0203' },
  { words: ['VANDALISM'], typeCode: '0204' },
  { words: ['NOISE'], typeCode: '0207' },
  { words: ['PARTY'], typeCode: '0207' },
  { words: ['UNWANTED'], typeCode: '0209' },
  { words: ['SUSPICIOUS'], typeCode: '0208' },
  { words: ['LOITERING'], typeCode: '0208' },
  { words: ['WEAPONS'], typeCode: '0210' },
  { words: ['DISTURBANCE'], typeCode: '0202' },
  { words: ['DISORDERLY'], typeCode: '0202' },
  { words: ['LIQUOR'], typeCode: '0211' },
  { words: ['DETOX'], typeCode: '0509' },
  { words: ['ANIMAL'], typeCode: '0212' },
  { words: ['HIT', 'RUN'], typeCode: '0303' },
  { words: ['ACCIDENT', 'NON', 'INJURY'], typeCode: '0301' },
  { words: ['ACCIDENT', 'INJURY'], typeCode: '0302' },
  { words: ['ACCIDENT'], typeCode: '0301' },
  { words: ['DRIVING', 'INFLUENCE'], typeCode: '0306' },
  { words: ['DWI'], typeCode: '0306' },
  { words: ['PARKING'], typeCode: '0305' },
  { words: ['TRAFFIC'], typeCode: '0304' },
  { words: ['HAZARD'], typeCode: '0304' },
  { words: ['DUMPING'], typeCode: '0801' },
  { words: ['SUICID'], typeCode: '0503' },
  { words: ['DEATH'], typeCode: '0504' },
  { words: ['MISSING'], typeCode: '0501' },
  { words: ['WELFARE'], typeCode: '0505' },
  { words: ['MARINE'], typeCode: '0605' },
  { words: ['FIRE'], typeCode: '0601' },
  { words: ['PROPERTY'], typeCode: '0506' },
  { words: ['CIVIL'], typeCode: '0406' },
  { words: ['ASSIST'], typeCode: '0508' },
  { words: ['ALARM'], typeCode: '0905' },
  { words: ['PREMISE'], typeCode: '0901' },
  { words: ['AREA', 'CHECK'], typeCode: '0902' },
  { words: ['FOLLOW'], typeCode: '0903' },
  { words: ['WARRANT'], typeCode: '0903' },
]

const CALL_CIRCUMSTANCES: readonly { word: string; unless?: string; circumstance: Circumstance }[] = [
  { word: 'WEAPON', circumstance: 'weapon' },
  { word: 'STABBING', circumstance: 'weapon' },
  { word: 'SHOOTING', circumstance: 'firearm' },
  { word: 'FIREARM', circumstance: 'firearm' },
  { word: 'INJURY', unless: 'NON', circumstance: 'injury' },
  { word: 'DEVICE DISCOVERED', circumstance: 'explosive' },
]

/**
 * The type of our default dictionary that a foreign call's wording speaks of, and the circumstances it names.
 * `typeCode` is '0999' (other) where no word is known, and then `known` is false, so that an import can count it.
 */
export function mapCall(description: string): {
  typeCode: string
  circumstances: readonly Circumstance[]
  known: boolean
} {
  const text = description.toUpperCase().replaceAll('_', ' ')
  const rule = CALL_RULES.find(({ words }) => words.every((word) => text.includes(word)))
  const circumstances = CALL_CIRCUMSTANCES.filter(
    ({ word, unless }) => text.includes(word) && !(unless && text.includes(unless)),
  ).map(({ circumstance }) => circumstance)
  return {
    typeCode: rule?.typeCode ?? '0999',
    circumstances: [...new Set(circumstances)],
    known: rule !== undefined,
  }
}
