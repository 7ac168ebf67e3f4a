import { describe, expect, it } from 'vitest'
import { createLiveChannel, type LiveSocket } from './channel.ts'

/** A stream under the hand of the test: its sockets, its clock, its timers. */
function stage() {
  const opened: { path: string; socket: LiveSocket; sent: string[]; closed: boolean }[] = []
  let timers: { at: number; run: () => void }[] = []
  let now = 1_000_000
  const channel = createLiveChannel({
    open(path) {
      const entry = { path, sent: [] as string[], closed: false } as (typeof opened)[number]
      entry.socket = {
        onopen: null,
        onmessage: null,
        onclose: null,
        send: (text) => void entry.sent.push(text),
        close: () => void (entry.closed = true),
      }
      opened.push(entry)
      return entry.socket
    },
    now: () => now,
    after(milliseconds, run) {
      const timer = { at: now + milliseconds, run }
      timers.push(timer)
      return () => void (timers = timers.filter((each) => each !== timer))
    },
    chance: () => 1,
  })
  const heard: string[] = []
  channel.listen({
    event: ({ seq, topic }) => heard.push(`${seq} ${topic}`),
    reload: (reason) => heard.push(`reload ${reason}`),
  })
  const last = () => opened.at(-1)!
  return {
    channel,
    opened,
    heard,
    say: (message: object) => last().socket.onmessage?.({ data: JSON.stringify(message) }),
    drop: (code = 1006) => last().socket.onclose?.({ code }),
    pass(milliseconds: number) {
      now += milliseconds
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers = timers.filter((each) => each !== timer)
        timer.run()
      }
    },
  }
}

const event = (seq: number, topic = 'incident.opened') => ({
  t: 'event',
  seq,
  topic,
  at: '',
  subjectId: null,
  data: {},
})

describe('live channel', () => {
  it('begins without a sequence number and resumes after the last event seen', () => {
    const { channel, opened, say, drop, pass } = stage()
    channel.start()
    expect(opened[0]?.path).toBe('/api/live')
    say({ t: 'hello', seq: 40 })
    say(event(41))
    say(event(44))
    drop()
    pass(1_000)
    expect(opened[1]?.path).toBe('/api/live?after=44')
  })

  it('hands on each event once, also when the server sends it again after a resume', () => {
    const { channel, heard, say, drop, pass } = stage()
    channel.start()
    say({ t: 'hello', seq: 1 })
    say(event(2))
    drop()
    pass(1_000)
    say({ t: 'hello', seq: 2 })
    say(event(2))
    say(event(3))
    expect(heard).toEqual(['2 incident.opened', '3 incident.opened'])
  })

  it('counts what was passed over: a beat moves the place to resume from', () => {
    const { channel, opened, say, drop, pass } = stage()
    channel.start()
    say({ t: 'hello', seq: 5 })
    say({ t: 'beat', seq: 90 })
    drop()
    pass(1_000)
    expect(opened[1]?.path).toBe('/api/live?after=90')
  })

  it('waits longer after each failure, and from the start again after a message', () => {
    const { channel, opened, say, drop, pass } = stage()
    channel.start()
    drop()
    pass(499)
    expect(opened).toHaveLength(1)
    pass(1)
    expect(opened).toHaveLength(2)
    drop()
    pass(999)
    expect(opened).toHaveLength(2)
    pass(1)
    expect(opened).toHaveLength(3)
    say({ t: 'hello', seq: 1 })
    expect(channel.state.get().attempts).toBe(0)
    drop()
    pass(500)
    expect(opened).toHaveLength(4)
  })

  it('never waits longer than fifteen seconds', () => {
    const { channel, opened, drop, pass } = stage()
    channel.start()
    for (let failure = 0; failure < 20; failure++) {
      drop()
      pass(15_000)
    }
    expect(opened).toHaveLength(21)
  })

  it('passes on that events were missed, and begins afresh', () => {
    const { channel, opened, heard, say, drop, pass } = stage()
    channel.start()
    say({ t: 'hello', seq: 10 })
    say({ t: 'reload', reason: 'missed-events' })
    drop(4000)
    pass(1_000)
    expect(heard).toEqual(['reload missed-events'])
    expect(opened[1]?.path).toBe('/api/live')
  })

  it('takes a stream that is shorter than what was seen for another one', () => {
    const { channel, heard, say, drop, pass } = stage()
    channel.start()
    say({ t: 'hello', seq: 100 })
    drop()
    pass(1_000)
    say({ t: 'hello', seq: 3 })
    say(event(4))
    expect(heard).toEqual(['reload stream-restarted', '4 incident.opened'])
  })

  it('does not believe a socket that has said nothing for forty seconds', () => {
    const { channel, opened, say, pass } = stage()
    channel.start()
    say({ t: 'hello', seq: 7 })
    pass(40_000)
    expect(channel.state.get().connection).toBe('waiting')
    expect(opened[0]?.closed).toBe(true)
    pass(1_000)
    expect(opened[1]?.path).toBe('/api/live?after=7')
  })

  it('stays closed when the session has ended', () => {
    const { channel, opened, drop, pass } = stage()
    channel.start()
    drop(4401)
    pass(60_000)
    expect(opened).toHaveLength(1)
    expect(channel.state.get().connection).toBe('idle')
  })

  it('ignores what it does not understand', () => {
    const { channel, heard, say } = stage()
    channel.start()
    say({ t: 'weather' })
    say({})
    expect(heard).toEqual([])
    expect(channel.state.get().lastMessageAt).toBeNull()
  })
})
