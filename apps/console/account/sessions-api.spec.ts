import { describe, expect, it } from 'vitest'
import { agentText } from './sessions-api.ts'

describe('where a session is open', () => {
  it('is told by browser and system', () => {
    expect(
      agentText(
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      ),
    ).toBe('Edge 140 · Windows')
    expect(
      agentText(
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36',
      ),
    ).toBe('Chrome 139 · Linux')
    expect(agentText('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe(
      'Firefox 140 · Linux',
    )
  })

  it('is told as it came where it is not known', () => {
    expect(agentText('curl/8.5.0')).toBe('curl/8.5.0')
    expect(agentText('')).toBe('—')
  })
})
