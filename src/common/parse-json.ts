/** Brackets within brackets in JSON. Its readers recurse at each of them. */
export const MOST_DEPTH = 100;

/**
 * The value of a JSON text from outside.
 * @throws SyntaxError saying in a few words, without control characters, why it is none or that it is nested too deep
 */
export function parseJson(text: string): unknown {
  requireShallow(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    // Node quotes the text, which may hold anything.
    const message = (error as Error).message.replace(/\p{Cc}+/gu, ' ');
    throw new SyntaxError(message, { cause: error });
  }
}

function requireShallow(text: string): void {
  let depth = 0;
  let isString = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isString) {
      if (code === 0x5c /* \ */) i += 1;
      else if (code === 0x22 /* " */) isString = false;
    } else if (code === 0x22) {
      isString = true;
    } else if (code === 0x5b /* [ */ || code === 0x7b /* { */) {
      depth += 1;
      if (depth > MOST_DEPTH) throw new SyntaxError(`it is nested more than ${MOST_DEPTH} deep`);
    } else if (code === 0x5d /* ] */ || code === 0x7d /* } */) {
      depth -= 1;
    }
  }
}
