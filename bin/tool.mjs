import { spawn } from 'node:child_process'

/**
 * Runs a program to its end and gives `{ code, output }` (stdout and stderr together).
 * `show: true` lets it write to the terminal as well. SIGINT reaches it by itself: it shares our process group.
 */
export function runTool(program, args, { cwd, env = process.env, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: show ? env : { ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const take = (stream) => (chunk) => {
      output = (output + chunk).slice(-2_000_000)
      if (show) stream.write(chunk)
    }
    child.stdout.setEncoding('utf8').on('data', take(process.stdout))
    child.stderr.setEncoding('utf8').on('data', take(process.stderr))
    child.on('error', (fault) => resolve({ code: 127, output: `${output}${fault.message}` }))
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 128, output: signal ? `${output}\n${program} ended by ${signal}` : output }),
    )
  })
}
