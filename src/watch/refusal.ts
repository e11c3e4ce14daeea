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
}
