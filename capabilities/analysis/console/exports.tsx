import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'

const FILES = [
  ['plan.csv', 'stops', 'CSV'],
  ['plan.geojson', 'stops', 'GeoJSON'],
  ['series.csv', 'tab.series', 'CSV'],
  ['series.geojson', 'tab.series', 'GeoJSON'],
  ['warnings.csv', 'tab.warnings', 'CSV'],
  ['warnings.geojson', 'tab.warnings', 'GeoJSON'],
] as const

/** What a run made, to take away: tables, places, the day as a report, and this page on paper. */
export function Exports({ runId }: { runId: string }) {
  const { t, i18n } = useTranslation('analysis')
  const at = `/api/analysis-runs/${runId}`
  return (
    <span className="analysis-exports">
      <a href={`${at}/report.pdf?language=${i18n.language === 'en' ? 'en' : 'zh-CN'}`} download>
        {t('export.pdf')}
      </a>
      <Dropdown
        trigger={['click']}
        menu={{
          items: FILES.map(([file, what, format]) => ({
            key: file,
            label: (
              <a href={`${at}/${file}`} download>
                {t('export.file', { what: t(what), format })}
              </a>
            ),
          })),
        }}
      >
        <Button>{t('export.more')}</Button>
      </Dropdown>
      <Button onClick={() => window.print()}>{t('export.print')}</Button>
    </span>
  )
}
