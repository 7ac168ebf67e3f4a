import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { wholeNumber, type Options } from '../options.ts'
import { EXIT, tellRefusal, UsageFault, type ExitCode } from '../outcome.ts'
import { openProgress } from '../progress.ts'
import type { Words } from '../words.ts'
import { checkWrittenRoster } from './check-written-roster.ts'
import { problemOfInstance, writtenRoster } from './problem-of-instance.ts'
import { readInstance } from './read-instance.ts'
import { solveApart } from './solve-apart.ts'
import { wallMilliseconds } from './solve-job.ts'

const DEFAULT_SECONDS = 60
const MOST_SECONDS = 86_400
/** Of the time, for the end of the solve, the audit and the writing; more where there is more to audit. */
const CLOSING_MILLISECONDS = 300
const CELLS_AUDITED_A_MILLISECOND = 60
const MOST_FAULTS_TOLD = 20

/** `xunfang roster benchmark FILE`: solves a public instance in the time given, counted from the start of the process. */
export async function benchmarkRoster(file: string, options: Options, words: Words): Promise<ExitCode> {
  const seconds = secondsOf(options.seconds)
  const seed = wholeNumber(options, 'seed', 1)
  const text = await readText(file)
  if (text === null) return tellRefusal(words, { refused: 'file-not-found', detail: { path: file } })
  const instance = readInstance(text)
  if ('faults' in instance) {
    words.note('refusal.instance-invalid', { path: file })
    for (const { line, cause, value } of instance.faults.slice(0, MOST_FAULTS_TOLD))
      words.note(`roster.fault.${cause}`, { line: line ?? '', value })
    return EXIT.refused
  }
  const problem = problemOfInstance(instance)
  const cells = problem.employees.length * problem.days
  words.say('roster.read', {
    employees: problem.employees.length,
    days: problem.days,
    shifts: instance.shifts.length,
  })

  const closing = CLOSING_MILLISECONDS + cells / CELLS_AUDITED_A_MILLISECOND
  const untilMilliseconds = performance.timeOrigin + 1_000 * seconds - closing
  const progress = openProgress()
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  process.once('SIGINT', interrupt)
  const end = await solveApart(
    { problem, seed, untilMilliseconds },
    (objective, bound) =>
      progress.at(
        elapsedSeconds() / seconds,
        words.text(
          'roster.progress',
          { seconds: elapsedSeconds().toFixed(1), objective: objective ?? '–', bound: bound ?? '–' },
          '  ',
        ),
      ),
    stop.signal,
  )
  process.removeListener('SIGINT', interrupt)
  progress.end()

  if (end.isInfeasible) return tellRefusal(words, { refused: 'instance-infeasible', detail: { path: file } })
  if (end.assignment === null) {
    words.note('roster.none-found', { seconds })
    return EXIT.failed
  }
  const assignments = writtenRoster(problem, end.assignment)
  const { objective, breaches } = checkWrittenRoster(text, assignments)
  if (breaches.length > 0) {
    words.note('roster.refused-by-audit', { breaches: breaches.slice(0, MOST_FAULTS_TOLD).join('; ') })
    return EXIT.failed
  }
  const took = Math.round(100 * elapsedSeconds()) / 100
  if (options.json !== undefined) {
    const path = resolve(options.json)
    await writeFile(
      path,
      `${JSON.stringify({ objective, bound: end.bound, seconds: took, assignments }, null, 1)}\n`,
    )
    words.say('roster.json', { path })
  }
  words.say('roster.result', {
    objective,
    bound: end.bound ?? '–',
    seconds: took,
    gap:
      end.bound === null || objective === 0 ? '–' : ((100 * (objective - end.bound)) / objective).toFixed(2),
  })
  return EXIT.done
}

const elapsedSeconds = (): number => (wallMilliseconds() - performance.timeOrigin) / 1_000

function secondsOf(text: string | undefined): number {
  const seconds = text === undefined ? DEFAULT_SECONDS : Number(text)
  if (!(seconds >= 1 && seconds <= MOST_SECONDS))
    throw new UsageFault('usage.seconds', { value: text ?? '', most: MOST_SECONDS })
  return seconds
}

/** Null where there is no such file. */
async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR') return null
    throw fault
  }
}
