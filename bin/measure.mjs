/**
 * Runs one bench in a process of its own, so that no measure meets another's memory: `measure.mjs FILE`.
 * Its rows go to the parent as one message.
 */
const { measure } = await import(process.argv[2])
process.send({ rows: typeof measure === 'function' ? await measure() : [] }, () => process.exit())
