import { Loading } from '../../../foundation/ui/states/states.tsx'

export function PageLoading() {
  return (
    <div className="page">
      <Loading rows={8} />
    </div>
  )
}
