import fc from 'fast-check'

export interface JsonSchema {
  type?: string | string[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  const?: unknown
  enum?: unknown[]
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: JsonSchema
  minItems?: number
  maxItems?: number
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  patternProperties?: Record<string, JsonSchema>
}

/** Values that a schema lets through more often than one thinks, and those that it must not. */
const wild = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '\u0000',
    'null',
    '-1',
    -1,
    0,
    1e308,
    -1e308,
    2 ** 53,
    '9'.repeat(400),
    '😀',
    '𠮷',
    '\ud800',
    "'; drop table unit; --",
    '../../etc/passwd',
    '<b>',
    [],
    {},
    true,
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double({ noNaN: true }),
  fc.jsonValue({ maxDepth: 2 }),
)

/** What fits the schema, by and large. */
function fitting(schema: JsonSchema, ids: readonly string[], name = ''): fc.Arbitrary<unknown> {
  const part = (of: JsonSchema) => fitting(of, ids, name)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map(part))
  if (schema.allOf) return part(Object.assign({}, ...schema.allOf) as JsonSchema)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object':
      return fittingObject(schema, ids)
    case 'array':
      return fc.array(part(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, (schema.minItems ?? 0) + 4),
      })
    case 'string':
      return /ids?$/i.test(name) && ids.length > 0 ? fc.constantFrom(...ids) : fittingText(schema)
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? -1000, -2147483648),
        max: Math.min(schema.maximum ?? 100000, 2147483647),
      })
    case 'number':
      return fc.double({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1000, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 1 })
  }
}

/** What may be left out mostly is, or hardly anything would get past the first filter. */
function fittingObject(schema: JsonSchema, ids: readonly string[]): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {}).map(([name, of]) => {
    const present = fitting(of, ids, name)
    const isRequired = schema.required?.includes(name)
    const absent = { weight: 3, arbitrary: fc.constant(undefined) }
    return [name, isRequired ? present : fc.oneof(absent, { weight: 1, arbitrary: present })] as const
  })
  return fc.record(Object.fromEntries(properties))
}

function fittingText(schema: JsonSchema): fc.Arbitrary<string> {
  if (schema.format === 'date-time')
    return fc.constantFrom(
      '2026-11-24T08:00:00Z',
      '2026-11-24T08:00:00+08:00',
      '1970-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '0001-01-01T00:00:00Z',
    )
  if (schema.format === 'date') return fc.constantFrom('2026-11-24', '2024-02-29')
  if (schema.format === 'uuid') return fc.uuid()
  if (schema.pattern) {
    try {
      return fc.stringMatching(new RegExp(schema.pattern, 'u'))
    } catch {
      return fc.string()
    }
  }
  return fc.string({
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? 40, (schema.minLength ?? 0) + 40),
  })
}

/** Mostly what fits, sometimes with one part gone wild, sometimes anything at all. */
export function fuzzed(schema: JsonSchema, ids: readonly string[] = []): fc.Arbitrary<unknown> {
  const fits = fitting(schema, ids)
  if (schema.type !== 'object' || !schema.properties)
    return fc.oneof({ weight: 3, arbitrary: fits }, { weight: 1, arbitrary: wild })
  const names = Object.keys(schema.properties)
  const oneWild = fc
    .tuple(fits, names.length > 0 ? fc.constantFrom(...names) : fc.constant('x'), wild)
    .map(([value, name, replacement]) => ({ ...(value as object), [name]: replacement }))
  return fc.oneof(
    { weight: 4, arbitrary: fits },
    { weight: 4, arbitrary: oneWild },
    { weight: 1, arbitrary: wild },
  )
}
