/** What a terminal obeys instead of showing: the control characters C0, DEL and C1, and those that break lines or turn the direction of text. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** As JSON has it in a string, so that JSON text stays the same value. */
const escaped = (character: string): string =>
  SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text in one line, its control characters written as `\u001b`: for a name that somebody else has chosen. */
export const printable = (text: string): string => text.replace(CONTROLS, escaped);

/** The same for a text of several lines. */
export const printableLines = (text: string): string =>
  text.replace(CONTROLS, (character) => (character === '\n' ? character : escaped(character)));
