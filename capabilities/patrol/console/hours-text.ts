const two = (hour: number) => String(hour % 24).padStart(2, '0')

/** `22:00–23:00` */
export const hoursText = (hour: number): string => `${two(hour)}:00–${two(hour + 1)}:00`
