import { useNow } from '../../../foundation/ui/time/clock.ts'
import { useFormat, districtTimeZone } from '../../../foundation/ui/time/format.ts'
import { useStore } from '../../../foundation/ui/store/store.ts'

/** The district's wall clock, with the zone's name so that nobody takes it for his own. */
export function Clock() {
  const now = useNow()
  const format = useFormat()
  const zone = useStore(districtTimeZone)
  const [date, time] = format.moment(now).split(' ')
  return (
    <time className="clock" dateTime={new Date(now).toISOString()} title={zone}>
      <strong>{time}</strong>
      <span>
        {date} {zone?.split('/').at(-1)?.replaceAll('_', ' ')}
      </span>
    </time>
  )
}
