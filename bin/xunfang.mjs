#!/usr/bin/env node
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './build.mjs'
import { PROJECT, ensureInstalled, requireNode } from './install.mjs'
import { runCommand } from './words.mjs'

/** `npx xunfang …` or `node bin/xunfang.mjs …`: the command line of the platform (import, replay, …). */
await runCommand(async () => {
  requireNode()
  await ensureInstalled()
  await ensureBuilt()
  const cli = join(PROJECT, 'dist/apps/cli/main.js')
  process.argv[1] = cli
  await import(pathToFileURL(cli).href)
})
