import { show } from './answer-rules.ts';

type Locate = (error: Error) => string | undefined;

let locate: Locate = () => undefined;

/** Says how to find the place in its author's code from which an error came: only whoever loads worlds knows files. */
export function locateErrors(by: Locate): void {
  locate = by;
}

/** The first line of what was thrown, as text. */
export function firstLineOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : show(error)).split('\n');
  return line.trim() || 'it threw an error without a message';
}

/** Where in its author's code an error came from, in brackets; empty where nobody knows. */
export function placeOf(error: unknown): string {
  const place = error instanceof Error ? locate(error) : undefined;
  return place === undefined ? '' : ` (${place})`;
}

/** What was thrown, and where: the end of a sentence. */
export const describeThrown = (error: unknown): string => `${firstLineOf(error)}${placeOf(error)}`;
