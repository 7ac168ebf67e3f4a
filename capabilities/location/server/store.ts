import { sql, type ColumnType, type GeneratedAlways } from 'kysely'
import type { Timestamp } from '../../../foundation/server/tables.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { CarriedPeriod, Carrier, Datum, Device, DeviceId, DeviceKind, Speaker } from '../core/index.ts'
import type { RegisteredDevice } from './registry.ts'

/** Devices and whom they go with. The SQL of fixes, key places and counts is in fix.store.ts, key-place.store.ts and count.store.ts. */

type MaybeTimestamp = ColumnType<number | null, Date | null, Date | null>

export type LocationTables = {
  device: {
    id: string
    number: GeneratedAlways<number>
    code: string
    name: string
    kind: DeviceKind
    datum: Datum
    gateway_id: string | null
    secret_hash: Buffer
    secret_set_at: Timestamp
    enabled: boolean
    created_at: Timestamp
    version: number
  }
  device_binding: {
    id: string
    device_id: string
    unit_id: string | null
    officer_id: string | null
    vehicle_id: string | null
    since_at: Timestamp
    until_at: MaybeTimestamp
  }
  device_speaker: {
    device_number: number
    unit_id: string
    rank: number
    since_at: Timestamp
    until_at: MaybeTimestamp
  }
}

const tables = (db: Db | Tx) => db.withTables<LocationTables>()

function devices(db: Db | Tx) {
  return tables(db)
    .selectFrom('device')
    .leftJoin('device_binding as bound', (join) =>
      join.onRef('bound.device_id', '=', 'device.id').on('bound.until_at', 'is', null),
    )
    .select([
      'device.id',
      'device.number',
      'device.code',
      'device.name',
      'device.kind',
      'device.datum',
      'device.gateway_id',
      'device.secret_hash',
      'device.enabled',
      'device.version',
      'bound.unit_id',
      'bound.officer_id',
      'bound.vehicle_id',
    ])
    .orderBy('device.number')
}

type DeviceRow = Awaited<ReturnType<ReturnType<typeof devices>['execute']>>[number]

function deviceOf(row: DeviceRow): RegisteredDevice {
  return {
    id: row.id as DeviceId,
    number: row.number,
    code: row.code,
    name: row.name,
    kind: row.kind,
    datum: row.datum,
    gatewayId: row.gateway_id as DeviceId | null,
    enabled: row.enabled,
    carrier: carrierOf(row),
    version: row.version,
    secretHash: row.secret_hash,
  }
}

function carrierOf(row: {
  unit_id: string | null
  officer_id: string | null
  vehicle_id: string | null
}): Carrier | null {
  if (row.unit_id !== null) return { kind: 'unit', unitId: row.unit_id } as Carrier
  if (row.officer_id !== null) return { kind: 'officer', officerId: row.officer_id } as Carrier
  if (row.vehicle_id !== null) return { kind: 'vehicle', vehicleId: row.vehicle_id } as Carrier
  return null
}

export async function listDevices(db: Db | Tx): Promise<RegisteredDevice[]> {
  return (await devices(db).execute()).map(deviceOf)
}

export async function findDevice(db: Db | Tx, id: string): Promise<RegisteredDevice | undefined> {
  const row = await devices(db).where('device.id', '=', id).executeTakeFirst()
  return row && deviceOf(row)
}

/** The device, held for this transaction so that two commands do not pass each other. */
export async function holdDevice(tx: Tx, id: string): Promise<RegisteredDevice | undefined> {
  const held = await tables(tx)
    .selectFrom('device')
    .select('id')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return held && findDevice(tx, id)
}

export async function isCodeTaken(db: Db | Tx, code: string, butBy?: string): Promise<boolean> {
  const row = await tables(db)
    .selectFrom('device')
    .select('id')
    .where('code', '=', code)
    .where('id', '!=', butBy ?? '')
    .executeTakeFirst()
  return row !== undefined
}

export async function insertDevice(
  tx: Tx,
  device: Pick<Device, 'id' | 'code' | 'name' | 'kind' | 'datum' | 'gatewayId'>,
  secretHash: Buffer,
  now: number,
): Promise<RegisteredDevice> {
  await tables(tx)
    .insertInto('device')
    .values({
      id: device.id,
      code: device.code,
      name: device.name,
      kind: device.kind,
      datum: device.datum,
      gateway_id: device.gatewayId,
      secret_hash: secretHash,
      secret_set_at: toTimestamp(now),
      enabled: true,
      created_at: toTimestamp(now),
      version: 1,
    })
    .execute()
  return (await findDevice(tx, device.id))!
}

