import { ESLint } from 'eslint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, plant, type PlantedHouse } from './planting.ts'

const TSC = '@typescript/native/bin/tsc'
const PURE_ROOMS = ['foundation/core', 'solvers/routing', 'capabilities/incident/core']

describe('rules and mathematics', () => {
  const eslint = new ESLint({ cwd: ROOT })
  const complaints = async (room: string, text: string) => {
    const [result] = await eslint.lintText(text, { filePath: `${ROOT}/${room}/planted.ts` })
    return result!.messages.map((message) => message.ruleId)
  }

  describe.each(PURE_ROOMS)('in %s', (room) => {
    it.each(['Date.now()', 'new Date()', 'Math.random()', 'Temporal.Now.instant()'])(
      'cannot say %s',
      async (ambient) => {
        expect(await complaints(room, `export const drawn = ${ambient}\n`)).toContain('no-restricted-syntax')
      },
    )

    it('can make a date of a number that is given', async () => {
      expect(await complaints(room, 'export const day = (at: number) => new Date(at)\n')).toEqual([])
    })
  })

  it('leave the clock to the shell', async () => {
    expect(await complaints('foundation/server', 'export const now = () => Date.now()\n')).toEqual([])
  })
})

describe('what performs', () => {
  const plants = {
    "import { readFileSync } from 'node:fs'\nexport const text = readFileSync('x', 'utf8')\n":
      /Cannot find (module|name) 'node:fs'/,
    'export const title = document.title\n': /Cannot find name 'document'/,
    "export const page = fetch('/')\n": /Cannot find name 'fetch'/,
    'export const mode = process.env\n': /Cannot find name 'process'/,
    'export const wait = setTimeout(() => {}, 1)\n': /Cannot find name 'setTimeout'/,
  }
  let house: PlantedHouse
  let output: string

  const pathOf = (room: string, number: number) => `${room}/planted-${number}.ts`

  beforeAll(() => {
    const files: Record<string, string> = {}
    for (const room of PURE_ROOMS)
      Object.keys(plants).forEach((text, number) => (files[pathOf(room, number)] = text))
    house = plant(files)
    output = house.run(TSC, '-p', 'tsconfig.pure.json', '--pretty', 'false').output
  })
  afterAll(() => house.remove())

  describe.each(PURE_ROOMS)('in %s', (room) => {
    it.each(Object.values(plants).map((complaint, number) => [number, complaint] as const))(
      'does not compile (%i: %s)',
      (number, complaint) => {
        const lines = output.split('\n').filter((line) => line.startsWith(pathOf(room, number)))
        expect(lines.join('\n')).toMatch(complaint)
      },
    )
  })

  it('is caught by the lock, not by a mistake in the plants: the same reads of files and clocks compile on the server', () => {
    const server = plant({ 'foundation/server/planted.ts': Object.keys(plants)[0]! })
    expect(server.run(TSC, '-p', 'tsconfig.server.json', '--noEmit', '--pretty', 'false')).toEqual({
      code: 0,
      output: '',
    })
    server.remove()
  })

  it('is all that the lock catches: plain rules compile', () => {
    const plain = plant({
      'capabilities/incident/core/index.ts': 'export const twice = (n: number) => 2 * n\n',
    })
    expect(plain.run(TSC, '-p', 'tsconfig.pure.json', '--pretty', 'false')).toEqual({ code: 0, output: '' })
    plain.remove()
  })
})
