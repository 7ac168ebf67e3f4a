import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { findDayNumber } from '../../../foundation/core/day.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { servesDuring } from '../core/index.ts'
import { momentOf } from './duty.store.ts'
import type { RosterNeeds } from './needs.ts'
import { findPattern } from './pattern.store.ts'
import { listRosters } from './roster.store.ts'
import { listPlatoonMembers, listSchemes, lockSchemes, writeScheme } from './scheme.store.ts'
import { closed, Code, Day, Id } from './schemas.ts'

const Platoons = Type.Array(Type.Array(Id, { maxItems: 2_000 }), {
  maxItems: 40,
  description: 'Officers’ ids, one list a platoon of the pattern',
})
const SchemeShown = Type.Object({
  organisationId: Id,
  patternCode: Type.String(),
  anchorDate: Type.String(),
  fromDate: Type.String(),
  version: Type.Integer(),
  platoons: Platoons,
})

/** Which pattern an organisation follows from when on, and who is in which platoon. */
export function registerSchemeRoutes(app: FastifyInstance, needs: RosterNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/duty-schemes',
    summary: 'Schemes of every organisation, the latest first, with who is in which platoon; no names',
    permission: 'roster.read',
    schema: { response: Type.Object({ schemes: Type.Array(SchemeShown) }) },
    async handle() {
      const members = await listPlatoonMembers(app.db)
      const schemes = (await listSchemes(app.db)).map((scheme) => {
        const platoons: string[][] = []
        for (const { organisationId, fromDate, platoon, officerId } of members)
          if (organisationId === scheme.organisationId && fromDate === scheme.fromDate)
            (platoons[platoon] ??= []).push(officerId)
        return { ...scheme, platoons: Array.from(platoons, (one) => one ?? []) }
      })
      return { body: { schemes } }
    },
  })

  commandRoute(app, {
    method: 'PUT',
    url: '/api/duty-schemes/:organisationId',
    summary: 'Sets pattern and platoons of an organisation from a date on; If-Match 0 where it has none',
    permission: 'roster.edit',
    schema: {
      params: Type.Object({ organisationId: Id }),
      body: Type.Object({ patternCode: Code, anchorDate: Day, fromDate: Day, platoons: Platoons }, closed),
      response: SchemeShown,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const { organisationId } = params
      const organisations = await needs.listOrganisations(tx)
      if (!organisations.some(({ id }) => id === organisationId)) return refuse('not-found')
      if (!actor.mayFor('roster.edit', organisationId)) return refuse('out-of-scope')
      const stored = await lockSchemes(tx, organisationId)
      const fault = matchVersion(ifMatch, stored) ?? (await schemeFault(tx, needs, organisationId, body))
      if (fault) return fault
      const scheme = {
        ...{ organisationId, version: stored + 1 },
        ...{ patternCode: body.patternCode, anchorDate: body.anchorDate, fromDate: body.fromDate },
      }
      await writeScheme(tx, scheme, body.platoons)
      await writeAudit(tx, actor, {
        action: 'roster.change-scheme',
        subjectKind: 'duty-scheme',
        subjectId: organisationId,
        detail: { ...scheme, platoons: body.platoons },
      })
      await announce(tx, {
        topic: 'duty-scheme.changed',
        subjectId: organisationId,
        organisationId: null,
        permission: 'roster.read',
        at: actor.now,
        data: { version: scheme.version, fromDate: scheme.fromDate },
      })
      return { etag: scheme.version, body: { ...scheme, platoons: body.platoons } }
    },
  })
}

/**
 * Refuses `invalid-date`, `pattern-unknown`, `platoons-do-not-fit`, `officer-in-two-platoons`, `officer-unknown`,
 * `officer-serves-elsewhere`, and `scheme-before-published`: who was in which platoon when a roster that holds began
 * is not rewritten.
 */
async function schemeFault(
  tx: Tx,
  needs: RosterNeeds,
  organisationId: string,
  body: {
    readonly patternCode: string
    readonly anchorDate: string
    readonly fromDate: string
    readonly platoons: readonly (readonly string[])[]
  },
): Promise<Refusal | null> {
  for (const field of ['anchorDate', 'fromDate'] as const)
    if (findDayNumber(body[field]) === null) return refuse('invalid-date', { field })
  const kept = await findPattern(tx, body.patternCode)
  if (!kept) return refuse('pattern-unknown', { field: 'patternCode' })
  const { platoons } = kept.pattern
  if (platoons.length !== body.platoons.length)
    return refuse('platoons-do-not-fit', {
      field: 'platoons',
      detail: { wanted: platoons.length, sent: body.platoons.length },
    })
  const published = (await listRosters(tx, ['published'])).find((one) => one.fromDate >= body.fromDate)
  if (published)
    return refuse('scheme-before-published', {
      field: 'fromDate',
      detail: { number: published.number, fromDate: published.fromDate },
    })
  const officers = new Map((await needs.listOfficers(tx)).map((officer) => [officer.id as string, officer]))
  const noon = momentOf(body.fromDate, 720, needs.timeZone())
  const loans = await needs.listLoans(tx, noon)
  const unitOf = new Map(
    (await needs.listUnits(tx)).flatMap((unit) => unit.memberOfficerIds.map((id) => [id as string, unit])),
  )
  const seen = new Set<string>()
  for (const [platoon, officerIds] of body.platoons.entries())
    for (const [place, officerId] of officerIds.entries()) {
      const about = { field: `platoons[${platoon}][${place}]`, detail: { officerId } }
      const officer = officers.get(officerId)
      if (!officer) return refuse('officer-unknown', about)
      if (seen.has(officerId)) return refuse('officer-in-two-platoons', about)
      seen.add(officerId)
      const serves = servesDuring(officer, unitOf.get(officerId) ?? null, loans, [noon])
      // Who is lent away stays in a platoon at home for the day they are back.
      if (serves !== organisationId && officer.organisationId !== organisationId)
        return refuse('officer-serves-elsewhere', about)
    }
  return null
}
