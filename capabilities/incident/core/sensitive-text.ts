/**
 * Free text is where what must not be recorded creeps in: what somebody believes, is by birth, thinks or suffers from.
 * This looks for statements of that kind by words and tells them; it never blocks by itself. A person rewords, or
 * confirms with a reason that goes into the audit log. It is a reminder, not a guarantee: words that are not in the
 * lists pass, and a list cannot know what a sentence means.
 */
export const SENSITIVE_TOPICS = ['ethnicity', 'religion', 'politics', 'health'] as const
export type SensitiveTopic = (typeof SENSITIVE_TOPICS)[number]

export interface SensitiveWord {
  readonly topic: SensitiveTopic
  /** As it stands in the text. */
  readonly word: string
}

/** What makes a place of the word before it: 回民街, 精神病院, 朝鲜族自治州, 党员活动室 are where, not who. */
const PLACE_ZH =
  '自治|区|州|县|旗|乡(?!亲)|镇|村(?!民)|屯|庄|路(?!人|过|上|边)|街|巷|桥|坡|山|岭|塘|寺|庙|庵|堂(?![兄弟姐妹])|' +
  '小学|中学|学校|大学|学院|院|门诊|诊所|科|中心|服务|活动|之家|联合会|协会|餐|饭|食|酒店|馆(?!主)|' +
  '店(?![主员老])|超市|市场|广场|公园|墓|箱|牙膏|停车|通道|坡道|厕所|卫生间|车位|文化|风情|防治|筛查|专'

/** The ethnic groups of the national list (GB/T 3304), without the 汉 that nobody would mean by it alone. */
const PEOPLES_ZH =
  '汉|蒙古|回|藏|维吾尔|维|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|' +
  '景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|' +
  '京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺'

const PERSON_EN =
  '(?:males?|females?|m[ae]n|wom[ae]n|persons?|people|boys?|girls?|youths?|guys?|kids?|teen(?:ager)?s?|suspects?|' +
  'callers?|victims?|famil(?:y|ies)|couples?|driver|neighbou?rs?)'
const PLACE_EN =
  '(?!\\s+(?:street|st|road|rd|avenue|ave|square|park|church|mosque|temple|synagogue|cemetery|school|academy|college|' +
  'hospital|clinic|cent(?:re|er)|ward|unit|office|hall|restaurant|food|grocery|market|store|shop|supermarket|bakery|' +
  'cafe|museum|library|parking|toilet|entrance|access|association|society|charity)\\b)'
/** What is said right now of somebody who needs help is medical help, for which there is a field. */
const ACUTE_ZH = { before: '(?<!突发|突然)', after: '(?!急性|急症|突然|发作|复发|病发)' }

interface Pattern {
  readonly topic: SensitiveTopic
  readonly form: RegExp
}

const zh = (topic: SensitiveTopic, words: string, before = '', after = ''): Pattern => ({
  topic,
  form: new RegExp(`${before}(?:${words})(?!${PLACE_ZH})${after}`, 'gu'),
})
const en = (topic: SensitiveTopic, words: string, after = PLACE_EN): Pattern => ({
  topic,
  form: new RegExp(`\\b(?:${words})\\b${after}`, 'giu'),
})

const PATTERNS: readonly Pattern[] = [
  zh('ethnicity', `(?:${PEOPLES_ZH})族|少数民族|回民|维吾尔人|蒙古人|藏民|黑人|(?<!明)白人|混血`),
  en('ethnicity', `(?:black|white|brown|asian|arab|african|mixed[- ]race)\\s+${PERSON_EN}`, ''),
  en(
    'ethnicity',
    'african[- ]americans?|hispanics?|latin[oa]s?|caucasians?|u[yi]gh?urs?|tibetans?|gyps(?:y|ies)|ethnic minorit(?:y|ies)',
  ),
  zh(
    'religion',
    '穆斯林|(?:伊斯兰|基督|天主|佛|道|东正|犹太)?教徒|信徒|阿訇|牧师|神父|修女|和尚|尼姑|喇嘛|传教士',
  ),
  zh('religion', '信(?:仰)?(?:伊斯兰教?|基督教?|天主教?|佛教?|道教|东正教|犹太教)|信教|宗教信仰'),
  en(
    'religion',
    'muslims?|hindus?|sikhs?|buddhists?|jews|jewish|mormons?|atheists?|jehovah.?s witness(?:es)?',
  ),
  en('religion', `(?:christian|catholic|protestant|islamic|orthodox)\\s+${PERSON_EN}`, ''),
  en('religion', '(?:is|are|was|were|being) (?:an? )?(?:devout )?(?:christian|catholic|protestant)s?'),
  zh(
    'politics',
    '党员|政治面貌|政治立场|政治观点|政治倾向|民主党派|持不同政见|异见人士|民运人士|[台港疆藏]独',
  ),
  en(
    'politics',
    'communists?|party members?|political (?:views?|opinions?|beliefs?|leanings?)|dissidents?|(?:left|right)-wing (?:extremists?|activists?|views)|' +
      '(?:republican|democrat|labou?r|conservative) (?:voter|supporter|member)s?',
  ),
  zh(
    'health',
    '艾滋病?|梅毒|乙肝|丙肝|肝炎|肺结核|结核病|精神病|精神分裂症?|精神障碍|抑郁症?|躁郁症|双相障碍|自闭症|智障|弱智|' +
      '智力障碍|痴呆症?|阿尔茨海默病?|癫痫|糖尿病|高血压|心脏病|癌症|白血病|残疾人|残障|传染病',
    ACUTE_ZH.before,
    ACUTE_ZH.after,
  ),
  { topic: 'health', form: /\b(?:HIV|AIDS)\b/gu },
  en(
    'health',
    'hepatitis|tuberculosis|schizophreni(?:a|c)s?|bipolar|autis(?:m|tic)|epilep(?:sy|tic)(?! (?:fit|seizure|attack))|dementia|' +
      "alzheimer'?s|cancer|diabet(?:es|ics?)|mental(?:ly)? ill(?:ness)?|psychotic|clinical depression|" +
      'suffer(?:s|ing)? from depression',
  ),
  en('health', `disabled\\s+${PERSON_EN}`, ''),
]

/** The statements found, each word once, in the order of the topics. Empty where there is nothing to ask about. */
export function sensitiveWords(text: string): readonly SensitiveWord[] {
  const found = new Map<string, SensitiveWord>()
  for (const { topic, form } of PATTERNS)
    for (const [word] of text.matchAll(form)) found.set(`${topic} ${word.toLowerCase()}`, { topic, word })
  return [...found.values()]
}
