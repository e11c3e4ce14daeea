import { errorMessage } from '../common/error-message.ts';
import type { ErrorCode } from './protocol.ts';

/** Names of the errors with which a world or an episode rejects a request. */
const OUT_OF_RANGE = new Set(['OptionError', 'UsageError']);

/** Why a message is refused. It has changed nothing. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;

  /** @param message one sentence for people */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  /** What the page is told of an error, of this thread or another. */
  static of(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    const { name, code, message } = error as Refusal;
    if (name === 'Refusal') return new Refusal(code, message);
    if (OUT_OF_RANGE.has(name)) return new Refusal('out-of-range', message);
    return new Refusal('failed', errorMessage(error).message);
  }
}

/** What belongs to an agent. @throws Refusal where there is no such agent */
export function requireAgent<Item>(items: readonly Item[], agent: number): Item {
  const item = items[agent];
  if (item !== undefined) return item;
  throw new Refusal('out-of-range', `there is no agent ${agent}: agents are numbered from 0`);
}
