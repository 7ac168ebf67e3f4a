import type { FastifyInstance } from 'fastify'
import type { AccessRule } from '../../foundation/core/access.ts'
import { distanceMetres, type Position } from '../../foundation/core/geo.ts'
import { FOUNDATION_ACCESS } from '../../foundation/server/access.ts'
import type { Database, Db, Tx } from '../../foundation/server/db.ts'
import type { OrganisationTree } from '../../foundation/server/http/context.ts'
import type { Timer } from '../../foundation/server/jobs.ts'
import type { PositionsSource } from '../../foundation/server/live/hub.ts'
import { bindFlow, type BoundRow } from '../../foundation/server/outbox/runner.ts'
import { readSetting } from '../../foundation/server/settings.ts'
import {
  ACCESS as PLACE_ACCESS,
  areaAt,
  DEFAULT_DISTRICT,
  DISTRICT_SETTING,
} from '../../capabilities/place/core/index.ts'
import { findStoredMap, loadRouter } from '../../capabilities/place/server/map.store.ts'
import { namesNear } from '../../capabilities/place/server/near.store.ts'
import { listAreas, listKeyPlaces } from '../../capabilities/place/server/register.store.ts'
import { registerPlaceRoutes } from '../../capabilities/place/server/routes.ts'
import {
  ACCESS as FORCE_ACCESS,
  servingOrganisationOfUnit,
  type OfficerId,
} from '../../capabilities/force/core/index.ts'
import { callDuty, changePost, changeUnitStatus } from '../../capabilities/force/server/commands.ts'
import { listStatusPeriods } from '../../capabilities/force/server/status-period.store.ts'
import { loanTimer } from '../../capabilities/force/server/jobs.ts'
import { listOpenLoans } from '../../capabilities/force/server/loan.store.ts'
import { registerForceRoutes } from '../../capabilities/force/server/routes.ts'
import * as force from '../../capabilities/force/server/store.ts'
import { ACCESS as ROSTER_ACCESS } from '../../capabilities/roster/core/index.ts'
import { listRosterAbsences, listRosterWishes } from '../../capabilities/roster/server/absence.store.ts'
import { rosterLifeTimers } from '../../capabilities/roster/server/life.jobs.ts'
import type { LifeNeeds } from '../../capabilities/roster/server/life.needs.ts'
import { registerAfterPublicationRoutes } from '../../capabilities/roster/server/after-publication.routes.ts'
import { readRosteredNow } from '../../capabilities/roster/server/on-duty.store.ts'
import { readLifeRules } from '../../capabilities/roster/server/published.ts'
import { registerRosterRoutes } from '../../capabilities/roster/server/routes.ts'
import { forgetDutiesTimer } from '../../capabilities/roster/server/duty.retention.ts'
import { openSolving } from '../../capabilities/roster/server/solving.ts'
import { ACCESS as LOCATION_ACCESS, type Carrier } from '../../capabilities/location/core/index.ts'
import { readWindow } from '../../capabilities/location/server/fix.store.ts'
import { openLocation } from '../../capabilities/location/server/location.ts'
import { listCarried } from '../../capabilities/location/server/store.ts'
import { hasLateFixes, readUnitTracks } from '../../capabilities/location/server/unit-tracks.ts'
import { ACCESS as BOARD_ACCESS } from '../../capabilities/board/core/index.ts'
import { chaseTimer, strengthTimer } from '../../capabilities/board/server/jobs.ts'
import { readIsOut } from '../../capabilities/board/server/levels.ts'
import type { BoardNeeds } from '../../capabilities/board/server/needs.ts'
import { registerBoardRoutes } from '../../capabilities/board/server/routes.ts'
import { ACCESS as INCIDENT_ACCESS, sensitiveWords } from '../../capabilities/incident/core/index.ts'
import type { IncidentNeeds } from '../../capabilities/incident/server/commands.ts'
import {
  readBooks,
  readIncidentTypes,
  readResponsePlan,
} from '../../capabilities/incident/server/configuration.ts'
import { lapseCallersTimer } from '../../capabilities/incident/server/jobs.ts'
import {
  hasPastIncidents,
  namePastIncidents,
  readPastIncidents,
  versionOfPast,
} from '../../capabilities/incident/server/past-store.ts'
import { registerIncidentRoutes } from '../../capabilities/incident/server/routes.ts'
import * as incidents from '../../capabilities/incident/server/store.ts'
import { ACCESS as DISPATCH_ACCESS } from '../../capabilities/dispatch/core/index.ts'
import { dispatchTimers } from '../../capabilities/dispatch/server/jobs.ts'
import type { DispatchNeeds } from '../../capabilities/dispatch/server/needs.ts'
import { registerDispatchRoutes } from '../../capabilities/dispatch/server/routes.ts'
import { listOrganisationsAt, readCommitments } from '../../capabilities/dispatch/server/store.ts'
import { ACCESS as ANALYSIS_ACCESS, watchedAreas } from '../../capabilities/analysis/core/index.ts'
import { openDailyAnalysis } from '../../capabilities/analysis/server/jobs.ts'
import type { AnalysisNeeds } from '../../capabilities/analysis/server/needs.ts'
import { lapseResultsTimer } from '../../capabilities/analysis/server/retention.ts'
import { registerResultRoutes } from '../../capabilities/analysis/server/results.routes.ts'
import { openResults, resultPlaces } from '../../capabilities/analysis/server/results.ts'
import { openSharedHistory } from '../../capabilities/analysis/server/shared-history.ts'
import { registerAnalysisRoutes } from '../../capabilities/analysis/server/routes.ts'
import { findSurface, listSurfaceDays } from '../../capabilities/analysis/server/surface.store.ts'
import type { SyncNeeds } from '../../capabilities/patrol/server/sync.needs.ts'
import { registerSyncRoutes } from '../../capabilities/patrol/server/sync.routes.ts'
import { openSync } from '../../capabilities/patrol/server/sync.ts'
import { listPlans } from '../../capabilities/analysis/server/store.ts'
import { ACCESS as PATROL_ACCESS } from '../../capabilities/patrol/core/index.ts'
import { orderTimers } from '../../capabilities/patrol/server/order.jobs.ts'
import type { OrderNeeds } from '../../capabilities/patrol/server/order.needs.ts'
import { registerOrderRoutes } from '../../capabilities/patrol/server/order.routes.ts'
import { ACTIVATION_FLOW } from '../../flows/activation.ts'
import { openOrderResults } from '../../capabilities/patrol/server/result.ts'
import { registerOrderResultRoutes } from '../../capabilities/patrol/server/result.routes.ts'
import { DIRECTED_PATROL_FLOW } from '../../flows/directed-patrol.ts'
import { DUTY_DAY_FLOW } from '../../flows/duty-day.ts'
import { passFixes } from '../../flows/fix.ts'
import { INCIDENT_FLOW } from '../../flows/incident.ts'

