/** Tells how far a long command is: one line that renews itself on a terminal, a line each tenth elsewhere. */
export interface Progress {
  at(share: number, text: string): void
  end(): void
}

const TELL_MILLISECONDS = 200

export function openProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let toldAt = 0
  let tenth = 0
  return {
    at(share, text) {
      const line = `${String(Math.min(100, Math.round(share * 100))).padStart(3)} %  ${text}`
      if (stream.isTTY) {
        const now = performance.now()
        if (now - toldAt < TELL_MILLISECONDS) return
        toldAt = now
        stream.write(`\r\u001b[K${line}`)
      } else if (Math.floor(share * 10) > tenth) {
        tenth = Math.floor(share * 10)
        stream.write(`${line}\n`)
      }
    },
    end() {
      if (stream.isTTY && toldAt > 0) stream.write('\r\u001b[K')
    },
  }
}
