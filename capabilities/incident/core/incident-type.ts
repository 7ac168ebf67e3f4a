import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { isLevel, type Level } from './level.ts'

/** One row of the dictionary of incident types. Codes are the agency's; the first two characters are the class. */
export interface IncidentType {
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  /** The level that the type alone asks for. */
  readonly baseLevel: Level
  /** True where minutes decide: life in danger or an offender still there. */
  readonly urgent: boolean
}

/** Classes of the 110 rules (《110接处警工作规则》): criminal, public order, traffic, dispute, help, disaster, crowd, tip-off, other. */
export const INCIDENT_CLASSES: readonly { code: string; nameZh: string; nameEn: string }[] = [
  { code: '01', nameZh: '刑事类', nameEn: 'Crime' },
  { code: '02', nameZh: '治安类', nameEn: 'Public order' },
  { code: '03', nameZh: '交通类', nameEn: 'Traffic' },
  { code: '04', nameZh: '纠纷类', nameEn: 'Dispute' },
  { code: '05', nameZh: '群众求助', nameEn: 'Help' },
  { code: '06', nameZh: '灾害事故', nameEn: 'Disaster' },
  { code: '07', nameZh: '群体性事件', nameEn: 'Crowd' },
  { code: '08', nameZh: '举报投诉', nameEn: 'Tip-off and complaint' },
  { code: '09', nameZh: '其他', nameEn: 'Other' },
]

const type = (
  code: string,
  nameZh: string,
  nameEn: string,
  baseLevel: Level = 'general',
  urgent: 'urgent' | 'routine' = 'routine',
): IncidentType => ({ code, nameZh, nameEn, baseLevel, urgent: urgent === 'urgent' })

