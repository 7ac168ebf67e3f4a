/**
 * The boundary rules of the house, as code. Imports look left in ORDER; only core/index.ts crosses.
 * tests/architecture plants one bad import per rule and asserts that each rule catches its own.
 */
const ORDER = [
  'place',
  'force',
  'roster',
  'location',
  'board',
  'incident',
  'dispatch',
  'analysis',
  'patrol',
  'inspection',
  'encounter',
  'casework',
  'day',
  'supervision',
  'whatif',
]

const looksRight = ORDER.slice(0, -1).map((capability, position) => ({
  name: `order-${capability}`,
  comment: `${capability} may only import capabilities to its left: ${ORDER.slice(0, position).join(' ') || 'none'}`,
  severity: 'error',
  from: { path: `^capabilities/${capability}/` },
  to: { path: `^capabilities/(${ORDER.slice(position + 1).join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...looksRight,
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-core-index-crosses',
      comment:
        'Another capability is reached by its core/index.ts (or, between screens, its console/index.ts) and nothing else.',
      severity: 'error',
      from: { path: '^capabilities/([^/]+)/' },
      to: {
        path: '^capabilities/',
        pathNot: [
          '^capabilities/$1/',
          '^capabilities/[^/]+/core/index\\.ts$',
          '^capabilities/[^/]+/console/index\\.tsx?$',
        ],
      },
    },
    {
      name: 'core-is-pure',
      comment: 'Rules see rules, solvers and foundation/core; nothing that performs.',
      severity: 'error',
      from: { path: '^capabilities/[^/]+/core/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(foundation/(server|ui)|capabilities/[^/]+/(server|console|mobile)|flows|apps)/' },
    },
    {
      name: 'solvers-know-no-capability',
      severity: 'error',
      from: { path: '^solvers/' },
      to: { path: '^(capabilities|flows|apps|foundation/(server|ui))/' },
    },
    {
      name: 'foundation-knows-no-capability',
      severity: 'error',
      from: { path: '^foundation/' },
      to: { path: '^(capabilities|flows|apps|solvers)/' },
    },
    {
      name: 'screens-never-reach-server',
      severity: 'error',
      from: { path: '^(foundation/ui|capabilities/[^/]+/(console|mobile)|apps/(console|mobile))/' },
      to: { path: '(^|/)(server|flows)/|^(bench|apps/(server|cli|simulator|demo))/' },
    },
    {
      name: 'server-reaches-no-screen',
      severity: 'error',
      from: {
        path: '^(foundation/server|capabilities/[^/]+/server|flows|apps/(server|cli|simulator|demo))/',
      },
      to: { path: '^(foundation/ui|capabilities/[^/]+/(console|mobile)|apps/(console|mobile))/' },
    },
    {
      name: 'capabilities-know-no-flow',
      severity: 'error',
      from: { path: '^capabilities/' },
      to: { path: '^(flows|apps)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.web.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'] },
  },
}
