import type { ErrorData } from '../common/thread-error.ts';
import type { RecordedStep } from '../play/episode-recorder.ts';
import type { EpisodeEnd } from '../play/episodes.ts';
import type { Position } from '../play/world-episode.ts';
import type { Extra, PaneId, ServerMessage } from './protocol.ts';

/** A step as the JSON text that is sent, in parts, so that it is written once for any number of pages. */
export interface WrittenStep {
  /** Its plain facts: `"action":1,"reward":0,…` without braces. */
  readonly plain: string;
  /** The pictures that it names: the world after it, and, where an agent acted, what it saw before. */
  readonly picture: number;
  readonly observed: number | null;
  /** The values of the extras; null where no agent acted. */
  readonly extras: Readonly<Record<Extra, string>> | null;
}

/** A picture in its form on the wire. */
export interface WirePicture {
  readonly hash: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Some more of an episode, with the pictures that are new in it. */
export interface NewSteps {
  readonly steps: readonly WrittenStep[];
  readonly pictures: readonly WirePicture[];
  /** Set where these steps were the last. */
  readonly end: EpisodeEnd | null;
  /** Why there are no more, where it failed. */
  readonly error: ErrorData | null;
}

const THOUSANDTHS = 1000;
export const rounded = (value: number): number => Math.round(value * THOUSANDTHS) / THOUSANDTHS;

export const writtenPosition = (position: Position | null): [number, number] | null =>
  position && [rounded(position.x), rounded(position.y)];

export function writeStep(step: RecordedStep): WrittenStep {
  const { action, probabilities, value, reward, picture, position, inner } = step;
  const facts = {
    action,
    probabilities: probabilities && Array.from(probabilities, rounded),
    value: value === null ? null : rounded(value),
    reward,
    picture,
    position: writtenPosition(position),
  };
  return {
    plain: JSON.stringify(facts).slice(1, -1),
    picture,
    observed: inner?.observed ?? null,
    extras: inner && {
      observed: String(inner.observed),
      pathway: writtenNumbers(inner.pathway),
      lstm: writtenNumbers(inner.lstm),
    },
  };
}

/** The numbers from −1 to 1 as they are written: most are of this kind, and writing one takes longer than all else about it. */
const WRITTEN = Array.from({ length: 2 * THOUSANDTHS + 1 }, (_, i) =>
  String((i - THOUSANDTHS) / THOUSANDTHS),
);

/** An array of numbers as JSON, to three decimals; null for one that has overflowed. */
function writtenNumbers(values: ArrayLike<number>): string {
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
function writtenSteps(steps: readonly WrittenStep[], include: readonly Extra[]): string {
  const one = ({ plain, extras }: WrittenStep): string => {
    let text = `{${plain}`;
    if (extras) for (const extra of include) text += `,"${extra}":${extras[extra]}`;
    return `${text}}`;
  };
  return `[${steps.map(one).join(',')}]`;
}

/** The `steps` message of a pane. */
export function stepsMessage(
  pane: { readonly id: number; readonly agent: PaneId },
  from: number,
  steps: readonly WrittenStep[],
  include: readonly Extra[] = [],
): string {
  const facts = JSON.stringify({ kind: 'steps', ...pane, from });
  return `${facts.slice(0, -1)},"steps":${writtenSteps(steps, include)}}`;
}

/** The `end` message of a pane. */
export function endMessage(
  pane: { readonly id: number; readonly agent: PaneId },
  { steps, how, return: sum, metrics, canBeExact }: EpisodeEnd,
  differsAt: number | null,
): ServerMessage {
  return {
    ...{ kind: 'end', ...pane, steps, how, return: sum, metrics: { ...metrics }, differsAt },
    ...(canBeExact !== undefined && { canBeExact }),
  };
}