export interface House {
  readonly rules: readonly AccessRule[]
  readonly positions: PositionsSource
  organisationTree(): Promise<OrganisationTree>
  register(app: FastifyInstance): void
  flows(): BoundRow[]
  timers(app: FastifyInstance): Timer[]
  close(): Promise<void>
}

export const RULES: readonly AccessRule[] = [
  ...FOUNDATION_ACCESS,
  ...PLACE_ACCESS,
  ...FORCE_ACCESS,
  ...ROSTER_ACCESS,
  ...LOCATION_ACCESS,
  ...BOARD_ACCESS,
  ...INCIDENT_ACCESS,
  ...DISPATCH_ACCESS,
  ...ANALYSIS_ACCESS,
  ...PATROL_ACCESS,
]

/** Puts each capability into its room, in ORDER, and hands it what it needs from the others. Wiring only. */
export async function furnish({ database, now }: { database: Database; now: () => number }): Promise<House> {
  const { db } = database
  const map = await openMap(db)

  const roster: LifeNeeds = {
    timeZone: map.timeZone,
    listOrganisations: force.listOrganisations,
    listOfficers: force.listOfficers,
    listUnits: force.listUnits,
    listLoans: listOpenLoans,
    listPersons: force.listOfficerPersons,
    listAbsences: listRosterAbsences,
    listWishes: (tx, fromDate, untilDate) => listRosterWishes(tx, fromDate, untilDate),
    sensitiveTopics: (text) => [...new Set(sensitiveWords(text).map(({ topic }) => topic))],
  }
  const rosterSolving = openSolving(db, roster, now)

  const location = await openLocation({
    database,
    now,
    flow: passFixes,
    units: async () => {
      const [units, loans] = [await force.listUnits(db), await listOpenLoans(db, now())]
      return units.map((unit) => ({
        ...unit,
        unitId: unit.id,
        organisationId: servingOrganisationOfUnit(unit, loans, now()),
      }))
    },
    guardedPlaces: () => listKeyPlaces(db),
    carrierOrganisation: (carrier) => organisationOfCarrier(db, carrier),
    timeZone: map.timeZone,
  })

  const board: BoardNeeds = {
    readForce: force.readForceBoard,
    listPersons: force.listOfficerPersons,
    lockSubjects: force.lockSubjects,
    changeUnitStatus,
    changePost,
    listCommittedUnits: async (tx) => new Set((await readCommitments(tx)).keys()),
    readRostered: async (tx, at) =>
      readRosteredNow(tx, at, (await readLifeRules(tx)).rollCallBeforeMinutes, map.timeZone()),
    listContacts: async () =>
      new Map(location.board.placedUnits().map(({ unit, position }) => [unit.unitId, position.receivedAt])),
  }

  const incident: IncidentNeeds = {
    timeZone: map.timeZone,
    async findPlace(tx, position) {
      const keyPlace = (await listKeyPlaces(tx)).find(
        (place) => distanceMetres(place, position) <= place.radiusMetres,
      )
      return { organisationId: await stationAt(tx, position), keyPlaceId: keyPlace?.id ?? null }
    },
    organisationOfUnit: async (tx, unitId) =>
      (await force.listServingUnits(tx, now(), [unitId]))[0]?.organisationId ?? null,
    organisationsAt: listOrganisationsAt,
  }

  const positionOf = (unitId: string) => {
    const placed = location.board.placedUnit(unitId)
    return placed ? { position: placed.position, fixedAt: placed.position.fixedAt } : null
  }

  const dispatch: DispatchNeeds = {
    listUnits: force.listServingUnits,
    crewOf,
    positionOf,
    travelToOne: (target: Position, sources: readonly Position[]) =>
      map.router().travelToOne(target, sources),
    findIncident: incidents.findIncident,
    lockIncident: incidents.findForUpdate,
    appendUnitEvents: incidents.appendUnitEvents,
    appendAdvice: incidents.appendAdvice,
    responsePlan: readResponsePlan,
  }

  const analysis: AnalysisNeeds = {
    hasHistory: () => hasPastIncidents(db),
    readHistory: (until) => readPastIncidents(db, until),
    nameIncidents: namePastIncidents,
    listCategoryNames: async () =>
      new Map((await readBooks(db)).types.map(({ code, nameZh, nameEn }) => [code, { nameZh, nameEn }])),
    listWatchedAreas: async () => watchedAreas(await listAreas(db), await listKeyPlaces(db)),
    listOwnAddresses: async () =>
      (await force.listOrganisations(db)).flatMap(({ position }) => (position ? [position] : [])),
    timeZone: map.timeZone,
  }
  const dailyAnalysis = openDailyAnalysis(db, analysis, now)
  const history = openSharedHistory({ ...analysis, historyVersion: (until) => versionOfPast(db, until) })
  const orderResults = openOrderResults({ readHistory: history.read, timeZone: map.timeZone })
  const results = openResults({
    history,
    timeZone: map.timeZone,
    listPlaces: async () => resultPlaces(await listAreas(db), await listKeyPlaces(db)),
  })

  const syncNeeds: SyncNeeds = {
    timeZone: map.timeZone,
    listPlannedDays: (since, until) => listSurfaceDays(db, since, until),
    findRisk: (runId) => findSurface(db, runId),
    listCarried: (fromAt, untilAt) => listCarried(db, fromAt, untilAt),
    readFixes: (fromAt, untilAt, tell) => readWindow(database.pool, fromAt, untilAt, tell),
    gapSeconds: () => location.rules().trackGapSeconds,
    listStatusPeriods: (fromAt, untilAt) => listStatusPeriods(db, fromAt, untilAt),
    namesNear: (positions) => namesNear(db, positions),
  }
  const sync = openSync(db, syncNeeds)
  const patrol: OrderNeeds = {
    timeZone: map.timeZone,
    districtBounds: async (tx) => (await findStoredMap(tx))?.bounds ?? null,
    organisationAt: stationAt,
    nameNear: async (tx, position) => (await namesNear(tx, [position]))[0] ?? null,
    listUnits: async (tx, at, ids) => (ids.length === 0 ? [] : force.listServingUnits(tx, at, ids)),
    crewOf,
    unitOfOfficer: async (tx, officerId) =>
      (await force.listUnitsOfOfficers(tx, [officerId])).get(officerId as OfficerId) ?? null,
    positionOf,
    async findStop(tx, { runId, shift, rank }) {
      const stop = (await listPlans(tx, runId))[shift]?.stops.find((one) => one.rank === rank)
      return stop ? { expected: stop.expected, low: stop.low, high: stop.high } : null
    },
    readUnitTracks: (fromAt, untilAt) => readUnitTracks(database, fromAt, untilAt),
    hasLateFixes: (fromAt, untilAt, receivedAfter) => hasLateFixes(database, fromAt, untilAt, receivedAfter),
  }

  return {
    rules: RULES,
    positions: location.positions,
    organisationTree: remembered(() => force.readOrganisationTree(db), 2_000, now),
    register(app) {
      registerPlaceRoutes(app, {
        organisationExists: async (tx, id) => (await force.findOrganisation(tx, id)) !== null,
      })
      registerForceRoutes(app, {
        commitmentOf: async (tx, unitId) => {
          const commitment = (await readCommitments(tx)).get(unitId)
          return commitment ? { ...commitment } : null
        },
        isOut: readIsOut,
      })
      registerRosterRoutes(app, roster, rosterSolving)
      registerAfterPublicationRoutes(app, roster, rosterSolving)
      location.register(app)
      registerBoardRoutes(app, board)
      registerIncidentRoutes(app, incident)
      registerDispatchRoutes(app, dispatch)
      registerAnalysisRoutes(app, analysis)
      registerSyncRoutes(app, syncNeeds, sync)
      registerOrderRoutes(app, patrol)
      registerOrderResultRoutes(app, orderResults)
      registerResultRoutes(app, results, {
        timeZone: map.timeZone,
        districtName: async (language) => {
          const { value } = await readSetting(db, DISTRICT_SETTING, DEFAULT_DISTRICT)
          return language === 'en' ? value.nameEn : value.nameZh
        },
        categoryNames: async (language) =>
          new Map(
            (await readIncidentTypes(db)).map(({ code, nameZh, nameEn }) => [
              code,
              language === 'en' ? nameEn : nameZh,
            ]),
          ),
      })
    },
    flows: () => [
      ...bindFlow(ACTIVATION_FLOW, { needs: board, now }),
      ...bindFlow(INCIDENT_FLOW, {
        now,
        incident,
        dispatch,
        unitStatus: async (tx, unitId) => (await force.findUnit(tx, unitId))?.status ?? null,
        setUnitStatus: (tx, actor, unitId, status, cause) =>
          changeUnitStatus(tx, actor, { unitId: unitId as never, status, source: 'system', cause }),
      }),
      ...bindFlow(DIRECTED_PATROL_FLOW, { now, patrol }),
      ...bindFlow(DUTY_DAY_FLOW, { now, roster, callDuty }),
    ],
    timers: (app) => [
      map.timer,
      loanTimer(db),
      rosterSolving.timer,
      forgetDutiesTimer(db, roster),
      ...rosterLifeTimers(db, roster),
      ...location.timers(app),
      chaseTimer(db, board),
      strengthTimer(db, board),
      lapseCallersTimer(db),
      ...dispatchTimers(db, dispatch),
      dailyAnalysis.timer,
      lapseResultsTimer(db, analysis),
      sync.timer,
      ...orderTimers(db, patrol),
    ],
    async close() {
      await rosterSolving.close()
      dailyAnalysis.close()
      sync.close()
      results.close()
      orderResults.close()
      await location.close()
    },
  }
}

