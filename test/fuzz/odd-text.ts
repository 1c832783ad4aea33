import fc from 'fast-check'

const HUGE = 100_000 // characters

/** Text that has broken other servers. */
const TROUBLE = [
  '',
  ' \t\r\n\u00a0\u200b\u2028',
  'a\0b',
  '\ud800',
  'a\udfff\ud800b',
  '\u202egnol\u202c',
  'مرحبا بالعالم',
  `Z${'\u0310\u0321\u0334'.repeat(40)}`,
  '👩‍👩‍👧‍👦🏳️‍🌈',
  '\ufeff\ufffe\uffff',
  'İıẞſ',
  '%', // the signs of SQL, of patterns, of URLs, of templates
  "' OR 1=1; --",
  '\\_%',
  '../../etc/passwd',
  '%00%ff',
  '{{7*7}}',
  '__proto__',
  'constructor',
  'null',
  '-1',
  '1e999',
  'x'.repeat(HUGE),
  '😀'.repeat(HUGE / 2),
  'e\u0301'.repeat(HUGE / 2),
  '\ud800'.repeat(HUGE),
]

/** What comes so many times as often as anything else. */
export function often<Usual, Rare>(
  times: number,
  usual: fc.Arbitrary<Usual>,
  rare: fc.Arbitrary<Rare>,
): fc.Arbitrary<Usual | Rare> {
  return fc.oneof({ weight: times, arbitrary: usual }, { weight: 1, arbitrary: rare })
}

const anyCodeUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit))

/** Any string that a JSON document can hold, half surrogate pairs included. */
export const oddText: fc.Arbitrary<string> = often(
  2,
  fc.constantFrom(...TROUBLE),
  fc.oneof(fc.string({ unit: 'grapheme', maxLength: 50 }), fc.string({ unit: anyCodeUnit, maxLength: 50 })),
)

const EDGES = [0, -0, 1, -1, 0.5, 200, 201, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e308, -5e-324]

/** Any number that a JSON document can hold. */
export const oddNumber: fc.Arbitrary<number> = fc.oneof(fc.constantFrom(...EDGES), fc.integer(), fc.double())

/** Any JSON at all. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: -1 }, { toString: 1 }),
  fc.constant(JSON.parse('{ "__proto__": { "id": "x" }, "constructor": null }')),
  oddNumber,
  oddText,
  fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
)
