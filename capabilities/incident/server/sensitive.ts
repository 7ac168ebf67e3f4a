import { Type } from 'typebox'

/** Why words about ethnicity, religion, politics or health stay in what is written down. */
export const SensitiveReason = Type.Optional(
  Type.Union([Type.String({ maxLength: 500 }), Type.Null()], {
    description:
      'Why a statement on ethnicity, religion, politics or health of a person has to stay in the text',
  }),
)
