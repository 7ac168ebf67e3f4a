import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, plant, runIn, type PlantedHouse } from './planting.ts'

const CRUISER = 'dependency-cruiser/bin/dependency-cruise.mjs'
const ROOMS = ['foundation', 'solvers', 'capabilities', 'flows', 'apps', 'bench'].filter((room) =>
  existsSync(join(ROOT, room)),
)

interface Cruise {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[]
  }
}

const rules: readonly string[] = createRequire(import.meta.url)('../architecture.cjs').forbidden.map(
  (rule: { name: string }) => rule.name,
)
const order = rules.filter((name) => name.startsWith('order-')).map((name) => name.slice('order-'.length))

/** For each rule one import that it forbids and no other rule does. */
const FORBIDDEN: Readonly<Record<string, readonly [from: string, to: string]>> = {
  ...Object.fromEntries(
    order.map((capability, position) => [
      `order-${capability}`,
      [
        `capabilities/${capability}/core/looks-right.ts`,
        `capabilities/${order[position + 1] ?? 'whatif'}/core/index.ts`,
      ],
    ]),
  ),
  'no-circles': ['solvers/routing/hen.ts', 'solvers/routing/egg.ts'],
  'only-core-index-crosses': [
    'capabilities/dispatch/server/reaches-in.ts',
    'capabilities/force/core/status.ts',
  ],
  'core-is-pure': ['capabilities/incident/core/performs.ts', 'foundation/server/db.ts'],
  'solvers-know-no-capability': ['solvers/routing/knows-incidents.ts', 'capabilities/incident/core/index.ts'],
  'foundation-knows-no-capability': [
    'foundation/core/knows-incidents.ts',
    'capabilities/incident/core/index.ts',
  ],
  'screens-never-reach-server': [
    'capabilities/incident/console/reads-database.ts',
    'foundation/server/db.ts',
  ],
  'server-reaches-no-screen': ['capabilities/incident/server/draws.ts', 'foundation/ui/map.ts'],
  'capabilities-know-no-flow': ['capabilities/incident/server/knows-flow.ts', 'flows/incident.ts'],
}

function importOf(from: string, to: string): string {
  const up = '../'.repeat(from.split('/').length - 1)
  return `import type { Thing } from '${up}${to}'\nexport type Own = Thing\n`
}

let house: PlantedHouse
let planted: Cruise
let ours: Cruise

beforeAll(() => {
  const files: Record<string, string> = {}
  for (const [, to] of Object.values(FORBIDDEN)) files[to] = 'export type Thing = string\n'
  for (const [from, to] of Object.values(FORBIDDEN)) files[from] = importOf(from, to)
  files['solvers/routing/egg.ts'] = importOf('solvers/routing/egg.ts', 'solvers/routing/hen.ts')
  files['capabilities/dispatch/core/looks-left.ts'] = importOf(
    'capabilities/dispatch/core/looks-left.ts',
    'capabilities/force/core/index.ts',
  )
  house = plant(files)
  const rooms = [...new Set(Object.keys(files).map((path) => path.split('/')[0]!))]
  planted = JSON.parse(
    house.run(CRUISER, '--config', 'architecture.cjs', '--output-type', 'json', ...rooms).output,
  ) as Cruise
  ours = JSON.parse(
    runIn(ROOT, CRUISER, '--config', 'architecture.cjs', '--output-type', 'json', ...ROOMS).output,
  ) as Cruise
})
afterAll(() => house.remove())

const caught = (from: string) => [
  ...new Set(
    planted.summary.violations
      .filter((violation) => violation.from === from)
      .map((violation) => violation.rule.name),
  ),
]

describe('the boundary rules', () => {
  it('each have a planted import that they must catch', () => {
    expect(Object.keys(FORBIDDEN).sort()).toEqual([...rules].sort())
  })

  // A circle is told at either of its ends.
  it.each(Object.entries(FORBIDDEN))('%s catches its own, and no other rule does', (rule, [from, to]) => {
    expect([...caught(from), ...caught(to)]).toEqual([rule])
  })

  it('let a capability look left through core/index.ts', () => {
    expect(caught('capabilities/dispatch/core/looks-left.ts')).toEqual([])
  })

  it('are read against every source file of the house', () => {
    const read = new Set(ours.modules.map((module) => module.source))
    const written = ROOMS.flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((path) => `${room}/${path}`),
    ).filter((path) => /\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
    expect(written.length).toBeGreaterThan(100)
    expect(written.filter((path) => !read.has(path))).toEqual([])
  })

  it('are kept', () => {
    expect(ours.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from}`)).toEqual(
      [],
    )
  })
})
