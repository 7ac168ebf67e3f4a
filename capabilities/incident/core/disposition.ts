/** How an incident can end. `needsScene`: it can only be said by someone who was there. */
export interface Disposition {
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  readonly needsScene: boolean
}

/** Setting `dispositions`. */
export const DEFAULT_DISPOSITIONS: readonly Disposition[] = [
  { code: 'mediated', nameZh: '现场调解', nameEn: 'Mediated on scene', needsScene: true },
  { code: 'resolved', nameZh: '现场处置完毕', nameEn: 'Resolved on scene', needsScene: true },
  { code: 'helped', nameZh: '已提供救助', nameEn: 'Help given', needsScene: true },
  { code: 'case-opened', nameZh: '受理立案', nameEn: 'Case opened', needsScene: true },
  { code: 'arrest', nameZh: '抓获嫌疑人', nameEn: 'Suspect arrested', needsScene: true },
  { code: 'warned', nameZh: '教育警告', nameEn: 'Warned', needsScene: true },
  { code: 'nothing-found', nameZh: '到场未发现', nameEn: 'Nothing found on arrival', needsScene: true },
  { code: 'handed-over', nameZh: '移交其他部门', nameEn: 'Handed over to another agency', needsScene: false },
  { code: 'by-telephone', nameZh: '电话处置', nameEn: 'Settled by telephone', needsScene: false },
  { code: 'withdrawn', nameZh: '报警人撤销', nameEn: 'Withdrawn by the caller', needsScene: false },
  { code: 'false-report', nameZh: '虚假误报', nameEn: 'False or mistaken report', needsScene: false },
]

export function findDisposition(dispositions: readonly Disposition[], code: string): Disposition | undefined {
  return dispositions.find((each) => each.code === code)
}