/** The road network and the district's settings, in memory; looked at again in case the command line has imported others. */
async function openMap(db: Db) {
  let router = await loadRouter(db)
  let importedAt = (await findStoredMap(db))?.importedAt
  let district = (await readSetting(db, DISTRICT_SETTING, DEFAULT_DISTRICT)).value
  const timer: Timer = {
    name: 'map and district',
    everySeconds: 10,
    async run() {
      district = (await readSetting(db, DISTRICT_SETTING, DEFAULT_DISTRICT)).value
      const latest = (await findStoredMap(db))?.importedAt
      if (latest === importedAt) return
      router = await loadRouter(db)
      importedAt = latest
    },
  }
  return { router: () => router, timeZone: () => district.timeZone, timer }
}

/** The station in whose area a place lies. */
async function stationAt(db: Db | Tx, position: Position): Promise<string | null> {
  return areaAt(await listAreas(db), 'station', position)?.organisationId ?? null
}

/** The officers in a unit now. */
async function crewOf(db: Db | Tx, unitId: string): Promise<readonly string[]> {
  return (await force.findUnit(db, unitId))?.memberOfficerIds ?? []
}

async function organisationOfCarrier(db: Db | Tx, carrier: Carrier): Promise<string | null> {
  const { kind } = carrier
  if (kind === 'unit') return (await force.findUnit(db, carrier.unitId))?.organisationId ?? null
  if (kind === 'officer') return (await force.findOfficer(db, carrier.officerId))?.organisationId ?? null
  return (await force.findVehicle(db, carrier.vehicleId))?.organisationId ?? null
}

/** Reads at most once in so many milliseconds; the guard asks for the tree at every request. */
function remembered<T>(read: () => Promise<T>, milliseconds: number, now: () => number): () => Promise<T> {
  let kept: Promise<T> | null = null
  let keptAt = 0
  return () => {
    if (kept && now() - keptAt < milliseconds && now() >= keptAt) return kept
    keptAt = now()
    kept = read()
    kept.catch(() => (kept = null))
    return kept
  }
}
