import { LivePage, type MoreLayer } from '../../capabilities/dispatch/console/live-page.tsx'
import { OrdersInForceLayer } from '../../capabilities/patrol/console/orders-layer.tsx'

/** Layers of rooms that come after dispatch. */
const MORE: readonly MoreLayer[] = [
  { id: 'orders', label: 'patrol:layer.orders', isShown: true, Layer: OrdersInForceLayer },
]

/** The live map with what later rooms draw on it. */
export function Live() {
  return <LivePage more={MORE} />
}
