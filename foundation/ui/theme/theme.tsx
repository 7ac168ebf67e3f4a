import { App, ConfigProvider, theme as antdTheme, type ThemeConfig } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { createContext, useContext, useLayoutEffect, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { rememberedStore } from '../store/remembered.ts'
import { useStore } from '../store/store.ts'
import { PALETTES, type Palette, type ThemeName } from './palette.ts'
import './theme.css'

const isThemeName = (value: unknown): value is ThemeName => value === 'dark' || value === 'light'

/** The command room's dark look unless this workstation chose the light one. */
export const themeChoice = rememberedStore<ThemeName>('xunfang.theme', 'dark', isThemeName)

const ThemeContext = createContext<{ name: ThemeName; palette: Palette }>({
  name: 'dark',
  palette: PALETTES.dark,
})

export function useTheme(): { name: ThemeName; palette: Palette } {
  return useContext(ThemeContext)
}

const FONT =
  '"Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif'
const MONO =
  '"JetBrains Mono","Cascadia Mono","DejaVu Sans Mono","Noto Sans Mono CJK SC",ui-monospace,monospace'

function antdConfig(name: ThemeName, p: Palette): ThemeConfig {
  return {
    algorithm: name === 'dark' ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    token: {
      colorPrimary: p.accent,
      colorInfo: p.info,
      colorSuccess: p.ok,
      colorWarning: p.warn,
      colorError: p.danger,
      colorLink: p.accent,
      colorBgBase: p.surface,
      colorBgLayout: p.canvas,
      colorBgContainer: p.surface,
      colorBgElevated: p.overlay,
      colorBorder: p.lineStrong,
      colorBorderSecondary: p.line,
      colorText: p.text,
      colorTextSecondary: p.muted,
      colorTextTertiary: p.faint,
      colorTextPlaceholder: p.faint,
      colorTextLightSolid: p.onAccent,
      fontFamily: FONT,
      fontFamilyCode: MONO,
      fontSize: 14,
      borderRadius: 4,
      controlHeight: 30,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
      wireframe: false,
    },
    components: {
      Table: {
        cellPaddingBlock: 7,
        cellPaddingInline: 10,
        headerBg: p.raised,
        headerColor: p.muted,
        cellPaddingBlockSM: 5,
      },
      Card: { paddingLG: 16, headerHeight: 40 },
      Tabs: { horizontalItemPadding: '8px 0' },
      Menu: { itemHeight: 36 },
      Form: { itemMarginBottom: 14, verticalLabelPadding: '0 0 3px' },
    },
  }
}

/** Sets colours for plain CSS (custom properties) and for the component library from one palette. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const name = useStore(themeChoice)
  const { i18n } = useTranslation()
  const palette = PALETTES[name]
  const value = useMemo(() => ({ name, palette }), [name, palette])
  const config = useMemo(() => antdConfig(name, palette), [name, palette])

  useLayoutEffect(() => {
    const root = document.documentElement
    root.dataset['theme'] = name
    root.style.colorScheme = name
    for (const [token, colour] of Object.entries(palette)) {
      if (typeof colour === 'string') root.style.setProperty(`--${kebab(token)}`, colour)
    }
    root.style.setProperty('--font', FONT)
    root.style.setProperty('--mono', MONO)
  }, [name, palette])

  return (
    <ThemeContext value={value}>
      <style media="print">{PAPER}</style>
      <ConfigProvider
        theme={config}
        locale={i18n.language === 'en' ? enUS : zhCN}
        button={{ autoInsertSpace: false }}
        form={{ requiredMark: false }}
      >
        <App notification={{ placement: 'bottomRight' }}>{children}</App>
      </ConfigProvider>
    </ThemeContext>
  )
}

/** Paper is light, whatever the screen is. Stated as important: the screen's colours stand on the element itself. */
const PAPER = `:root { color-scheme: light !important; ${Object.entries(PALETTES.light)
  .flatMap(([token, colour]) =>
    typeof colour === 'string' ? [`--${kebab(token)}: ${colour} !important;`] : [],
  )
  .join(' ')} }
body, .ant-app { background: none !important; color: var(--text) !important; }`

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
