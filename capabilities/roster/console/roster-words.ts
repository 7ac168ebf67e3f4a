import { useQuery } from '@tanstack/react-query'
import { useMemo, type CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { getDayNumber, weekdayOfDay } from '../../../foundation/core/day.ts'
import { rememberedStore } from '../../../foundation/ui/store/remembered.ts'
import { useStore } from '../../../foundation/ui/store/store.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import {
  forceBoardQuery,
  officerNamesQuery,
  useOrganisationName,
  useSkillNames,
} from '../../force/console/index.tsx'
import { optionKey, type DutyOption, type RosterBreach, type RosterGround } from '../core/index.ts'
import { openLooks, type CellLook, type Looks } from './grid/looks.ts'

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'

/** Whether this workstation shows names on rosters. Each reading of names is in the audit log. */
export const namesChoice = rememberedStore<boolean>('xunfang.roster.names', false, isBoolean)

/** What an officer is called here: badge number, and the name where it was asked for. */
export function useOfficerWords(): (id: string) => { readonly badge: string; readonly name: string | null } {
  const may = useMay()
  const asked = useStore(namesChoice)
  const board = useQuery({ ...forceBoardQuery, enabled: may('force.read') }).data
  const names = useQuery({ ...officerNamesQuery, enabled: asked && may('force.read-persons') }).data
  return useMemo(() => {
    const badges = new Map((board?.officers ?? []).map(({ id, badgeNumber }) => [id, badgeNumber]))
    const nameOf = new Map((names?.officers ?? []).map(({ id, name }) => [id, name]))
    return (id) => ({ badge: badges.get(id) ?? id.slice(0, 8), name: (asked && nameOf.get(id)) || null })
  }, [board, names, asked])
}

