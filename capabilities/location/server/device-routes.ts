import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, matchVersion, route, type Answer } from '../../../foundation/server/http/route.ts'
import { DATUMS, DEVICE_KINDS, type Carrier, type Device } from '../core/index.ts'
import {
  changeDevice,
  enableDevice,
  handOut,
  registerDevice,
  rotateSecret,
  takeBack,
  type DeviceWithSecret,
} from './devices.ts'
import type { Location } from './room.ts'
import { findDevice, listBindings, listDevices, type Binding } from './store.ts'

const Code = Type.String({ minLength: 1, maxLength: 100, pattern: '^\\S(.*\\S)?$' })
const Name = Type.String({ maxLength: 200 })
const Kind = Type.Union(DEVICE_KINDS.map((kind) => Type.Literal(kind)))
const DatumOf = Type.Union(DATUMS.map((datum) => Type.Literal(datum)))
const Id = Type.String({ minLength: 1, maxLength: 100 })
const CarrierOf = Type.Union([
  Type.Object({ kind: Type.Literal('unit'), unitId: Id }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('officer'), officerId: Id }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('vehicle'), vehicleId: Id }, { additionalProperties: false }),
])
const Moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])

const DeviceOf = Type.Object({
  id: Id,
  number: Type.Integer(),
  code: Type.String(),
  name: Type.String(),
  kind: Kind,
  datum: DatumOf,
  gatewayId: Type.Union([Id, Type.Null()]),
  enabled: Type.Boolean(),
  carrier: Type.Union([CarrierOf, Type.Null()]),
  version: Type.Integer(),
  lastFixedAt: Moment,
  lastReceivedAt: Moment,
})
const DeviceWithBindings = Type.Object({
  ...DeviceOf.properties,
  bindings: Type.Array(Type.Object({ carrier: CarrierOf, sinceAt: Type.String(), untilAt: Moment })),
})
const ById = Type.Object({ id: Id })

/** The secret goes in a header: an answer’s body is kept for its Idempotency-Key, and a secret is kept nowhere. */
const SECRET_HEADER = 'x-device-secret'
const SHOWN_ONCE = `The secret is in the header ${SECRET_HEADER}, this once.`