/** In force until an agency imports its own dictionary. */
export const DEFAULT_INCIDENT_TYPES: readonly IncidentType[] = [
  type('0101', '命案', 'Homicide', 'major', 'urgent'),
  type('0102', '绑架劫持', 'Kidnapping or hostage-taking', 'major', 'urgent'),
  type('0103', '抢劫', 'Robbery', 'complex', 'urgent'),
  type('0104', '抢夺', 'Snatching', 'general', 'urgent'),
  type('0105', '故意伤害', 'Assault', 'general', 'urgent'),
  type('0106', '持械伤人', 'Attack with a weapon', 'complex', 'urgent'),
  type('0107', '涉枪警情', 'Shots fired', 'major', 'urgent'),
  type('0108', '入室盗窃', 'Burglary'),
  type('0109', '盗窃机动车', 'Vehicle theft'),
  type('0110', '盗窃', 'Theft'),
  type('0111', '扒窃', 'Pickpocketing'),
  type('0112', '诈骗', 'Fraud'),
  type('0113', '电信网络诈骗', 'Telecom or online fraud'),
  type('0114', '放火', 'Arson', 'complex', 'urgent'),
  type('0115', '涉毒警情', 'Drugs'),
  type('0116', '性侵害', 'Sexual offence', 'complex', 'urgent'),
  type('0201', '打架斗殴', 'Fight', 'general', 'urgent'),
  type('0202', '寻衅滋事', 'Disturbance', 'general', 'urgent'),
  type('0203', '威胁恐吓', 'Threat'),
  type('0204', '损毁财物', 'Vandalism'),
  type('0205', '赌博', 'Gambling'),
  type('0206', '涉黄警情', 'Vice'),
  type('0207', '噪音扰民', 'Noise'),
  type('0208', '可疑情况', 'Suspicious person or vehicle'),
  type('0209', '滞留不离', 'Unwanted person'),
  type('0210', '携带管制器具', 'Carrying a weapon', 'complex', 'urgent'),
  type('0211', '酒后滋事', 'Drunken disorder'),
  type('0212', '动物警情', 'Animal'),
  type('0213', '家庭暴力', 'Domestic violence', 'general', 'urgent'),
  type('0214', '可疑爆炸物', 'Suspected explosive', 'major', 'urgent'),
  type('0301', '交通事故（无人伤）', 'Collision without injury'),
  type('0302', '交通事故（有人伤）', 'Collision with injury', 'general', 'urgent'),
  type('0303', '肇事逃逸', 'Hit and run'),
  type('0304', '道路险情', 'Road hazard'),
  type('0305', '违法停车', 'Parking'),
  type('0306', '酒后驾驶', 'Drink driving', 'general', 'urgent'),
  type('0401', '家庭纠纷', 'Family dispute'),
  type('0402', '邻里纠纷', 'Neighbour dispute'),
  type('0403', '消费纠纷', 'Consumer dispute'),
  type('0404', '劳资纠纷', 'Wage dispute'),
  type('0405', '医患纠纷', 'Hospital dispute'),
  type('0406', '其他民事纠纷', 'Other civil dispute'),
  type('0501', '人员走失', 'Missing person', 'general', 'urgent'),
  type('0502', '遇险救助', 'Person in danger', 'general', 'urgent'),
  type('0503', '轻生警情', 'Person in crisis', 'complex', 'urgent'),
  type('0504', '非正常死亡', 'Unattended death', 'complex'),
  type('0505', '查看平安', 'Welfare check'),
  type('0506', '财物遗失招领', 'Lost or found property'),
  type('0507', '便民求助', 'Service request'),
  type('0508', '协助有关部门', 'Assist an agency'),
  type('0509', '醉酒人员救助', 'Care of an intoxicated person'),
  type('0601', '火灾', 'Fire', 'complex', 'urgent'),
  type('0602', '爆炸', 'Explosion', 'major', 'urgent'),
  type('0603', '燃气泄漏', 'Gas leak', 'complex', 'urgent'),
  type('0604', '水电管网故障', 'Utility failure'),
  type('0605', '水域险情', 'Water emergency', 'general', 'urgent'),
  type('0606', '危险化学品事故', 'Hazardous material', 'major', 'urgent'),
  type('0701', '人员聚集', 'Crowd gathering', 'complex'),
  type('0702', '群体斗殴', 'Group fight', 'complex', 'urgent'),
  type('0703', '大型活动秩序', 'Event order'),
  type('0801', '违法犯罪线索', 'Tip-off'),
  type('0802', '警务投诉', 'Complaint about police'),
  type('0901', '场所查看', 'Premise check'),
  type('0902', '区域巡视', 'Area check'),
  type('0903', '后续处理', 'Follow-up'),
  type('0904', '骚扰误报', 'Nuisance or mistaken call'),
  type('0905', '入侵报警', 'Intrusion alarm', 'general', 'urgent'),
  type('0999', '其他警情', 'Other'),
]

export function findType(types: readonly IncidentType[], code: string): IncidentType | undefined {
  return types.find((each) => each.code === code)
}

export function classOf(typeCode: string): string {
  return typeCode.slice(0, 2)
}

/**
 * Checks a dictionary before it is imported.
 * Refuses `invalid-type-list`, `invalid-type-code`, `type-name-required`, `invalid-type-level`, `invalid-type-code-twice`; `detail.row` counts from 1.
 */
export function checkIncidentTypes(rows: readonly IncidentType[]): Refusal | null {
  if (rows.length === 0) return refuse('invalid-type-list')
  const seen = new Set<string>()
  for (const [index, { code, nameZh, nameEn, baseLevel }] of rows.entries()) {
    const at = { row: index + 1, code }
    if (!/^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$/.test(code))
      return refuse('invalid-type-code', { field: 'code', detail: at })
    if (!nameZh.trim() || !nameEn.trim()) return refuse('type-name-required', { field: 'nameZh', detail: at })
    if (!isLevel(baseLevel)) return refuse('invalid-type-level', { field: 'baseLevel', detail: at })
    if (seen.has(code)) return refuse('invalid-type-code-twice', { field: 'code', detail: at })
    seen.add(code)
  }
  return null
}
