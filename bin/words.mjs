/**
 * What the commands say before any language file can be loaded: both languages on one line.
 * Progress goes to stderr, so that the output of `xunfang` itself can be piped.
 */
export function say(chinese, english) {
  process.stderr.write(`${chinese} · ${english}\n`)
}

/** Says what stands in the way and how to remove it, and ends the command. */
export class Stop extends Error {
  constructor(chinese, english, detail = '') {
    super(`${chinese} · ${english}`)
    this.chinese = chinese
    this.english = english
    this.detail = detail
  }
}

/** Runs a command; a Stop is told in plain words and exit code 1, anything else is a fault of ours and keeps its stack. */
export async function runCommand(command) {
  try {
    await command()
  } catch (fault) {
    if (!(fault instanceof Stop)) throw fault
    process.stderr.write(`\n✗ ${fault.chinese}\n✗ ${fault.english}\n`)
    if (fault.detail) process.stderr.write(`\n${fault.detail}\n`)
    process.exitCode = 1
  }
}

/** Names the cause of a failed tool where its output shows one that the reader can remove. */
export function explainFailure(chineseStep, englishStep, output) {
  const tail = output.trim().split('\n').slice(-15).join('\n')
  if (/ENOSPC|No space left on device/i.test(output))
    return new Stop(
      `${chineseStep}失败: 磁盘已满, 请清理后重试`,
      `${englishStep} failed: the disk is full; free some space and try again`,
    )
  if (/EACCES|EPERM|EROFS/.test(output))
    return new Stop(
      `${chineseStep}失败: 没有写入项目文件夹的权限`,
      `${englishStep} failed: this user may not write into the project folder`,
      tail,
    )
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|network request to/i.test(output))
    return new Stop(
      `${chineseStep}失败: 连不上 npm 软件源, 请检查网络或 npm 配置 (npm config get registry)`,
      `${englishStep} failed: no npm registry can be reached; check the network or npm's settings (npm config get registry)`,
      tail,
    )
  return new Stop(`${chineseStep}失败`, `${englishStep} failed`, tail)
}