/** Writes what has changed of a device and gives it a new version. */
export async function updateDevice(
  tx: Tx,
  id: string,
  change: {
    code?: string
    name?: string
    datum?: Datum
    gatewayId?: string | null
    enabled?: boolean
    secret?: { hash: Buffer; setAt: number }
  },
): Promise<RegisteredDevice> {
  await tables(tx)
    .updateTable('device')
    .set({
      ...(change.code === undefined ? {} : { code: change.code }),
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.datum === undefined ? {} : { datum: change.datum }),
      ...(change.gatewayId === undefined ? {} : { gateway_id: change.gatewayId }),
      ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
      ...(change.secret
        ? { secret_hash: change.secret.hash, secret_set_at: toTimestamp(change.secret.setAt) }
        : {}),
      version: sql<number>`version + 1`,
    })
    .where('id', '=', id)
    .execute()
  return (await findDevice(tx, id))!
}

export async function bind(
  tx: Tx,
  deviceId: string,
  carrier: Carrier,
  id: string,
  now: number,
): Promise<void> {
  await tables(tx)
    .insertInto('device_binding')
    .values({
      id,
      device_id: deviceId,
      unit_id: carrier.kind === 'unit' ? carrier.unitId : null,
      officer_id: carrier.kind === 'officer' ? carrier.officerId : null,
      vehicle_id: carrier.kind === 'vehicle' ? carrier.vehicleId : null,
      since_at: toTimestamp(now),
      until_at: null,
    })
    .execute()
}

export async function unbind(tx: Tx, deviceId: string, now: number): Promise<void> {
  await tables(tx)
    .updateTable('device_binding')
    .set({ until_at: sql`greatest(since_at, ${toTimestamp(now)})` as never })
    .where('device_id', '=', deviceId)
    .where('until_at', 'is', null)
    .execute()
}

export interface Binding {
  readonly carrier: Carrier
  readonly sinceAt: number
  readonly untilAt: number | null
}

/** Whom the device has gone with, newest first. */
export async function listBindings(db: Db | Tx, deviceId: string): Promise<Binding[]> {
  const rows = await tables(db)
    .selectFrom('device_binding')
    .selectAll()
    .where('device_id', '=', deviceId)
    .orderBy('since_at', 'desc')
    .execute()
  return rows.map((row) => ({ carrier: carrierOf(row)!, sinceAt: row.since_at, untilAt: row.until_at }))
}

/** Makes the open rows of device_speaker say what `speakers` says; the past stays. Gives whether anything changed. */
export async function keepSpeakers(tx: Tx, speakers: readonly Speaker[], now: number): Promise<boolean> {
  const at = toTimestamp(now)
  const wanted = sql`(select * from unnest(${speakers.map((one) => one.device)}::int4[], ${speakers.map((one) => one.unitId as string)}::text[],
    ${speakers.map((one) => one.rank)}::int2[]) as wanted (device_number, unit_id, rank))`
  const closed = await sql`update device_speaker as open set until_at = greatest(open.since_at, ${at})
    where open.until_at is null and not exists (
      select from ${wanted} as w where w.device_number = open.device_number and w.unit_id = open.unit_id and w.rank = open.rank)`.execute(
    tx,
  )
  const opened = await sql`insert into device_speaker (device_number, unit_id, rank, since_at)
    select w.device_number, w.unit_id, w.rank, ${at} from ${wanted} as w
    where not exists (select from device_speaker open where open.device_number = w.device_number and open.until_at is null)
    on conflict (device_number, since_at) do update set unit_id = excluded.unit_id, rank = excluded.rank, until_at = null`.execute(
    tx,
  )
  return (closed.numAffectedRows ?? 0n) + (opened.numAffectedRows ?? 0n) > 0n
}

/** Which devices spoke for which unit within a window; for one unit or for all. */
export async function listCarried(
  db: Db | Tx,
  fromAt: number,
  untilAt: number,
  unitId?: string,
): Promise<CarriedPeriod[]> {
  let query = tables(db)
    .selectFrom('device_speaker')
    .selectAll()
    .where('since_at', '<', toTimestamp(untilAt) as never)
    .where((where) =>
      where.or([where('until_at', 'is', null), where('until_at', '>', toTimestamp(fromAt) as never)]),
    )
    .orderBy('since_at')
  if (unitId !== undefined) query = query.where('unit_id', '=', unitId)
  return (await query.execute()).map((row) => ({
    device: row.device_number,
    unitId: row.unit_id,
    rank: row.rank,
    sinceAt: row.since_at,
    untilAt: row.until_at,
  }))
}
