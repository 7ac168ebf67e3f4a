import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCsvReader, csvLine, guessDelimiter, type CsvItem } from './csv.ts'

const COMMA = { delimiter: ',', quote: '"' }

function readAll(text: string, pieces = [text], shape = COMMA): CsvItem[] {
  const reader = createCsvReader(shape)
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

const cellsOf = (items: readonly CsvItem[]) =>
  items.map((item) => (item.kind === 'record' ? item.cells : item.cause))

describe('csv reader', () => {
  it('reads quotes, doubled quotes, line breaks inside quotes, CRLF and a last line without end', () => {
    expect(readAll('a,b\r\n"x, y","say ""hi"""\r\n"two\nlines",z')).toEqual([
      { kind: 'record', line: 1, cells: ['a', 'b'] },
      { kind: 'record', line: 2, cells: ['x, y', 'say "hi"'] },
      { kind: 'record', line: 3, cells: ['two\nlines', 'z'] },
    ])
  })

  it('keeps the line numbers of the file past records of several lines and past empty lines', () => {
    expect(readAll('"a\nb",1\n\nc,2\n').map(({ line }) => line)).toEqual([1, 4])
  })

  it('takes a quote inside an unquoted cell as text', () => {
    expect(cellsOf(readAll('5" pipe,x\n'))).toEqual([['5" pipe', 'x']])
  })

  it('keeps text after a closing quote', () => {
    expect(cellsOf(readAll('"a"b,c\n'))).toEqual([['ab', 'c']])
  })

  it('gives up a stray quote at its own line and reads on, whatever follows', () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${i},ok`)
    rows[3] = '"stray,3'
    const items = readAll(rows.join('\n'))
    expect(items.filter(({ kind }) => kind === 'fault')).toEqual([
      { kind: 'fault', line: 4, cause: 'unclosed-quote', text: '"stray,3' },
    ])
    expect(items).toHaveLength(200)
  })

  it('gives up a stray quote in the last lines too', () => {
    expect(cellsOf(readAll('1,ok\n"stray,2\n3,ok'))).toEqual([['1', 'ok'], 'unclosed-quote', ['3', 'ok']])
  })

  it('neither takes nor keeps a line of a megabyte, and reads on after it', () => {
    const pieces = Array.from({ length: 40 }, () => 'x'.repeat(50_000))
    const items = readAll('', ['a,1\n', ...pieces, '\nb,2\n'])
    expect(items.map(({ kind, line }) => `${kind} ${line}`)).toEqual(['record 1', 'fault 2', 'record 3'])
  })

  it('does not depend on where the text is cut into pieces', () => {
    const text = fc
      .array(fc.constantFrom('a', ',', '"', '\n', '\r', '中', ' '), { maxLength: 300 })
      .map((each) => each.join(''))
    fc.assert(
      fc.property(text, fc.array(fc.nat(20), { maxLength: 60 }), (whole, cuts) => {
        const pieces: string[] = []
        let at = 0
        for (const cut of cuts) {
          pieces.push(whole.slice(at, at + cut))
          at += cut
        }
        pieces.push(whole.slice(at))
        expect(readAll(whole, pieces)).toEqual(readAll(whole))
      }),
    )
  })

  it('gives each line without quotes exactly once', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ maxLength: 30 }).map((each) => each.replace(/["\n\r]/g, '')),
          { maxLength: 40 },
        ),
        (lines) => {
          const items = readAll(lines.join('\n'))
          expect(items.map(({ line }) => line)).toEqual(
            lines.flatMap((each, i) => (each === '' ? [] : [i + 1])),
          )
        },
      ),
    )
  })

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 2, maxLength: 6 }),
        (cells) => {
          const wanted = cells.map((cell) => cell.replaceAll('\r', ''))
          expect(cellsOf(readAll(csvLine(wanted)))).toEqual([wanted])
        },
      ),
    )
  })

  it('guesses the delimiter from the first line', () => {
    expect(guessDelimiter('a;b;c')).toBe(';')
    expect(guessDelimiter('a\tb,c\td')).toBe('\t')
    expect(guessDelimiter('one')).toBe(',')
  })
})
