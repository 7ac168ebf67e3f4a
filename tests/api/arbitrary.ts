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
function fitting(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map(fitting))
  if (schema.allOf) return fitting(Object.assign({}, ...schema.allOf) as JsonSchema)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object':
      return fittingObject(schema)
    case 'array':
      return fc.array(fitting(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, (schema.minItems ?? 0) + 4),
      })
    case 'string':
      return fittingText(schema)
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

function fittingObject(schema: JsonSchema): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {})
  const model = Object.fromEntries(properties.map(([name, of]) => [name, fitting(of)]))
  return fc.record(model, { requiredKeys: (schema.required ?? []).filter((name) => name in model) })
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
export function fuzzed(schema: JsonSchema): fc.Arbitrary<unknown> {
  const fits = fitting(schema)
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
