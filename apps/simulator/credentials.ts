import { isRefusal, type Refusal } from '../../foundation/core/outcome.ts'
import { inTransaction, toTimestamp, type Db, type Tx } from '../../foundation/server/db.ts'
import { systemContext } from '../../foundation/server/http/context.ts'
import { newSecret } from '../../foundation/server/identity/secrets.ts'
import { createAccount, issueToken } from '../../foundation/server/identity/store.ts'
import { writeAudit } from '../../foundation/server/audit/audit.ts'
import { listUnits } from '../../capabilities/force/server/store.ts'
import { handOut, registerDevice, rotateSecret } from '../../capabilities/location/server/devices.ts'
import { listDevices } from '../../capabilities/location/server/store.ts'
import type { PlayCredentials } from './players.ts'

const USERNAME = 'simulator'
const GATEWAY_CODE = 'simulator'
const TOKEN_LABEL = 'simulator'
/** A token outlives the longest playing; the next start makes another and ends this one. */
const TOKEN_DAYS = 30

/**
 * What simulated people need, made with the database as an administrator would: a service account with a token, a
 * gateway device with a secret, and a device for each unit that has none. Secrets are new at every start, handed over
 * in memory and stored nowhere. From here on the simulator knows the public API only.
 */
export async function prepareCredentials(db: Db, now: number): Promise<PlayCredentials> {
  return inTransaction(db, async (tx) => {
    const account = await serviceAccount(tx, now)
    const token = newSecret()
    await tx
      .updateTable('api_token')
      .set({ revoked_at: toTimestamp(now) })
      .where('account_id', '=', account)
      .where('revoked_at', 'is', null)
      .execute()
    await issueToken(tx, {
      accountId: account,
      label: TOKEN_LABEL,
      secret: token,
      now,
      expiresAt: now + TOKEN_DAYS * 86_400_000,
    })
    const actor = systemContext('simulator', now)
    await writeAudit(tx, actor, {
      action: 'identity.issue-token',
      subjectKind: 'account',
      subjectId: account,
    })

    const gateway = await gatewayDevice(tx, now)
    const known = new Map((await listDevices(tx)).map((device) => [device.code, device]))
    const devices: { unitId: string; code: string }[] = []
    for (const { id, callSign } of await listUnits(tx)) {
      const code = `simulator ${callSign}`
      if (!known.has(code)) {
        const { device } = accepted(
          await registerDevice(tx, actor, { code, name: callSign, kind: 'phone', gatewayId: gateway.id }),
        )
        accepted(await handOut(tx, actor, device.id, { kind: 'unit', unitId: id }, () => null))
      }
      devices.push({ unitId: id, code })
    }
    return { accountId: account, token, gateway: { code: GATEWAY_CODE, secret: gateway.secret }, devices }
  })
}

async function serviceAccount(tx: Tx, now: number): Promise<string> {
  const known = await tx
    .selectFrom('account')
    .select('id')
    .where('username', '=', USERNAME)
    .where('kind', '=', 'service')
    .executeTakeFirst()
  if (known) return known.id
  return accepted(
    await createAccount(
      tx,
      {
        username: USERNAME,
        name: '模拟器',
        kind: 'service',
        passwordHash: null,
        grants: [{ role: 'service', organisationId: null }],
      },
      now,
    ),
  )
}

async function gatewayDevice(tx: Tx, now: number): Promise<{ id: string; secret: string }> {
  const actor = systemContext('simulator', now)
  const known = (await listDevices(tx)).find(({ code }) => code === GATEWAY_CODE)
  const { device, secret } = known
    ? accepted(await rotateSecret(tx, actor, known.id, () => null))
    : accepted(await registerDevice(tx, actor, { code: GATEWAY_CODE, name: '模拟器', kind: 'gateway' }))
  return { id: device.id, secret }
}

function accepted<T>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw new Error(`the simulator's credentials: ${outcome.refused}`)
  return outcome
}
