import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { POST_KINDS, type Post, type PostId } from '../core/index.ts'
import type { RosterNeeds } from './needs.ts'
import { insertPost, listPosts, lockPost, removePost, updatePost, type KeptPost } from './post.store.ts'
import { closed, Code, Id, IdParams, Nullable, oneOf, PostShown } from './schemas.ts'

const Name = Type.String({ minLength: 1, maxLength: 60 })
const Head = Type.Integer({ minimum: 0, maximum: 1_000 })
const Skill = Type.Object(
  {
    skill: Type.String({ minLength: 1, maxLength: 60 }),
    officers: Type.Integer({ minimum: 1, maximum: 100 }),
  },
  closed,
)
const fields = {
  code: Code,
  nameZh: Name,
  nameEn: Name,
  kind: oneOf(POST_KINDS),
  isStreet: Type.Boolean(),
  unitId: Nullable(Id),
  shifts: Type.Array(Code, { maxItems: 40, uniqueItems: true, description: 'None: every shift' }),
  minOfficers: Head,
  maxOfficers: Nullable(Type.Integer({ minimum: 1, maximum: 1_000 })),
  needsLeader: Type.Boolean(),
  skills: Type.Array(Skill, { maxItems: 20 }),
}
const PostGiven = Type.Object(
  {
    organisationId: Id,
    ...fields,
    unitId: Type.Optional(fields.unitId),
    shifts: Type.Optional(fields.shifts),
    minOfficers: Type.Optional(fields.minOfficers),
    maxOfficers: Type.Optional(fields.maxOfficers),
    needsLeader: Type.Optional(fields.needsLeader),
    skills: Type.Optional(fields.skills),
  },
  closed,
)
const PostChange = Type.Partial(Type.Object(fields), closed)
const PostKept = Type.Object({ ...PostShown.properties, version: Type.Integer() })

/** Where somebody stands in a shift. */
export function registerPostRoutes(app: FastifyInstance, needs: RosterNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/roster-posts',
    summary: 'Posts of every organisation: how many, with whom, in which shifts',
    permission: 'roster.read-settings',
    schema: { response: Type.Object({ posts: Type.Array(PostKept) }) },
    async handle() {
      return { body: { posts: await listPosts(app.db) } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/roster-posts',
    summary: 'Sets up a post of an organisation',
    permission: 'roster.edit',
    schema: { body: PostGiven, response: PostKept },
    async handle(tx, actor, { body }) {
      if (!actor.mayFor('roster.edit', body.organisationId)) return refuse('out-of-scope')
      const post = postOf(newId<PostId>(actor.now), body)
      const fault = await postFault(tx, needs, post)
      if (fault) return fault
      await insertPost(tx, post)
      await record(tx, actor, 'add', post, { after: post })
      return { status: 201, etag: 1, body: { ...post, version: 1 } }
    },
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/roster-posts/:id',
    summary: 'Changes a post; If-Match carries the version that was read',
    permission: 'roster.edit',
    schema: { params: IdParams, body: PostChange, response: PostKept },
    async handle(tx, actor, { params, body, ifMatch }) {
      const before = await takePost(tx, actor, params.id, ifMatch)
      if (isRefusal(before)) return before
      const after: KeptPost = { ...before, ...body, version: before.version + 1 }
      const fault = await postFault(tx, needs, after)
      if (fault) return fault
      await updatePost(tx, after)
      await record(tx, actor, 'change', after, { before, after })
      return { etag: after.version, body: after }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/roster-posts/:id',
    summary: 'Removes a post; published rosters that have it keep it',
    permission: 'roster.edit',
    schema: { params: IdParams, response: Type.Null() },
    async handle(tx, actor, { params, ifMatch }) {
      const post = await takePost(tx, actor, params.id, ifMatch)
      if (isRefusal(post)) return post
      await removePost(tx, post.id, actor.now)
      await record(tx, actor, 'remove', post, { before: post })
      return {}
    },
  })
}

function postOf(id: PostId, given: Static<typeof PostGiven>): Post {
  return {
    id,
    ...{ organisationId: given.organisationId, code: given.code, nameZh: given.nameZh, nameEn: given.nameEn },
    ...{ kind: given.kind, isStreet: given.isStreet, unitId: given.unitId ?? null },
    ...{ shifts: given.shifts ?? [], minOfficers: given.minOfficers ?? 0 },
    ...{ maxOfficers: given.maxOfficers ?? null, needsLeader: given.needsLeader ?? false },
    skills: given.skills ?? [],
  }
}

/** A post of the caller's scope as it was read, locked. Refuses `not-found`, `out-of-scope`, `version-conflict`. */
async function takePost(
  tx: Tx,
  actor: ActorContext,
  id: string,
  ifMatch: number | null,
): Promise<KeptPost | Refusal> {
  const post = await lockPost(tx, id)
  if (!post) return refuse('not-found')
  if (!actor.mayFor('roster.edit', post.organisationId)) return refuse('out-of-scope')
  return matchVersion(ifMatch, post.version) ?? post
}

/** Refuses `organisation-unknown`, `unit-unknown`, `post-most-below-least`. */
async function postFault(tx: Tx, needs: RosterNeeds, post: Post): Promise<Refusal | null> {
  const organisations = await needs.listOrganisations(tx)
  if (!organisations.some(({ id }) => id === post.organisationId))
    return refuse('organisation-unknown', { field: 'organisationId' })
  if (post.maxOfficers !== null && post.maxOfficers < post.minOfficers)
    return refuse('post-most-below-least', { field: 'maxOfficers' })
  if (post.unitId === null) return null
  const isUnit = (await needs.listUnits(tx)).some(({ id }) => id === post.unitId)
  return isUnit ? null : refuse('unit-unknown', { field: 'unitId' })
}

async function record(
  tx: Tx,
  actor: ActorContext,
  verb: 'add' | 'change' | 'remove',
  post: Post,
  detail: object,
): Promise<void> {
  await writeAudit(tx, actor, {
    action: `roster.${verb}-post`,
    subjectKind: 'roster-post',
    subjectId: post.id,
    detail,
  })
  await announce(tx, {
    topic: 'roster-post.changed',
    subjectId: post.id,
    organisationId: null,
    permission: 'roster.read-settings',
    at: actor.now,
    data: { organisationId: post.organisationId, change: verb },
  })
}
