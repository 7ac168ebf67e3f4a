import { useTranslation } from 'react-i18next'
import { useDistrict } from '../../../foundation/ui/session/session.tsx'
import { profileText } from '../core/index.ts'

/** The name of the profile from which this district's hours are drawn. */
export function useDrawnFrom(): string {
  const { t } = useTranslation('incident')
  const { key, values } = profileText(useDistrict()?.hours ?? null)
  return t(key, values)
}
