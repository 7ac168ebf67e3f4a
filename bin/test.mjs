#!/usr/bin/env node
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { PROJECT, ensureInstalled, requireNode } from './install.mjs'
import { runTool } from './tool.mjs'
import { Stop, runCommand, say } from './words.mjs'

const CHROMIUM = '/usr/bin/chromium'
const CHINESE_FONT = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'

const tool = (path, ...args) => [process.execPath, [join(PROJECT, 'node_modules', path), ...args]]
const tsc = (project) => tool('@typescript/native/bin/tsc', '--noEmit', '-p', `tsconfig.${project}.json`)
const checkedByBoundaries = ['foundation', 'solvers', 'capabilities', 'flows', 'apps', 'bench']

/** Each of these counts as one test. */
const CHECKS = [
  ['types: pure', tsc('pure')],
  ['types: server', tsc('server')],
  ['types: web', tsc('web')],
  ['types: tests', tsc('tests')],
  ['lint', tool('eslint/bin/eslint.js', '.', '--max-warnings', '0')],
  ['format', tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')],
  [
    'boundaries',
    tool(
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      'architecture.cjs',
      ...checkedByBoundaries.filter((folder) => existsSync(join(PROJECT, folder))),
    ),
  ],
]

/** The vitest projects, cheapest first, so that a broken rule is told before a browser is opened. */
const SUITES = ['unit', 'screen', 'database', 'browser']

await runCommand(async () => {
  requireNode()
  await ensureInstalled()
  await ensureBrowser()
  const total = { passed: 0, failed: 0, skipped: 0 }
  await runBuild(total)
  for (const [name, command] of CHECKS) await runCheck(name, command, total)
  for (const suite of SUITES) await runSuite(suite, total)
  if (total.failed > 0) process.exitCode = 1
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
})

/** The browser tests need a browser and a Chinese font; as root on Debian they are installed where missing. */
async function ensureBrowser() {
  const missing = [
    ...(existsSync(CHROMIUM) ? [] : ['chromium']),
    ...(existsSync(CHINESE_FONT) ? [] : ['fonts-noto-cjk']),
  ]
  if (missing.length === 0) return
  const command = `apt-get update && apt-get install -y ${missing.join(' ')}`
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Stop(
      `浏览器测试需要 ${missing.join(' 和 ')}, 请以 root 执行: ${command}`,
      `The browser tests need ${missing.join(' and ')}; run as root: ${command}`,
    )
  say(`正在安装 ${missing.join('、')}`, `Installing ${missing.join(' and ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  const updated = await runTool('apt-get', [...wait, 'update'], { env })
  const installed = await runTool(
    'apt-get',
    [...wait, 'install', '-y', '--no-install-recommends', ...missing],
    { env },
  )
  if (installed.code !== 0)
    throw new Stop(
      `安装 ${missing.join('、')} 失败`,
      `Installing ${missing.join(' and ')} failed`,
      (updated.output + installed.output).split('\n').slice(-15).join('\n'),
    )
}

/** A build that fails is one failed check; the others are still worth knowing. */
async function runBuild(total) {
  const startedAt = performance.now()
  try {
    await ensureBuilt()
    tally('build', true, startedAt, total)
  } catch (fault) {
    if (!(fault instanceof Stop)) throw fault
    tally('build', false, startedAt, total)
    console.log(`${fault.message}\n${fault.detail}`)
  }
}

async function runCheck(name, [program, args], total) {
  const startedAt = performance.now()
  const { code, output } = await runTool(program, args, { cwd: PROJECT })
  tally(name, code === 0, startedAt, total)
  if (code !== 0) console.log(output.split('\n').slice(0, 200).join('\n'))
}

function tally(name, passed, startedAt, total) {
  if (passed) total.passed++
  else total.failed++
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds(startedAt)} s)`)
}

async function runSuite(suite, total) {
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-report-'))
  const report = join(folder, 'report.json')
  const startedAt = performance.now()
  console.log(`\n── vitest: ${suite}`)
  const [program, args] = tool(
    'vitest/vitest.mjs',
    'run',
    '--project',
    suite,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  )
  const { code } = await runTool(program, args, { cwd: PROJECT, show: true })
  const counted = readReport(report, code)
  for (const outcome of ['passed', 'failed', 'skipped']) total[outcome] += counted[outcome]
  console.log(
    `${counted.failed === 0 ? '✓' : '✗'} ${suite}: ${counted.passed} passed, ${counted.failed} failed (${seconds(startedAt)} s)`,
  )
  rmSync(folder, { recursive: true, force: true })
}

/** Counts tests. A file that could not be loaded, an error outside any test and a runner that fell over each count as failed. */
function readReport(path, exitCode) {
  const counted = { passed: 0, failed: 0, skipped: 0 }
  if (existsSync(path)) {
    const report = JSON.parse(readFileSync(path, 'utf8'))
    counted.passed = report.numPassedTests
    counted.skipped = report.numPendingTests + report.numTodoTests
    const brokenFiles = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    )
    counted.failed = report.numFailedTests + brokenFiles.length
  }
  if (exitCode !== 0 && counted.failed === 0) counted.failed = 1
  return counted
}

function seconds(startedAt) {
  return ((performance.now() - startedAt) / 1000).toFixed(1)
}
