export { ACCESS } from './access.ts'
export type { BasemapFeature, BasemapLayer, Geometry, LonLat } from './features.ts'
export { BASEMAP_LAYERS, centreOfRing, labelPosition } from './features.ts'
export type { PlaceName } from './place-names.ts'
export { intersectionName, placeNamesOf } from './place-names.ts'
export { queryWords, searchText } from './place-query.ts'
export type { CoordinateSystem } from './coordinates.ts'
export { COORDINATE_SYSTEMS, fromWgs84, toWgs84 } from './coordinates.ts'
export type { Projection } from './projection.ts'
export { projectionOf } from './projection.ts'
export type { BuiltRoadGraph, RoadNode, RoadWay, TurnRestriction } from '../../../solvers/routing/build.ts'
export { buildRoadGraph } from '../../../solvers/routing/build.ts'
export type { RoadGraph } from '../../../solvers/routing/graph.ts'
export { decodeRoadGraph, encodeRoadGraph } from '../../../solvers/routing/codec.ts'
export type { Router, TravelMatrix } from '../../../solvers/routing/router.ts'
export { createRouter } from '../../../solvers/routing/router.ts'
export type { Travel, TravelBasis } from '../../../solvers/routing/travel.ts'
export type { Route, RoutePlace, RoutePoint } from '../../../solvers/routing/route.ts'
export { placeOnRoute } from '../../../solvers/routing/route.ts'
export type { DistrictSettings, HourSource } from './district.ts'
export { DEFAULT_DISTRICT, DISTRICT_SETTING, districtFault, HOURS_SETTING } from './district.ts'
export type {
  ActiveHours,
  Area,
  AreaId,
  AreaKind,
  KeyPlace,
  KeyPlaceId,
  Site,
  SiteClass,
  SiteContact,
  SiteId,
} from './register.ts'
export { areaAt, AREA_KINDS, closedRing, SITE_CLASSES } from './register.ts'
export type {
  AreaRow,
  PlaceImportCause,
  PlaceImportKnowledge,
  PlaceRejection,
  PlaceRow,
} from './register-import.ts'
export { PLACE_IMPORT_CAUSES } from './register-import.ts'
