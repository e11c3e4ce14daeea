/**
 * A text in which the addresses of Redis have lost their user and their password: up to the last `@`, since a password that was
 * typed without being escaped may hold one.
 */
export const withoutPassword = (text: string): string =>
  text.replace(/\b(rediss?:\/\/)\S*@/gi, '$1');
