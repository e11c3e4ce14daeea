/** A command line as a shell takes it. */
export const shellLine = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w./:=,@#%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
