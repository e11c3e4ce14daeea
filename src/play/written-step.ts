import type { Extra, ServerMessage } from '../watch/protocol.ts';
import type { NamedPicture } from './pictures.ts';

/** A step as the JSON that it is sent as, in parts, so that it is written once for any number of pages. */
export interface WrittenStep {
  /** Its plain facts: `"action":1,"reward":0,…` without braces. */
  readonly plain: string;
  /** The pictures that it names: the world after it, and, where somebody thought, what the agent saw before it. */
  readonly picture: number;
  readonly observed: number | null;
  /** The values of the extras; absent where nobody thought. */
  readonly extras: Readonly<Record<Extra, string>> | null;
}

/** What an episode starts with. */
export interface EpisodeStart {
  /** The time told; null where the world tells none. */
  readonly number: number | null;
  readonly picture: number;
  readonly position: readonly [number, number] | null;
}

type EndMessage = Extract<ServerMessage, { kind: 'end' }>;
/** How an episode ended. */
export type EpisodeEnd = Pick<EndMessage, 'steps' | 'how' | 'return' | 'metrics'> & {
  /** Where the world gives no metrics, it has arrived where it came to an end of its own. */
  readonly arrived: boolean;
  readonly exact: boolean;
};

/** Some more of an episode, with the pictures that are new in it. */
export interface NewSteps {
  readonly steps: readonly WrittenStep[];
  readonly pictures: readonly NamedPicture[];
  /** Set where these steps were the last. */
  readonly ending: EpisodeEnd | null;
}

const THOUSANDTHS = 1000;
export const rounded = (value: number): number => Math.round(value * THOUSANDTHS) / THOUSANDTHS;

/** The numbers from −1 to 1 as they are written: most are of this kind, and writing one takes longer than all else about it. */
const WRITTEN = Array.from({ length: 2 * THOUSANDTHS + 1 }, (_, i) =>
  String((i - THOUSANDTHS) / THOUSANDTHS),
);

/** An array of numbers as JSON, to three decimals; null for one that has overflown. */
export function writtenNumbers(values: ArrayLike<number>): string {
  let text = '[';
  for (let i = 0; i < values.length; i++) {
    const thousandths = Math.round(values[i]! * THOUSANDTHS);
    if (i > 0) text += ',';
    text += WRITTEN[thousandths + THOUSANDTHS] ?? written(thousandths / THOUSANDTHS);
  }
  return `${text}]`;
}

const written = (value: number): string => (Number.isFinite(value) ? String(value) : 'null');

/** Bytes that a step takes in memory, about. */
export function sizeOf({ plain, extras }: WrittenStep): number {
  if (!extras) return plain.length;
  return plain.length + extras.observed.length + extras.pathway.length + extras.lstm.length;
}

/** Steps as a JSON array, with the extras that were asked for. */
export function writtenSteps(steps: readonly WrittenStep[], include: readonly Extra[]): string {
  const one = ({ plain, extras }: WrittenStep): string => {
    let text = `{${plain}`;
    if (extras) for (const extra of include) text += `,"${extra}":${extras[extra]}`;
    return `${text}}`;
  };
  return `[${steps.map(one).join(',')}]`;
}
