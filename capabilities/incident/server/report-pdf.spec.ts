import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  afterActionReport,
  DEFAULT_DISPOSITIONS,
  DEFAULT_GRADING_RULES,
  DEFAULT_INCIDENT_TYPES,
  findType,
  proposeLevel,
  replay,
  type IncidentEvent,
  type IncidentId,
  type ReportId,
  type TimelineEntry,
} from '../core/index.ts'
import { reportPdf } from './report-pdf.ts'

const OPENED = Date.UTC(2016, 9, 24, 1, 30)
const unit = { assignmentId: 'a', unitId: 'u', callSign: '城东巡逻01', role: 'handle' } as const
const proposal = proposeLevel(
  {
    type: findType(DEFAULT_INCIDENT_TYPES, '0201')!,
    peopleCount: 25,
    circumstances: ['weapon'],
    keyPlaceId: null,
    localHour: 9,
  },
  DEFAULT_GRADING_RULES,
)
const events: [number, IncidentEvent][] = [
  [
    0,
    {
      type: 'opened',
      data: {
        number: '20161024-0031',
        origin: 'citizen',
        isHourDrawn: true,
        reportId: 'r' as ReportId,
        typeCode: '0201',
        summary: '火车站广场约二十五人互殴，有人持钢管。',
        address: '站前路 1 号火车站广场',
        position: { lon: 121.47, lat: 31.23 },
        peopleCount: 25,
        circumstances: ['weapon'],
        organisationId: null,
        keyPlaceId: null,
      },
    },
  ],
  [2, { type: 'level-proposed', data: proposal }],
  [
    20,
    {
      type: 'level-overridden',
      data: { level: 'complex', from: null, proposed: 'major', reason: '视频核实未见持械' },
    },
  ],
  [25, { type: 'unit-ordered', data: unit }],
  [40, { type: 'unit-acknowledged', data: unit }],
  [300, { type: 'unit-arrived', data: unit }],
  [300, { type: 'stage-changed', data: { from: 'response', to: 'handling', reason: null } }],
  [
    500,
    {
      type: 'force-used',
      data: {
        kind: 'restraint',
        unitId: 'u',
        justification: '当事人持续殴打他人，口头制止无效',
        warning: '已三次警告',
      },
    },
  ],
  ...Array.from({ length: 60 }, (_, index): [number, IncidentEvent] => [
    600 + index,
    { type: 'note-added', data: { text: `第 ${index + 1} 次现场记录` } },
  ]),
  [1200, { type: 'closed', data: { dispositionCode: 'mediated', result: '双方和解' } }],
]
const timeline: TimelineEntry[] = events.map(([seconds, event], index) => ({
  sequence: index + 1,
  at: OPENED + seconds * 1000,
  accountId: null,
  accountName: '王建国',
  event,
}))
const report = afterActionReport(replay('i' as IncidentId, timeline), timeline, OPENED + 2_000_000)
const style = {
  timeZone: 'Asia/Shanghai',
  hours: { from: 'file', file: '圣路易.csv', source: '钟馗', seed: 7 } as const,
  books: { types: DEFAULT_INCIDENT_TYPES, dispositions: DEFAULT_DISPOSITIONS },
}
const pdfIn = (language: 'zh-CN' | 'en') => buffer(reportPdf(report, { ...style, language }))

/** Every character that the PDF can be searched for: the ToUnicode maps of its fonts. */
function characters(pdf: Buffer): Set<string> {
  const found = new Set<string>()
  const text = pdf.toString('latin1')
  for (const match of text.matchAll(/stream\r?\n/g)) {
    const start = match.index + match[0].length
    const end = text.indexOf('endstream', start)
    let stream: string
    try {
      stream = inflateSync(pdf.subarray(start, end)).toString('latin1')
    } catch {
      continue
    }
    if (!stream.includes('beginbfrange')) continue
    for (const [, code] of stream.matchAll(/<([0-9a-f]{4})>/gi))
      found.add(String.fromCharCode(parseInt(code!, 16)))
  }
  return found
}

describe('after-action report as PDF', () => {
  it('holds every Chinese character of the report, not boxes', async () => {
    const pdf = await pdfIn('zh-CN')
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    const known = characters(pdf)
    for (const character of '警情复盘报告站前广场视频核实未见持械城东巡逻双方和解口头制止无效时刻分布圣路易钟馗')
      expect(known).toContain(character)
  })

  it('embeds only what it uses of the font', async () => {
    expect((await pdfIn('zh-CN')).length).toBeLessThan(400_000)
  })

  it.runIf(existsSync('/usr/bin/pdftotext'))(
    'reads back as text in both languages, over several pages',
    async () => {
      const textOf = async (language: 'zh-CN' | 'en') =>
        execFileSync('pdftotext', ['-layout', '-', '-'], { input: await pdfIn(language) }).toString()
      const chinese = await textOf('zh-CN')
      for (const part of [
        '警情复盘报告',
        '20161024-0031',
        '2016-10-24 09:30:00',
        '改定等级：复杂（建议 重大），理由：视频核实未见持械',
        '5 分 0 秒',
        '第 3 页',
      ]) {
        expect(chinese).toContain(part)
      }
      const english = await textOf('en')
      for (const part of [
        'After-action report',
        'Opened to first on scene',
        '25 people with Weapon',
        '城东巡逻01',
      ])
        expect(english).toContain(part)
    },
  )
})
