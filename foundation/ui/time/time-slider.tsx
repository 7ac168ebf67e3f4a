import { Button, Segmented } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from './format.ts'
import './time-slider.css'

export interface TimeMark {
  readonly at: number
  readonly label: string
  readonly tone?: 'danger' | 'warn' | 'info'
}

const SPEEDS = [1, 10, 60, 300] as const

/** Walks through a span of time: drag, arrow keys (step), space plays. */
export function TimeSlider({
  from,
  until,
  at,
  onChange,
  marks = [],
  stepSeconds = 10,
  initialSpeed = 60,
}: {
  from: number
  until: number
  at: number
  onChange: (at: number) => void
  marks?: readonly TimeMark[]
  stepSeconds?: number
  initialSpeed?: (typeof SPEEDS)[number]
}) {
  const { t } = useTranslation('ui')
  const format = useFormat()
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<number>(initialSpeed)
  const latest = useRef({ at, onChange })
  useEffect(() => {
    latest.current = { at, onChange }
  })

  useEffect(() => {
    if (!playing) return
    let frame = 0
    let before: number | null = null
    const tick = (now: number) => {
      if (before !== null) {
        const next = latest.current.at + (now - before) * speed
        latest.current.onChange(Math.min(until, next))
        if (next >= until) {
          setPlaying(false)
          return
        }
      }
      before = now
      frame = requestAnimationFrame(tick)
    }
    frame = requestAnimationFrame(tick)
    return () => cancelAnimationFrame(frame)
  }, [playing, speed, until])

  const toggle = () => {
    if (!playing && at >= until) onChange(from)
    setPlaying((now) => !now)
  }
  const step = stepSeconds * 1000
  // The last step may reach over the end: a range stops at its last whole one, and the end would never come.
  const wholeSteps = Math.ceil((until - from) / step)
  const share = (moment: number) => (until > from ? ((moment - from) / (until - from)) * 100 : 0)

  return (
    <div className="time-slider" role="group" aria-label={t('slider.label')}>
      <Button
        onClick={toggle}
        aria-label={t(playing ? 'slider.pause' : 'slider.play')}
        title={t(playing ? 'slider.pause' : 'slider.play')}
      >
        {playing ? '❚❚' : '▶'}
      </Button>
      <div className="time-slider-track">
        <div className="time-slider-marks" aria-hidden>
          {marks
            .filter((mark) => mark.at >= from && mark.at <= until)
            .map((mark, index) => (
              <i
                key={index}
                data-tone={mark.tone ?? 'info'}
                style={{ left: `${share(mark.at)}%` }}
                title={`${format.clock(mark.at)} ${mark.label}`}
              />
            ))}
        </div>
        <input
          type="range"
          min={from}
          max={from + wholeSteps * step}
          step={step}
          value={at}
          aria-label={t('slider.moment')}
          aria-valuetext={format.moment(at)}
          onChange={(event) => onChange(Math.min(until, Number(event.target.value)))}
          onKeyDown={(event) => {
            if (event.key === ' ') {
              event.preventDefault()
              toggle()
            }
          }}
        />
        <div className="time-slider-ends">
          <span>{format.short(from)}</span>
          <strong>{format.moment(at)}</strong>
          <span>{format.short(until)}</span>
        </div>
      </div>
      <Segmented
        size="small"
        aria-label={t('slider.speed')}
        value={speed}
        options={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
        onChange={setSpeed}
      />
    </div>
  )
}
