/**
 * The two looks of the house. Text colours reach 4.5 : 1 on `surface` and `raised` (WCAG 2.2 AA); the spec checks it.
 * Signal colours are always joined by a shape, a letter or a word.
 */
export interface Palette {
  readonly canvas: string
  readonly surface: string
  readonly raised: string
  readonly overlay: string
  readonly line: string
  readonly lineStrong: string
  readonly text: string
  readonly muted: string
  readonly faint: string
  readonly accent: string
  readonly onAccent: string
  readonly ok: string
  readonly warn: string
  readonly danger: string
  readonly info: string
  readonly violet: string
  readonly cyan: string
  readonly map: MapPalette
}

export interface MapPalette {
  readonly ground: string
  readonly water: string
  readonly green: string
  readonly built: string
  readonly building: string
  readonly buildingLine: string
  readonly minor: string
  readonly major: string
  readonly motorway: string
  readonly casing: string
  readonly rail: string
  readonly label: string
  readonly labelHalo: string
  readonly waterLabel: string
}

export type ThemeName = 'dark' | 'light'

export const PALETTES: Readonly<Record<ThemeName, Palette>> = {
  dark: {
    canvas: '#080d13',
    surface: '#0f1720',
    raised: '#15202c',
    overlay: '#1a2735',
    line: '#1f2d3b',
    lineStrong: '#38506a',
    text: '#e4ecf4',
    muted: '#a5b7c8',
    faint: '#8298ad',
    accent: '#4aa8ff',
    onAccent: '#06121f',
    ok: '#37cf91',
    warn: '#f3b53f',
    danger: '#ff7472',
    info: '#58b0ff',
    violet: '#bda3ff',
    cyan: '#43d1e2',
    map: {
      ground: '#0d141c',
      water: '#0c2133',
      green: '#0f1f1b',
      built: '#111a24',
      building: '#16212d',
      buildingLine: '#1e2c3a',
      minor: '#243444',
      major: '#33495f',
      motorway: '#4a6480',
      casing: '#0a1017',
      rail: '#3b4654',
      label: '#93a9be',
      labelHalo: '#0a1119',
      waterLabel: '#4f88b5',
    },
  },
  light: {
    canvas: '#e9eef3',
    surface: '#ffffff',
    raised: '#f5f8fa',
    overlay: '#ffffff',
    line: '#d7dfe7',
    lineStrong: '#9fb0c0',
    text: '#12202d',
    muted: '#43566a',
    faint: '#5a6d80',
    accent: '#0a62c4',
    onAccent: '#ffffff',
    ok: '#0a7447',
    warn: '#875400',
    danger: '#bf2424',
    info: '#0a62c4',
    violet: '#6539bd',
    cyan: '#096d7b',
    map: {
      ground: '#f1f3f4',
      water: '#b9d7ec',
      green: '#d8ead5',
      built: '#eceef0',
      building: '#dde2e7',
      buildingLine: '#ccd3da',
      minor: '#ffffff',
      major: '#ffffff',
      motorway: '#fbe3b4',
      casing: '#c4ccd4',
      rail: '#a9b1ba',
      label: '#445566',
      labelHalo: '#ffffff',
      waterLabel: '#3d78a8',
    },
  },
}

/** WCAG 2.2 contrast ratio of two `#rrggbb` colours. */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((from) => {
    const channel = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
