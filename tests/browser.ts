import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'
import { openFolder, removeFolder } from './launching.ts'
import { ROOT } from './planting.ts'

/** The product as `npm start` runs it: the built server in a process of its own, with its own PostgreSQL. */
export interface Product {
  /** Without a slash at its end. */
  readonly url: string
  /** The first-run sign-in, with its token; null once there is an account. */
  readonly setupUrl: string | null
  readonly dataFolder: string
  readonly process: ChildProcess
  /** All that it has printed. */
  output(): string
  /** As Ctrl-C does. Keeps the data folder. */
  stop(): Promise<void>
  /** kill -9. Keeps the data folder, and PostgreSQL runs on. */
  kill(): Promise<void>
  /** `stop`, and the data is gone. */
  remove(): Promise<void>
}

/** Starts the built product on a free port. `args` as after `npm start --`; `dataFolder` to start again on the same data. */
export async function startProduct(
  options: {
    args?: readonly string[]
    dataFolder?: string
    env?: Record<string, string>
    port?: number
  } = {},
): Promise<Product> {
  const dataFolder = options.dataFolder ?? openFolder('product')
  const args = [
    '--port',
    String(options.port ?? 0),
    '--host',
    '127.0.0.1',
    '--data',
    dataFolder,
    ...(options.args ?? []),
  ]
  const { DATABASE_URL: _, PORT: __, ...env } = process.env
  const child = spawn(process.execPath, [join(ROOT, 'dist/apps/server/main.js'), ...args], {
    cwd: ROOT,
    env: { ...env, NODE_ENV: 'production', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const address = await printedAddress(child)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  const { origin } = new URL(address.text)
  return {
    url: origin,
    setupUrl: address.text.includes('token=') ? address.text : null,
    dataFolder,
    process: child,
    output: address.output,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    async remove() {
      await end('SIGINT')
      removeFolder(dataFolder)
    },
  }
}

/** The server prints its one address when it is ready. */
function printedAddress(child: ChildProcess): Promise<{ text: string; output: () => string }> {
  let output = ''
  return new Promise((resolve, reject) => {
    const take = (chunk: string) => {
      output += chunk
      const found = /https?:\/\/\S+/.exec(output)
      if (found && /\s/.test(output[found.index + found[0].length] ?? ''))
        resolve({ text: found[0], output: () => output })
    }
    child.stdout!.setEncoding('utf8').on('data', take)
    child.stderr!.setEncoding('utf8').on('data', take)
    child.once('exit', (code, signal) =>
      reject(new Error(`the server ended (${code ?? signal}) before it was ready:\n${output}`)),
    )
  })
}

/** Debian's Chromium, quiet on the network and drawing WebGL without a graphics card. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-unsafe-swiftshader',
    ],
  })
}

/** What no page of ours may do. */
export interface PageFaults {
  /** Uncaught errors and console errors. */
  readonly errors: readonly string[]
  /** Requests to anywhere but the server's own origin. */
  readonly foreignRequests: readonly string[]
}

/**
 * A page in a context of its own (own cookies), in Chinese unless told, whose faults are written down. `before` has
 * the context before anything is opened in it.
 */
export async function openPage(
  browser: Browser,
  url: string,
  {
    before,
    ...options
  }: BrowserContextOptions & { before?: (context: BrowserContext) => Promise<void> } = {},
): Promise<{ page: Page; faults: PageFaults; close(): Promise<void> }> {
  const context = await browser.newContext({
    locale: 'zh-CN',
    viewport: { width: 1440, height: 900 },
    ...options,
  })
  await before?.(context)
  const page = await context.newPage()
  const errors: string[] = []
  const foreignRequests: string[] = []
  const { host } = new URL(url)
  page.on('pageerror', (fault) => errors.push(fault.stack ?? fault.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`)
  })
  page.on('request', (request) => {
    const target = new URL(request.url())
    if (!['data:', 'blob:'].includes(target.protocol) && target.host !== host)
      foreignRequests.push(request.url())
  })
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== host) foreignRequests.push(socket.url())
  })
  await page.goto(url)
  return { page, faults: { errors, foreignRequests }, close: () => context.close() }
}
