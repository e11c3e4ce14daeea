const UNITS = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
  ...['eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen'],
  'nineteen',
];
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

/** Every word of the numbers from 0 to 999,999. A model knows a word by its place in this list alone. */
export const WORDS: readonly string[] = [...UNITS, ...TENS, 'hundred', 'and', 'thousand'];

/** The words of a whole number from 0 to 999,999 in British English: 239 is `two hundred and thirty nine`. */
export function spell(number: number): string[] {
  if (!Number.isInteger(number) || number < 0 || number > 999_999) {
    throw new RangeError(`${number} must be a whole number from 0 to 999,999.`);
  }
  const thousands = Math.floor(number / 1000);
  const rest = number % 1000;
  if (thousands === 0) return belowThousand(rest);
  return [
    ...belowThousand(thousands),
    'thousand',
    ...(rest > 0 && rest < 100 ? ['and'] : []),
    ...(rest > 0 ? belowThousand(rest) : []),
  ];
}

function belowThousand(number: number): string[] {
  const rest = number % 100;
  if (number < 100) return belowHundred(number);
  const hundreds = [UNITS[Math.floor(number / 100)]!, 'hundred'];
  return rest === 0 ? hundreds : [...hundreds, 'and', ...belowHundred(rest)];
}

function belowHundred(number: number): string[] {
  if (number < 20) return [UNITS[number]!];
  const tens = TENS[Math.floor(number / 10) - 2]!;
  return number % 10 === 0 ? [tens] : [tens, UNITS[number % 10]!];
}
