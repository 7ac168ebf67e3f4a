import { describe, expect, it } from 'vitest'
import type { UnitId, OfficerId, OrganisationId, VehicleId } from '../../force/core/index.ts'
import { bindDevice, setGateway, type Carrier, type Device, type DeviceId } from './device.ts'
import { speakersOf, unitPosition, type DevicePosition, type UnitOnForce } from './latest.ts'

const device = (number: number, carrier: Carrier | null, changes: Partial<Device> = {}): Device => ({
  id: `d${number}` as DeviceId,
  number,
  code: `c${number}`,
  name: '',
  kind: 'phone',
  datum: 'wgs-84',
  gatewayId: null,
  enabled: true,
  carrier,
  version: 1,
  ...changes,
})
const unit: UnitOnForce = {
  unitId: 'u1' as UnitId,
  organisationId: 'o1' as OrganisationId,
  callSign: '巡101',
  status: 'patrolling',
  vehicleId: 'v1' as VehicleId,
  leaderOfficerId: 'leader' as OfficerId,
  memberOfficerIds: ['leader' as OfficerId, 'member' as OfficerId],
}
const ofOfficer = (id: string): Carrier => ({ kind: 'officer', officerId: id as OfficerId })
const position = (number: number, fixedAt: number): DevicePosition => ({
  device: number,
  fixedAt,
  receivedAt: fixedAt,
  lon: number,
  lat: 0,
  accuracyMetres: 5,
  speedMetresPerSecond: NaN,
  bearingDegrees: NaN,
  batteryPercent: NaN,
  flags: 0,
})

describe('who speaks for a unit', () => {
  it('is its own device first, then its vehicle’s, its leader’s, a member’s', () => {
    const speakers = speakersOf(
      [
        device(1, ofOfficer('member')),
        device(2, ofOfficer('leader')),
        device(3, { kind: 'vehicle', vehicleId: 'v1' as VehicleId }),
        device(4, { kind: 'unit', unitId: 'u1' as UnitId }),
        device(5, ofOfficer('somebody else')),
        device(6, { kind: 'unit', unitId: 'u1' as UnitId }, { enabled: false }),
        device(7, null),
      ],
      [unit],
    )
    expect(speakers.map((speaker) => speaker.device)).toEqual([4, 3, 2, 1])
  })
  it('changes only when the better device has been silent for long', () => {
    const speakers = speakersOf(
      [device(3, { kind: 'vehicle', vehicleId: 'v1' as VehicleId }), device(2, ofOfficer('leader'))],
      [unit],
    )
    const positions = new Map([
      [3, position(3, 0)],
      [2, position(2, 60_000)],
    ])
    expect(unitPosition(speakers, (number) => positions.get(number), 60)?.device).toBe(3)
    positions.set(2, position(2, 60_001))
    expect(unitPosition(speakers, (number) => positions.get(number), 60)?.device).toBe(2)
    expect(unitPosition(speakers, () => undefined, 60)).toBeNull()
  })
})

describe('binding a device', () => {
  it('is refused while it is with somebody, disabled, or a gateway', () => {
    expect(bindDevice(device(1, null), ofOfficer('a'))).toEqual(ofOfficer('a'))
    expect(bindDevice(device(1, ofOfficer('b')), ofOfficer('a'))).toMatchObject({
      refused: 'device-already-bound',
    })
    expect(bindDevice(device(1, null, { enabled: false }), ofOfficer('a'))).toMatchObject({
      refused: 'device-disabled',
    })
    expect(bindDevice(device(1, null, { kind: 'gateway' }), ofOfficer('a'))).toMatchObject({
      refused: 'gateway-not-bound',
    })
  })
  it('lets only a gateway be a gateway', () => {
    expect(setGateway(device(1, null), device(2, null, { kind: 'gateway' }))).toBeNull()
    expect(setGateway(device(1, null), device(2, null))).toMatchObject({ refused: 'invalid-gateway' })
    expect(
      setGateway(device(1, null, { kind: 'gateway' }), device(2, null, { kind: 'gateway' })),
    ).toMatchObject({ refused: 'invalid-gateway' })
  })
})
