import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ROOT } from './planting.ts'

const { requireNode, isInstalled } = (await import(join(ROOT, 'bin/install.mjs'))) as {
  requireNode(version?: string): void
  isInstalled(project?: string): boolean
}
const { explainFailure } = (await import(join(ROOT, 'bin/words.mjs'))) as {
  explainFailure(chineseStep: string, englishStep: string, output: string): Error
}

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-commands-'))
  folders.push(folder)
  return folder
}

describe('the commands', () => {
  it.each(['18.20.0', '20.18.3', '16.0.0'])(
    'refuse Node %s and name the version that is needed',
    (version) => {
      expect(() => requireNode(version)).toThrow(/需要 Node.js 20\.19 .*20\.19 or newer is needed/)
    },
  )

  it.each(['20.19.0', '20.20.2', '22.1.0', '24.0.0'])('take Node %s', (version) => {
    expect(() => requireNode(version)).not.toThrow()
  })

  it('are what package.json calls', () => {
    const { scripts, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
      bin: Record<string, string>
    }
    expect(scripts).toMatchObject({
      start: 'node bin/start.mjs',
      test: 'node bin/test.mjs',
      bench: 'node bin/bench.mjs',
    })
    expect(bin).toEqual({ xunfang: 'bin/xunfang.mjs' })
  })
})

describe('what is installed', () => {
  function installed(wanted: Record<string, object>, laid: Record<string, object> | null): boolean {
    const folder = project()
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }))
    if (laid) {
      mkdirSync(join(folder, 'node_modules'))
      writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: laid }))
    }
    return isInstalled(folder)
  }

  it('is nothing before the first install', () => {
    expect(installed({ 'node_modules/pg': { version: '8.0.0' } }, null)).toBe(false)
  })

  it('is enough when each package has the version of the lockfile', () => {
    const packages = { 'node_modules/pg': { version: '8.0.0' } }
    expect(installed(packages, packages)).toBe(true)
  })

  it('is not enough when the lockfile has moved on', () => {
    expect(
      installed({ 'node_modules/pg': { version: '8.1.0' } }, { 'node_modules/pg': { version: '8.0.0' } }),
    ).toBe(false)
  })

  it('may lack what is meant for other machines', () => {
    const wanted = {
      'node_modules/windows-only': { version: '1.0.0', os: ['win32'] },
      'node_modules/extra': { version: '1.0.0', optional: true },
    }
    expect(installed(wanted, {})).toBe(true)
  })
})

describe('a failed step', () => {
  it.each([
    ['npm error code ENOSPC', /磁盘已满.*disk is full/],
    ['npm error code ENOTFOUND', /连不上 npm 软件源.*no npm registry can be reached/],
    ['connect ECONNREFUSED 127.0.0.1:1', /连不上 npm 软件源.*no npm registry can be reached/],
    ['EACCES: permission denied, mkdir', /没有写入项目文件夹的权限.*may not write/],
    ['something else', /^安装失败 · Installing failed$/],
  ])('that printed «%s» is told by its remedy', (output, words) => {
    expect(explainFailure('安装', 'Installing', output).message).toMatch(words)
  })

  it('ends the command with one sentence in each language', () => {
    const folder = project()
    for (const name of ['bin', 'package.json', 'package-lock.json'])
      cpSync(join(ROOT, name), join(folder, name), { recursive: true })
    const { npm_execpath: _, ...env } = process.env
    const run = spawnSync(process.execPath, ['bin/start.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...env,
        npm_config_registry: 'http://127.0.0.1:9/',
        npm_config_cache: join(folder, 'cache'),
        npm_config_fetch_retries: '0',
      },
    })
    expect(run.status).toBe(1)
    expect(run.stderr).toMatch(/^✗ 安装依赖失败: 连不上 npm 软件源/m)
    expect(run.stderr).toMatch(/^✗ Installing packages failed: no npm registry can be reached/m)
    expect(run.stderr).not.toMatch(/at .*\.mjs:\d+/)
  })
})
