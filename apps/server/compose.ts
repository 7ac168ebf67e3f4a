import type { FastifyInstance } from 'fastify'
import type { AccessRule } from '../../foundation/core/access.ts'
import { FOUNDATION_ACCESS } from '../../foundation/server/access.ts'
import type { Database } from '../../foundation/server/db.ts'
import type { OrganisationTree } from '../../foundation/server/http/context.ts'
import type { SecretBox } from '../../foundation/server/identity/secrets.ts'
import type { Timer } from '../../foundation/server/jobs.ts'
import type { PositionsSource } from '../../foundation/server/live/hub.ts'
import type { BoundRow } from '../../foundation/server/outbox/runner.ts'

export interface House {
  readonly rules: readonly AccessRule[]
  readonly positions: PositionsSource
  organisationTree(): Promise<OrganisationTree>
  register(app: FastifyInstance): void
  flows(app: FastifyInstance): BoundRow[]
  timers(app: FastifyInstance): Timer[]
  close(): Promise<void>
}

/** Puts each capability into its room and hands it what it needs from the others. Wiring only. */
export async function furnish(_needs: {
  database: Database
  now: () => number
  secrets: SecretBox
}): Promise<House> {
  return {
    rules: [...FOUNDATION_ACCESS],
    positions: { version: () => 0, all: () => [], changedSince: () => [] },
    organisationTree: async () => new Map(),
    register() {},
    flows: () => [],
    timers: () => [],
    close: async () => {},
  }
}