/** `20:00` of minutes since midnight; what is past midnight is told as of the next day. */
export function clockOf(minute: number): string {
  const within = ((minute % 1440) + 1440) % 1440
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`
}

export interface CellMark {
  readonly main: string
  readonly side: string
}

export interface CellPicture extends CellMark {
  readonly look: CellLook
  readonly label: string
  readonly style: CSSProperties | undefined
}

export interface RosterWords {
  readonly looks: Looks
  readonly language: string
  of(named: { readonly nameZh: string; readonly nameEn: string } | null | undefined): string
  /** «李强 (010023)» or the badge number alone. */
  officer(id: string): string
  organisation(id: string | null): string
  date(date: string): string
  /** The one or two characters of a cell, large and small. */
  mark(look: CellLook): CellMark
  /** All that a cell says and how it is drawn; made once for each option. */
  cell(key: string): CellPicture
  option(key: string): string
  hours(look: CellLook): string
  post(id: string | number | undefined): string
  shift(organisationId: string | null, code: string | number | undefined): string
  breach(breach: RosterBreach): string
  /** What the rule asks for there. */
  demand(breach: RosterBreach): string
}

const pad = (value: number): string => String(value).padStart(2, '0')
const hoursOf = (minutes: unknown): string => {
  const whole = Math.round(Number(minutes))
  return whole % 60 === 0 ? String(whole / 60) : `${Math.floor(whole / 60)}:${pad(whole % 60)}`
}

function kept<Value>(made: Map<string, Value>, key: string, make: (key: string) => Value): Value {
  const known = made.get(key)
  if (known !== undefined) return known
  const value = make(key)
  made.set(key, value)
  return value
}

/** All words of a roster's cells and rules in the language of the screen. */
export function useRosterWords(ground: Pick<RosterGround, 'patterns' | 'schemes' | 'posts'>): RosterWords {
  const { t, i18n } = useTranslation('roster')
  const organisationName = useOrganisationName()
  const skillNames = useSkillNames()
  const officerWords = useOfficerWords()
  const format = useFormat()
  const { language } = i18n
  return useMemo(() => {
    const looks = openLooks(ground)
    const isEnglish = language === 'en'
    const of: RosterWords['of'] = (named) => (named ? (isEnglish ? named.nameEn : named.nameZh) : '—')
    const posts = new Map<string, RosterGround['posts'][number]>(ground.posts.map((post) => [post.id, post]))
    const patternOf = (organisationId: string | null) => {
      const scheme = ground.schemes.find((each) => each.organisationId === organisationId)
      return ground.patterns.find(({ code }) => code === scheme?.patternCode)
    }
    const pictures = new Map<string, CellPicture>()
    const picture = (key: string): CellPicture => {
      const look = looks.of(key)
      return {
        look,
        ...(look.tone === 'off' ? { main: '', side: '' } : words.mark(look)),
        label: words.option(key),
        style: look.bar
          ? ({ '--from': `${look.bar.from}%`, '--until': `${look.bar.until}%` } as CSSProperties)
          : undefined,
      }
    }
    const dates = new Map<string, string>()
    const dateWords = (date: string) =>
      t('date', {
        month: Number(date.slice(5, 7)),
        day: Number(date.slice(8)),
        weekday: t(`weekday.${weekdayOfDay(getDayNumber(date))}`),
      })
    const words: RosterWords = {
      looks,
      language,
      of,
      officer(id) {
        const { badge, name } = officerWords(id)
        return name === null ? badge : `${name} ${badge}`
      },
      organisation: organisationName,
      date: (date) => kept(dates, date, dateWords),
      cell: (key) => kept(pictures, key, picture),
      mark(look) {
        if (look.role === null) return { main: t(`mark.${look.tone}`), side: '' }
        return {
          main: isEnglish ? look.role.en : look.role.zh,
          side: t(`mark.${look.tone}`),
        }
      },
      hours: ({ shift }) =>
        shift ? `${clockOf(shift.startMinute)}–${clockOf(shift.startMinute + shift.lengthMinutes)}` : '',
      option(key) {
        const look = looks.of(key)
        if (look.shift === null) return t(`option.${look.tone}`)
        const place = look.drawName
          ? isEnglish
            ? look.drawName.en
            : look.drawName.zh
          : look.post
            ? of(look.post)
            : t(`option.${look.tone}`)
        const shift = of(look.shift)
        // Many shifts have their hours in their names.
        return t(/\d/.test(shift) ? 'option.duty' : 'option.duty-hours', {
          place,
          shift,
          hours: words.hours(look),
        })
      },
      post: (id) => of(posts.get(String(id ?? ''))),
      shift: (organisationId, code) =>
        of(patternOf(organisationId)?.shifts.find((shift) => shift.code === code)),
      breach(breach) {
        const { rule, detail } = breach
        const form =
          rule === 'R13' && 'overlapMinutes' in detail
            ? 'R13-overlap'
            : rule === 'R01' && detail['cell'] === 'off'
              ? 'R01-off'
              : rule
        return t(`breach.${form}`, valuesOf(breach))
      },
      demand: (breach) => t(`demand.${breach.rule}`, valuesOf(breach)),
    }
    const valuesOf = ({ organisationId, detail }: RosterBreach) => {
      const pattern = patternOf(organisationId)
      return {
        officers: detail['officers'],
        minimum: detail['minimum'],
        maximum: detail['maximum'],
        able: detail['able'],
        wanted: detail['wanted'],
        days: detail['days'],
        limit: detail['limit'],
        onStreet: detail['onStreet'],
        onDuty: detail['onDuty'],
        overlap: hoursOf(detail['overlapMinutes']),
        rest: hoursOf(detail['restMinutes']),
        restMinimum: hoursOf(detail['minimumMinutes']),
        hours: hoursOf(detail['minutes']),
        hoursLimit: hoursOf(detail['limitMinutes']),
        share: format.percent(Number(detail['share'])),
        clock: clockOf(Number(detail['minute'] ?? 0)),
        post: words.post(detail['postId']),
        kind: detail['post'] === undefined ? '' : t(`kind.${detail['post']}`),
        shift: detail['shift'] === undefined ? '' : words.shift(organisationId, detail['shift']),
        skill:
          detail['skill'] === 'sworn' || detail['skill'] === 'anybody'
            ? t(`skill.${detail['skill']}`)
            : skillNames([String(detail['skill'] ?? '')]),
        draw: of(pattern?.draws.find(({ code }) => code === detail['draw'])),
        platoon: of(pattern?.platoons[Number(detail['platoon'])]),
        role: of(pattern?.roles.find(({ code }) => code === detail['role'])),
        cell: detail['cell'] === undefined ? '' : words.option(String(detail['cell'])),
        absence: detail['absence'] === undefined ? '' : t(`absence.${detail['absence']}`),
        from: detail['fromDate'] === undefined ? '' : words.date(String(detail['fromDate'])),
        until: detail['untilDate'] === undefined ? '' : words.date(String(detail['untilDate'])),
      }
    }
    return words
    // skillNames is another function each time, and follows the language.
  }, [ground, language, organisationName, officerWords, format, t])
}

/** The key of an option, off where there is none. */
export const keyOf = (option: DutyOption | undefined): string => (option ? optionKey(option) : 'off')
