import { errorMessage } from '../common/error-message.ts';
import type { ErrorCode } from './protocol.ts';

/** A message that the server does not follow; it has changed nothing. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;

  /** @param message one sentence for whoever wrote the page */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  /** What the page is told of an error: a refusal, of this thread or another, or that the server failed. */
  static of(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    const { name, code, message } = error as Refusal;
    if (name === 'Refusal') return new Refusal(code, message);
    return new Refusal('failed', errorMessage(error).message);
  }
}
