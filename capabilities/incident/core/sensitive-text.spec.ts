import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sensitiveWords } from './sensitive-text.ts'

const topicsOf = (text: string) => [...new Set(sensitiveWords(text).map(({ topic }) => topic))]

describe('sensitive text', () => {
  it.each([
    ['对方是维吾尔族男子', 'ethnicity'],
    ['一名回民与店主争吵', 'ethnicity'],
    ['回族店主报警', 'ethnicity'],
    ['两名黑人在酒吧打架', 'ethnicity'],
    ['Black male, about 30, broke the window', 'ethnicity'],
    ['caller says the neighbours are Hispanic', 'ethnicity'],
    ['报警人是穆斯林', 'religion'],
    ['嫌疑人信基督教', 'religion'],
    ['一名和尚被打', 'religion'],
    ['the suspect is a Muslim', 'religion'],
    ['he is a devout Catholic', 'religion'],
    ['当事人为党员', 'politics'],
    ['he has strong political views', 'politics'],
    ['男子系艾滋病患者', 'health'],
    ['对方有精神病史', 'health'],
    ['走失老人患有痴呆', 'health'],
    ['the missing man has dementia', 'health'],
    ['街上回族男子持刀', 'ethnicity'],
    ['a disabled woman was pushed', 'health'],
    ['she is HIV positive', 'health'],
  ])('asks about «%s»: %s', (text, topic) => {
    expect(topicsOf(text)).toEqual([topic])
  })

  it.each([
    '清真寺门口两人争吵',
    '教堂外有人打架',
    '有人在佛寺偷功德箱',
    '回民街烧烤摊斗殴',
    '瀍河回族区环城北路',
    '延边朝鲜族自治州来的车牌',
    '民族路与解放路口追尾',
    '西南民族大学北门',
    '水族馆有人落水',
    '市精神病院门前堵路',
    '肿瘤医院停车场盗窃',
    '第一人民医院急诊室医闹',
    '党员活动中心门窗被砸',
    '残疾人联合会门前聚集',
    '残疾人停车位被占',
    '家族纠纷，亲戚数人争执',
    '贵族学校门口上班族被撞',
    '一人头部流血，需要救护车',
    '老人突发心脏病，请求救助',
    '有人癫痫发作倒地',
    '孕妇摔倒，腹痛',
    '和尚桥村二组失火',
    '这人明白人情世故',
    'Fight outside the mosque on Christian Street',
    'Burglary at Jewish Museum',
    'Theft from a Hispanic grocery',
    'Car parked in a disabled parking bay',
    'Cancer hospital, ward 3, patient missing a phone',
    'He fell and hurt his head, first aids given, needs an ambulance',
    'man having an epileptic seizure',
    'disabled vehicle in lane two, alarm is disabled',
    'smoke from the right wing of the building',
    '他不信主任的话',
    'Black car, white van, brown dog',
  ])('lets pass what is a place, a thing or a call for help: «%s»', (text) => {
    expect(sensitiveWords(text)).toEqual([])
  })

  it('tells every word once, as it stands there', () => {
    expect(sensitiveWords('藏族男子，另一藏族男子为党员')).toEqual([
      { topic: 'ethnicity', word: '藏族' },
      { topic: 'politics', word: '党员' },
    ])
  })

  it('finds a statement wherever it stands, and takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (around) => {
        sensitiveWords(around)
        expect(topicsOf(`${around}。报警人是穆斯林。`)).toContain('religion')
      }),
    )
  })

  it('is quick with the longest text that a field takes', () => {
    expect(sensitiveWords('回'.repeat(4000))).toEqual([])
    expect(sensitiveWords('suffering from '.repeat(260))).toEqual([])
  })
})
