import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const NEVER = ['**/node_modules/**', '**/dist/**', 'data/**']
const SCREENS = [
  '{foundation/ui,apps/console,capabilities/*/console,capabilities/*/mobile}/**/*.spec.{ts,tsx}',
]
const ON_A_DATABASE = [
  '**/server/**/*.spec.ts',
  '{flows,apps,tests/flows,tests/faults,tests/api}/**/*.spec.ts',
]
const IN_A_BROWSER = ['tests/e2e/**/*.spec.ts']

/**
 * `unit`: rules and mathematics. `screen`: components in happy-dom. `database`: against one real PostgreSQL that
 * the run starts. `browser`: journeys in Chromium against the production build.
 * No retries anywhere: a test that passes at the second try has found something.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.spec.ts'],
          exclude: [...NEVER, ...SCREENS, ...ON_A_DATABASE, ...IN_A_BROWSER],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        plugins: [react()],
        test: {
          name: 'screen',
          include: SCREENS,
          exclude: NEVER,
          environment: 'happy-dom',
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: ON_A_DATABASE,
          exclude: [...NEVER, ...SCREENS, ...IN_A_BROWSER],
          globalSetup: ['tests/cluster.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: IN_A_BROWSER,
          globalSetup: ['tests/build.setup.ts', 'tests/cluster.setup.ts'],
          exclude: NEVER,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
