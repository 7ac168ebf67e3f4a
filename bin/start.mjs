#!/usr/bin/env node
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { PROJECT, ensureInstalled, requireNode } from './install.mjs'
import { runCommand } from './words.mjs'

/**
 * `npm start`: installs and builds what is missing, then becomes the server. It runs in this very process, so one
 * Ctrl-C, one SIGTERM and one kill -9 reach it and nothing is left behind.
 */
await runCommand(async () => {
  requireNode()
  await ensureInstalled()
  await ensureBuilt()
  const server = join(PROJECT, 'dist/apps/server/main.js')
  process.argv[1] = server
  await import(pathToFileURL(server).href)
})
