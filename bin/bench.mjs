#!/usr/bin/env node
import { fork } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { PROJECT, ensureInstalled, requireNode } from './install.mjs'
import { Stop, runCommand } from './words.mjs'

/**
 * `npm run bench [-- name …]`: runs bench/*.ts one after another and prints one table. Each exports
 * `measure(): Promise<{ measure, value, unit, target?, reached?, note? }[]>`; `reached: false` is an exit code of 1.
 * The figures go to bench/results/ as JSON with the machine they were measured on.
 */
await runCommand(async () => {
  requireNode()
  await ensureInstalled()
  await ensureBuilt()
  const names = benches(process.argv.slice(2).filter((word) => !word.startsWith('-')))
  const rows = []
  for (const name of names) {
    process.stderr.write(`… ${name}\n`)
    for (const row of await measureApart(name)) rows.push({ bench: name, ...row })
  }
  printTable(rows)
  console.log(`\n${keep(rows)}`)
  if (rows.some((row) => row.reached === false)) process.exitCode = 1
})

function benches(wanted) {
  const folder = join(PROJECT, 'dist/bench')
  const all = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -3))
    .sort()
  const unknown = wanted.filter((name) => !all.includes(name))
  if (unknown.length > 0)
    throw new Stop(
      `没有这些测量: ${unknown.join('、')} (可选: ${all.join('、')})`,
      `No such bench: ${unknown.join(', ')} (there are: ${all.join(', ')})`,
    )
  return wanted.length > 0 ? wanted : all
}

function measureApart(name) {
  const file = pathToFileURL(join(PROJECT, 'dist/bench', `${name}.js`)).href
  const child = fork(join(PROJECT, 'bin/measure.mjs'), [file], { stdio: ['ignore', 2, 2, 'ipc'] })
  return new Promise((resolve) => {
    let rows = null
    child.on('message', (message) => (rows = message.rows))
    child.on('exit', (code, signal) =>
      resolve(
        rows ?? [
          { measure: 'failed', value: null, unit: '', reached: false, note: `exit ${code ?? signal}` },
        ],
      ),
    )
  })
}

function keep(rows) {
  const measuredAt = new Date().toISOString()
  const machine = {
    node: process.version,
    cores: cpus().length,
    processor: cpus()[0]?.model,
    memoryBytes: totalmem(),
  }
  const folder = join(PROJECT, 'bench/results')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${measuredAt.replace(/[:.]/g, '-')}.json`)
  writeFileSync(path, `${JSON.stringify({ measuredAt, machine, rows }, null, 2)}\n`)
  return path
}

function printTable(rows) {
  const lines = [
    ['bench', 'measure', 'value', 'unit', 'target', '', 'note'],
    ...rows.map((row) => [
      row.bench,
      row.measure,
      figure(row.value),
      row.unit ?? '',
      row.target ?? '',
      row.reached === undefined ? '' : row.reached ? '✓' : '✗',
      row.note ?? '',
    ]),
  ]
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)))
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => String(cell).padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
}

function figure(value) {
  if (typeof value !== 'number') return String(value ?? '–')
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 })
}
