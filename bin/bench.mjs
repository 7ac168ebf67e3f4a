#!/usr/bin/env node
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cpus, totalmem } from 'node:os'
import { ensureBuilt } from './build.mjs'
import { PROJECT, ensureInstalled, requireNode } from './install.mjs'
import { runCommand } from './words.mjs'

/**
 * `npm run bench [name …]`: runs bench/*.ts one after another and prints one table. Each file exports
 * `measure(): Promise<{ measure, value, unit, target?, reached?, note? }[]>`.
 * The figures go to bench/results/ as JSON with the machine they were measured on.
 */
await runCommand(async () => {
  requireNode()
  await ensureInstalled()
  await ensureBuilt()
  const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'))
  const folder = join(PROJECT, 'dist/bench')
  const names = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -3))
    .filter((name) => wanted.length === 0 || wanted.includes(name))
    .sort()
  const rows = []
  for (const name of names) {
    const { measure } = await import(pathToFileURL(join(folder, `${name}.js`)).href)
    if (typeof measure !== 'function') continue
    process.stderr.write(`… ${name}\n`)
    try {
      for (const row of await measure()) rows.push({ bench: name, ...row })
    } catch (fault) {
      process.exitCode = 1
      rows.push({ bench: name, measure: 'failed', value: null, unit: '', note: fault.message })
      process.stderr.write(`${fault.stack}\n`)
    }
  }
  printTable(rows)
  mkdirSync(join(PROJECT, 'bench/results'), { recursive: true })
  const measuredAt = new Date().toISOString()
  const machine = {
    node: process.version,
    cores: cpus().length,
    processor: cpus()[0]?.model,
    memoryBytes: totalmem(),
  }
  const path = join(PROJECT, 'bench/results', `${measuredAt.replace(/[:.]/g, '-')}.json`)
  writeFileSync(path, `${JSON.stringify({ measuredAt, machine, rows }, null, 2)}\n`)
  console.log(`\n${path}`)
  process.exit()
})

function printTable(rows) {
  const cells = [
    ['bench', 'measure', 'value', 'unit', 'target', '', 'note'],
    ...rows.map((row) => [
      row.bench,
      row.measure,
      figure(row.value),
      row.unit ?? '',
      row.target ?? '',
      mark(row.reached),
      row.note ?? '',
    ]),
  ]
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => String(line[column]).length)))
  for (const line of cells)
    console.log(
      line
        .map((cell, column) => String(cell).padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
}

const mark = (reached) => (reached === undefined ? '' : reached ? '✓' : '✗')
const figure = (value) =>
  typeof value === 'number'
    ? value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 })
    : String(value ?? '–')
