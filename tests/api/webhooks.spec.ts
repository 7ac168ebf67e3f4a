import { describe, expect, it } from 'vitest'
import { RULES } from '../../apps/server/compose.ts'
import { isReceiver, mayHear } from '../../foundation/server/outbox/webhooks.ts'

describe('a webhook', () => {
  it('hears what a service account may read, and not what is the registers’ own', () => {
    for (const permission of ['incident.read', 'dispatch.read', 'force.read', 'board.read', 'signed-in'])
      expect(mayHear(RULES, permission), permission).toBe(true)
    for (const permission of ['location.read-devices', 'account.manage', 'no.such'])
      expect(mayHear(RULES, permission), permission).toBe(false)
  })

  it('lies anywhere but behind a password or at a link-local address', () => {
    for (const url of ['https://receiver.example/a?b', 'http://10.0.0.8:8080/', 'http://127.0.0.1/'])
      expect(isReceiver(url), url).toBe(true)
    for (const url of [
      'https://name:secret@receiver.example/',
      'http://169.254.169.254/latest/',
      'http://[fe80::1]/',
      'http://0xa9fea9fe/',
      'http://2852039166/',
      'not a url',
    ])
      expect(isReceiver(url), url).toBe(false)
  })
})
