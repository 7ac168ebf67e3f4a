import type { FastifyInstance } from 'fastify'
import { Type, type TSchema } from 'typebox'
import { findDayNumber } from '../../../foundation/core/day.ts'
import { toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import {
  checkRoster,
  fairnessOf,
  listOptions,
  MOST_ROSTER_DAYS,
  openGround,
  optionKey,
  ROSTER_STATES,
  type DutyOption,
} from '../core/index.ts'
import { loadGround, readHolidays, type LoadedGround } from './ground.store.ts'
import { makeDraft } from './making.ts'
import type { RosterNeeds } from './needs.ts'
import { listRosterEvents, listRosters, type KeptRoster } from './roster.store.ts'
import {
  AnyObject,
  BreachShown,
  closed,
  Day,
  Id,
  IdParams,
  Nullable,
  OfficerShown,
  oneOf,
  OptionShown,
  OriginShown,
  PostShown,
  RosterHead,
  shownHead,
} from './schemas.ts'
import { maySee, seeRoster, statesSeen } from './seeing.ts'

const RosterShown = Type.Object({
  roster: RosterHead,
  options: Type.Array(OptionShown),
  officers: Type.Array(OfficerShown),
  cells: Type.Array(Type.Array(Type.Integer()), {
    description: 'Rows as officers, columns as days; each a place in options',
  }),
  origins: Type.Array(Type.Object({ officer: Type.Integer(), day: Type.Integer(), origin: OriginShown }), {
    description: 'Of cells that no solver made',
  }),
  waivers: Type.Array(Type.Object({ officerId: Id, date: Type.String() })),
  posts: Type.Array(PostShown),
  holidays: Type.Array(Type.Object({ date: Type.String(), nameZh: Type.String(), nameEn: Type.String() })),
  version: Type.Integer(),
})

const perKind = <T extends TSchema>(of: T) =>
  Type.Object({ draws: of, nights: of, weekends: of, holidays: of })
const Counts = perKind(Type.Integer())
const FairnessShown = Type.Object({
  officers: Type.Array(Type.Object({ officerId: Id, organisationId: Id, own: Counts, total: Counts })),
  spread: perKind(
    Type.Object({ mean: Type.Number(), least: Type.Integer(), most: Type.Integer(), gini: Type.Number() }),
  ),
})

/** Rosters: all of them, a new one, one whole, what it breaks and what became of it. */
export function registerRosterReadRoutes(app: FastifyInstance, needs: RosterNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/rosters',
    summary: 'Rosters, the latest first; drafts for those who may read them',
    permission: 'roster.read',
    schema: {
      querystring: Type.Object({ state: Type.Optional(oneOf(ROSTER_STATES)) }),
      response: Type.Object({ rosters: Type.Array(RosterHead) }),
    },
    async handle(actor, { query }) {
      const seen = statesSeen(actor).filter((state) => query.state === undefined || state === query.state)
      const rosters = seen.length === 0 ? [] : await listRosters(app.db, seen)
      return { body: { rosters: rosters.filter((roster) => maySee(actor, roster)).map(shownHead) } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/rosters',
    summary: 'Begins a draft for all stations: empty but for approved absences, or as another roster is',
    permission: 'roster.make',
    schema: {
      body: Type.Object(
        {
          fromDate: Day,
          days: Type.Integer({ minimum: 1, maximum: MOST_ROSTER_DAYS }),
          title: Type.Optional(Type.String({ maxLength: 100 })),
          basedOnId: Type.Optional(Nullable(Id)),
        },
        closed,
      ),
      response: RosterHead,
    },
    async handle(tx, actor, { body }) {
      if (findDayNumber(body.fromDate) === null) return refuse('invalid-date', { field: 'fromDate' })
      const roster = await makeDraft(tx, actor, needs, {
        fromDate: body.fromDate,
        days: body.days,
        title: body.title ?? '',
        basedOnId: body.basedOnId ?? null,
      })
      if (isRefusal(roster)) return roster
      return { status: 201, etag: roster.version, body: shownHead(roster) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rosters/:id',
    summary: 'A roster whole: officers by station and platoon, what each day may be and what it is; no names',
    permission: 'roster.read',
    schema: { params: IdParams, response: RosterShown },
    async handle(actor, { params }) {
      const roster = await seeRoster(app.db, actor, params.id)
      if (isRefusal(roster)) return roster
      const { fromDate, days } = roster
      const loaded = await loadGround(app.db, needs, { fromDate, days, roster })
      const dates = new Set(loaded.ground.holidays)
      const holidays = (await readHolidays(app.db)).filter(({ date }) => dates.has(date))
      return { etag: roster.version, body: { ...shownRoster(roster, loaded), holidays } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rosters/:id/breaches',
    summary: 'Every hard rule that a roster breaks: which, where, for whom, with the numbers',
    permission: 'roster.read',
    schema: {
      params: IdParams,
      response: Type.Object({ breaches: Type.Array(BreachShown), version: Type.Integer() }),
    },
    async handle(actor, { params }) {
      const roster = await seeRoster(app.db, actor, params.id)
      if (isRefusal(roster)) return roster
      const { fromDate, days, version } = roster
      const { ground, grid } = await loadGround(app.db, needs, { fromDate, days, roster })
      return { etag: version, body: { breaches: checkRoster(ground, grid), version } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rosters/:id/fairness',
    summary:
      'Patrol draws, nights, weekends and holidays of each officer, with those carried over, and their spread',
    permission: 'roster.read',
    schema: { params: IdParams, response: FairnessShown },
    async handle(actor, { params }) {
      const roster = await seeRoster(app.db, actor, params.id)
      if (isRefusal(roster)) return roster
      const { fromDate, days, version } = roster
      const { ground, grid } = await loadGround(app.db, needs, { fromDate, days, roster })
      return { etag: version, body: fairnessOf(openGround(ground), grid) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rosters/:id/timeline',
    summary: 'Who made, changed, solved, published a roster when',
    permission: 'roster.read',
    personal: { subjectKind: 'roster', subjectId: ({ params }) => params.id, againAfterSeconds: 600 },
    schema: {
      params: IdParams,
      response: Type.Object({
        timeline: Type.Array(
          Type.Object({
            sequence: Type.Integer(),
            at: Type.String(),
            accountName: Type.String(),
            type: Type.String(),
            data: AnyObject,
          }),
        ),
      }),
    },
    async handle(actor, { params }) {
      const roster = await seeRoster(app.db, actor, params.id)
      if (isRefusal(roster)) return roster
      const events = await listRosterEvents(app.db, params.id)
      return { body: { timeline: events.map((event) => ({ ...event, at: toIso(event.at) })) } }
    },
  })
}

/** Options are those that the ground knows, and whatever else stands in a cell. */
function shownRoster(roster: KeptRoster, { ground, grid, duties }: LoadedGround) {
  const open = openGround(ground)
  const options: DutyOption[] = [...listOptions(open)]
  const placeOf = new Map(options.map((option, place) => [optionKey(option), place]))
  const cells = grid.map((row) =>
    row.map((option) => {
      const key = optionKey(option)
      const known = placeOf.get(key)
      if (known !== undefined) return known
      placeOf.set(key, options.length)
      return options.push(option) - 1
    }),
  )
  const dayOf = new Map(open.dates.map((date, day) => [date, day]))
  return {
    roster: shownHead(roster),
    options: options.map((option) => {
      const key = optionKey(option)
      return option.kind === 'duty'
        ? { ...option, key }
        : { key, kind: option.kind, organisationId: null, shift: null, postId: null, draw: null }
    }),
    officers: ground.officers.map(({ carried: _, before: __, ...officer }, index) => ({
      ...officer,
      roles: open.dates.map((___, day) => open.role(index, day)?.code ?? null),
    })),
    cells,
    origins: duties.flatMap(({ officerId, date, origin }) => {
      const [officer, day] = [open.officerIndex.get(officerId), dayOf.get(date)]
      return origin === 'solver' || officer === undefined || day === undefined
        ? []
        : [{ officer, day, origin }]
    }),
    waivers: ground.waivers,
    posts: ground.posts,
    version: roster.version,
  }
}
