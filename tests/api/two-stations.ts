import { openHouse, type Caller, type TestHouse } from '../house.ts'
import type { Role } from '../../foundation/core/access.ts'

/** One station's part of the district: people, a car, a unit on patrol, a site, an incident, a device. */
export interface StationScene {
  readonly organisationId: string
  readonly officers: readonly string[]
  readonly vehicleId: string
  /** In no unit. */
  readonly spareVehicleId: string
  readonly unitId: string
  /** A second crew of the station, with an officer of its own. */
  readonly otherUnitId: string
  readonly siteId: string
  readonly deviceId: string
  readonly spareDeviceId: string
  readonly position: { readonly lon: number; readonly lat: number }
}

export interface TwoStations {
  readonly house: TestHouse
  readonly bureauId: string
  readonly east: StationScene
  readonly west: StationScene
  /** Holds everything everywhere. */
  readonly all: Caller
  at(station: StationScene, ...roles: Role[]): Promise<Caller>
  /** An account of an officer of the station. */
  officerAt(station: StationScene, officerId: string, role?: Role): Promise<Caller>
  /** A fresh incident in a station's area. */
  incidentAt(station: StationScene, changes?: object): Promise<string>
  /** Sends a unit of the station to a fresh incident there; gives both. */
  assignmentAt(station: StationScene, unitId?: string): Promise<{ id: string; incidentId: string }>
  close(): Promise<void>
}

const SQUARE = { lon: 121.5, lat: 31.2 }

/** A bureau with two stations side by side, through the public API. */
export async function openTwoStations(options: Parameters<typeof openHouse>[0] = {}): Promise<TwoStations> {
  const house = await openHouse(options)
  const all = await house.as('duty-commander', 'dispatcher', 'station-chief', 'system-admin')
  const made = async (method: string, path: string, body: object, headers = {}): Promise<string> => {
    const reply = await all.send<{ id: string }>(method, path, body, headers)
    if (reply.status >= 300)
      throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
    return reply.body.id
  }
  const organisation = (code: string, kind: string, parentId: string | null) =>
    made('POST', '/api/organisations', { code, kind, parentId, nameZh: code, nameEn: code })
  const bureauId = await organisation('bureau', 'sub-bureau', null)

  async function station(code: string, west: number): Promise<StationScene> {
    const organisationId = await organisation(code, 'station', bureauId)
    const position = { lon: west + 0.005, lat: SQUARE.lat }
    const ring = [
      [west, SQUARE.lat - 0.01],
      [west + 0.01, SQUARE.lat - 0.01],
      [west + 0.01, SQUARE.lat + 0.01],
      [west, SQUARE.lat + 0.01],
    ]
    await made('POST', '/api/areas', { kind: 'station', name: code, organisationId, ring })
    const officers: string[] = []
    for (const n of [1, 2, 3, 4])
      officers.push(
        await made('POST', '/api/officers', {
          ...{ organisationId, badgeNumber: `${code}${n}`, sworn: true, patrolCapable: true },
          ...{ name: `警员${code}${n}`, phone: `1380000${code}${n}` },
        }),
      )
    await made('POST', '/api/roll-calls', { duty: 'on', officerIds: officers })
    const vehicle = (plate: string) => made('POST', '/api/vehicles', { organisationId, plate, kind: 'car' })
    const vehicleId = await vehicle(`${code}-1`)
    const unit = async (callSign: string, officerId: string, more: object = {}) => {
      const id = await made('POST', '/api/units', {
        ...{
          organisationId,
          callSign,
          kind: 'car',
          leaderOfficerId: officerId,
          memberOfficerIds: [officerId],
        },
        ...more,
      })
      for (const status of ['briefing', 'patrolling'])
        await made('POST', `/api/units/${id}/status`, { status })
      return id
    }
    const unitId = await unit(`${code}-a`, officers[0]!, { vehicleId })
    const device = (name: string) =>
      made('POST', '/api/devices', { code: `${code}-${name}`, name, kind: 'phone' })
    const deviceId = await device('bound')
    await made('POST', `/api/devices/${deviceId}/bind`, { carrier: { kind: 'unit', unitId } })
    return {
      organisationId,
      officers,
      vehicleId,
      spareVehicleId: await vehicle(`${code}-2`),
      unitId,
      otherUnitId: await unit(`${code}-b`, officers[1]!),
      siteId: await made('POST', '/api/sites', siteOf(organisationId, position, code)),
      deviceId,
      spareDeviceId: await device('spare'),
      position,
    }
  }

  const [east, west] = [await station('e', SQUARE.lon), await station('w', SQUARE.lon - 0.02)]
  const types = await all.get<{ types: { code: string }[] }>('/api/incident-types')
  const typeCode = types.body.types[0]!.code

  async function incidentAt({ position }: StationScene, changes: object = {}): Promise<string> {
    const reply = await all.send<{ incident: { id: string } }>('POST', '/api/reports', {
      ...{ origin: 'citizen', typeCode, summary: '有人打架', address: '站前路 1 号', position },
      ...changes,
    })
    if (reply.status >= 300) throw new Error(JSON.stringify(reply.body))
    // Graded by now, so that its version stays as it is read.
    await house.server.flows.settled()
    return reply.body.incident.id
  }

  const scene: TwoStations = {
    ...{ house, bureauId, east, west, all, incidentAt },
    at: ({ organisationId }, ...roles) => house.as(...roles.map((role) => ({ role, organisationId }))),
    async officerAt({ organisationId }, officerId, role = 'officer') {
      const caller = await house.as({ role, organisationId })
      await house.database.db
        .updateTable('account')
        .set({ officer_id: officerId })
        .where('id', '=', caller.accountId)
        .execute()
      return caller
    },
    async assignmentAt(station, unitId = station.unitId) {
      const incidentId = await incidentAt(station)
      const { body } = await all.send<{ assignments: { id: string }[] }>(
        'POST',
        `/api/incidents/${incidentId}/dispatch`,
        { unitIds: [unitId], reason: '就近' },
      )
      return { id: body.assignments[0]!.id, incidentId }
    },
    close: () => house.close(),
  }
  return scene
}

export function siteOf(organisationId: string | null, position: { lon: number; lat: number }, name: string) {
  return {
    ...{
      name: `${name}招待所`,
      class: 'venue',
      trade: 'hotel',
      organisationId,
      address: '站前路 2 号',
      ...position,
    },
    ...{ contactName: '店主', contactPhone: '13900000000' },
  }
}
