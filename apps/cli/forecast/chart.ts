import type { BackTest, SummaryRow } from '../../../capabilities/analysis/core/index.ts'

const WIDTH = 720
const BAR = 16
const LABELS = 300
const COLOURS = { xunfang: '#1664c0', 'decayed-grid-150': '#8a8f98', 'last-year': '#c9ccd1' } as const

/** Incidents caught per stop and period as bars, one group for each category, horizon and number of stops (SVG). */
export function chartOf(result: BackTest): string {
  const groups = new Map<string, SummaryRow[]>()
  for (const row of result.summary) {
    const key = `${row.category} · ${row.horizon} · ${row.stopCount}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const parts: string[] = []
  let y = 24
  for (const [key, rows] of groups) {
    const most = Math.max(...rows.map((row) => row.caughtPerStop), 1e-9)
    parts.push(`<text x="8" y="${y + 12}" font-weight="bold">${escaped(key)}</text>`)
    for (const row of rows) {
      const length = ((WIDTH - LABELS - 90) * row.caughtPerStop) / most
      const ratio = row.ratioToGrid === null ? '' : ` (× ${row.ratioToGrid.value.toFixed(2)})`
      parts.push(
        `<text x="${LABELS - 8}" y="${y + 12}" text-anchor="end">${row.method}</text>`,
        `<rect x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR - 3}" fill="${COLOURS[row.method]}"/>`,
        `<text x="${(LABELS + length + 6).toFixed(1)}" y="${y + 12}">${row.caughtPerStop.toFixed(3)}${ratio}</text>`,
      )
      y += BAR
    }
    y += BAR / 2
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 8}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${parts.join('\n')}
</svg>
`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
