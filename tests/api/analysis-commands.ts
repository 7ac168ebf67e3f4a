import type { Caller } from '../house.ts'
import type { Asked, Command } from './command.ts'

/** One successful call of every command of analysis. The house has incidents by then. */
export function analysisCommands(
  caller: () => Caller,
  settingAt: (url: string, key: string) => Promise<Asked>,
): readonly Command[] {
  return [
    [
      'POST /api/analysis-runs',
      async () => {
        // The day's own run begins by itself, and one is under way at a time.
        for (;;) {
          const { body } = await caller().get<{ runs: { state: string }[] }>('/api/analysis-runs')
          const isFree = body.runs.length > 0 && body.runs.every(({ state }) => state !== 'running')
          if (isFree) return { path: '/api/analysis-runs', body: {} }
        }
      },
    ],
    [
      'PUT /api/analysis-settings/analysis.daily',
      () => settingAt('/api/analysis-settings', 'analysis.daily'),
    ],
    [
      'PUT /api/analysis-settings/analysis.retention',
      () => settingAt('/api/analysis-settings', 'analysis.retention'),
    ],
    [
      'PUT /api/analysis-settings/analysis.risk-surface',
      () => settingAt('/api/analysis-settings', 'analysis.risk-surface'),
    ],
  ]
}
