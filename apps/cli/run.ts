import { parseArgs } from 'node:util'
import { evaluateForecast } from './forecast/evaluate.ts'
import { importIncidents } from './import-incidents.ts'
import { importRegister, REGISTERS } from './import-register.ts'
import { importRoads } from './import-roads.ts'
import { OPTIONS, type Options } from './options.ts'
import { EXIT, UsageFault, type ExitCode } from './outcome.ts'
import { replay } from './replay.ts'
import { benchmarkRoster } from './roster/benchmark.ts'
import { LANGUAGES, openWords, type Language, type Words } from './words.ts'

const COMMON = ['help', 'lang', 'data'] as const
type Run = (file: string, options: Options, words: Words) => Promise<ExitCode>

/** The commands, in the order in which the help lists them. */
const COMMANDS: readonly {
  readonly path: readonly string[]
  readonly takesFile: boolean
  readonly options: readonly (keyof typeof OPTIONS)[]
  readonly run: Run
}[] = [
  {
    path: ['import', 'incidents'],
    takesFile: true,
    options: [
      'map',
      'preset',
      'hour-profile',
      'hour-map',
      'hour-preset',
      'seed',
      'anywhere',
      'rejects',
      'strict',
      'dry-run',
    ],
    run: importIncidents,
  },
  ...REGISTERS.map((register) => ({
    path: ['import', register],
    takesFile: true,
    options: ['sheet', 'epsg', 'system', 'anywhere', 'rejects', 'strict', 'dry-run'] as const,
    run: (file: string, options: Options, words: Words) => importRegister(register, file, options, words),
  })),
  { path: ['import', 'roads'], takesFile: true, options: ['name', 'dry-run'], run: importRoads },
  {
    path: ['replay'],
    takesFile: false,
    options: ['from', 'to', 'speed', 'source', 'url', 'seed', 'no-commander'],
    run: (_file, options, words) => replay(options, words),
  },
  {
    path: ['forecast', 'evaluate'],
    takesFile: false,
    options: [
      'incidents',
      'map',
      'preset',
      'stops',
      'disc-radius',
      'horizon',
      'train-until',
      'test-from',
      'test-to',
      'category',
      'lag-days',
      'seed',
      'json',
      'chart',
    ],
    run: (_file, options, words) => evaluateForecast(options, words),
  },
  {
    path: ['roster', 'benchmark'],
    takesFile: true,
    options: ['seconds', 'seed', 'json'],
    run: benchmarkRoster,
  },
]

/** Runs one command line and gives its exit code. */
export async function run(args: readonly string[]): Promise<ExitCode> {
  let words = openWords(LANGUAGES)
  try {
    const { values, positionals } = parse(args)
    words = openWords(languagesOf(values.lang))
    const command = COMMANDS.find(({ path }) => path.every((word, i) => positionals[i] === word))
    if (!command) {
      words[positionals.length === 0 || values.help ? 'say' : 'note']('help')
      return positionals.length === 0 || values.help ? EXIT.done : EXIT.usage
    }
    if (values.help) {
      words.say(`commands.${command.path.join('-')}`)
      return EXIT.done
    }
    const rest = positionals.slice(command.path.length)
    if (command.takesFile && rest.length !== 1)
      throw new UsageFault(rest.length === 0 ? 'usage.file-missing' : 'usage.one-file', {
        command: command.path.join(' '),
      })
    if (!command.takesFile && rest.length > 0) throw new UsageFault('usage.unexpected', { word: rest[0]! })
    for (const name of Object.keys(values) as (keyof typeof OPTIONS)[]) {
      if (![...COMMON, ...command.options].includes(name))
        throw new UsageFault('usage.option-not-here', { option: name, command: command.path.join(' ') })
    }
    return await command.run(rest[0] ?? '', values, words)
  } catch (fault) {
    if (fault instanceof UsageFault) {
      words.note(fault.key, fault.values)
      return EXIT.usage
    }
    words.note('failed', { message: (fault as Error).message })
    if (process.env['LOG_LEVEL'] === 'debug') console.error(fault)
    return EXIT.failed
  }
}

function parse(args: readonly string[]): { values: Options; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true })
  } catch (fault) {
    throw new UsageFault('usage.option-unknown', { message: (fault as Error).message })
  }
}

function languagesOf(lang: string | undefined): readonly Language[] {
  if (lang === undefined || lang === 'both') return LANGUAGES
  const found = LANGUAGES.find((language) => language === lang || language.startsWith(`${lang}-`))
  if (!found) throw new UsageFault('usage.language', { value: lang })
  return [found]
}