/** The register of devices: who may send, and for whom. */
export function registerDeviceRoutes(app: FastifyInstance, location: Location): void {
  const { board, needs } = location

  route(app, {
    method: 'GET',
    url: '/api/devices',
    summary: 'All devices, with whom they are and when they were last heard of',
    permission: 'location.read-devices',
    schema: { response: Type.Object({ devices: Type.Array(DeviceOf) }) },
    handle: async () => ({ body: { devices: (await listDevices(app.db)).map(shown) } }),
  })

  route(app, {
    method: 'GET',
    url: '/api/devices/:id',
    summary: 'One device and whom it has been with',
    permission: 'location.read-devices',
    schema: { params: ById, response: DeviceWithBindings },
    async handle(_actor, { params }) {
      const device = await findDevice(app.db, params.id)
      if (!device) return refuse('not-found', { detail: { deviceId: params.id } })
      const bindings = (await listBindings(app.db, device.id)).map(shownBinding)
      return { etag: device.version, body: { ...shown(device), bindings } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/devices',
    summary: `Register a device. ${SHOWN_ONCE}`,
    permission: 'location.manage-devices',
    schema: {
      body: Type.Object(
        {
          code: Code,
          name: Name,
          kind: Kind,
          datum: Type.Optional(DatumOf),
          gatewayId: Type.Optional(Type.Union([Id, Type.Null()])),
        },
        { additionalProperties: false },
      ),
      response: DeviceOf,
    },
    handle: async (tx, actor, { body }) => withSecret(await registerDevice(tx, actor, body), 201),
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/devices/:id',
    summary: 'Change what is said of a device',
    permission: 'location.manage-devices',
    schema: {
      params: ById,
      body: Type.Object(
        {
          code: Type.Optional(Code),
          name: Type.Optional(Name),
          datum: Type.Optional(DatumOf),
          gatewayId: Type.Optional(Type.Union([Id, Type.Null()])),
        },
        { additionalProperties: false },
      ),
      response: DeviceOf,
    },
    handle: async (tx, actor, { params, body, ifMatch }) =>
      answer(
        await changeDevice(tx, actor, params.id, body, (device) => matchVersion(ifMatch, device.version)),
      ),
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/devices/:id/rotate-secret',
    summary: `Give a device a new secret; the old one is void at once. ${SHOWN_ONCE}`,
    permission: 'location.manage-devices',
    schema: { params: ById, response: DeviceOf },
    handle: async (tx, actor, { params, ifMatch }) =>
      withSecret(await rotateSecret(tx, actor, params.id, matching(ifMatch)), 200),
  })

  for (const [verb, enabled] of [
    ['disable', false],
    ['enable', true],
  ] as const) {
    commandRoute(app, {
      method: 'POST',
      url: `/api/devices/:id/${verb}`,
      summary: enabled ? 'Let a device in again' : 'Let a device in no more; whom it is with is over',
      permission: 'location.manage-devices',
      schema: { params: ById, response: DeviceOf },
      handle: async (tx, actor, { params, ifMatch }) =>
        answer(await enableDevice(tx, actor, params.id, enabled, matching(ifMatch))),
    })
  }

  commandRoute(app, {
    method: 'POST',
    url: '/api/devices/:id/bind',
    summary: 'Hand a device to a unit, an officer or a vehicle',
    permission: 'location.bind-devices',
    schema: {
      params: ById,
      body: Type.Object({ carrier: CarrierOf }, { additionalProperties: false }),
      response: DeviceOf,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const carrier = body.carrier as Carrier
      const organisationId = await needs.carrierOrganisation(carrier)
      if (organisationId === null)
        return refuse('invalid-carrier', { field: 'carrier', detail: { ...carrier } })
      if (!actor.mayFor('location.bind-devices', organisationId))
        return refuse('out-of-scope', { field: 'carrier' })
      return answer(await handOut(tx, actor, params.id, carrier, matching(ifMatch)))
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/devices/:id/unbind',
    summary: 'Take a device back',
    permission: 'location.bind-devices',
    schema: { params: ById, response: DeviceOf },
    async handle(tx, actor, { params, ifMatch }) {
      const device = await findDevice(tx, params.id)
      if (device?.carrier && !(await isInScope(actor, device.carrier))) return refuse('out-of-scope')
      return answer(await takeBack(tx, actor, params.id, matching(ifMatch)))
    },
  })

  async function isInScope(actor: ActorContext, carrier: Carrier): Promise<boolean> {
    return actor.mayFor('location.bind-devices', await needs.carrierOrganisation(carrier))
  }

  function shown(device: Device) {
    const last = board.devicePosition(device.number)
    const { id, number, code, name, kind, datum, gatewayId, enabled, carrier, version } = device
    return {
      ...{ id, number, code, name, kind, datum, gatewayId, enabled, carrier, version },
      lastFixedAt: last ? toIso(last.fixedAt) : null,
      lastReceivedAt: last ? toIso(last.receivedAt) : null,
    }
  }

  function answer(outcome: Device | Refusal): Answer | Refusal {
    return isRefusal(outcome) ? outcome : { etag: outcome.version, body: shown(outcome) }
  }

  function withSecret(outcome: DeviceWithSecret | Refusal, status: number): Answer | Refusal {
    if (isRefusal(outcome)) return outcome
    return {
      status,
      etag: outcome.device.version,
      headers: { [SECRET_HEADER]: outcome.secret, 'cache-control': 'no-store' },
      body: shown(outcome.device),
    }
  }
}

/** If-Match is checked where it is sent; to hand a device out or to shut it off at once it need not be. */
const matching = (ifMatch: number | null) => (device: Device) =>
  ifMatch === null ? null : matchVersion(ifMatch, device.version)

function shownBinding({ carrier, sinceAt, untilAt }: Binding) {
  return { carrier, sinceAt: toIso(sinceAt), untilAt: untilAt === null ? null : toIso(untilAt) }
}
