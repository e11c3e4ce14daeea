import { suggestion } from '../../env/closest.ts';
import { parseJson } from '../common/parse-json.ts';
import {
  type ClientMessage,
  clientMessageSchema,
  type ErrorCode,
  MESSAGE_BYTES,
} from './protocol.ts';
import { Refusal } from './refusal.ts';

const kinds = clientMessageSchema.options.map((option) => option.shape.kind.value);

/** A refusal of a message, with the request that it was about where it says so. */
export class MessageRefusal extends Refusal {
  readonly id: number | undefined;

  constructor(code: ErrorCode, message: string, id?: unknown) {
    super(code, message);
    this.id = isId(id) ? id : undefined;
  }
}

/**
 * Reads a message of a page.
 * @throws MessageRefusal saying what is wrong and what would be right
 */
export function readMessage(data: Uint8Array, isBinary: boolean): ClientMessage {
  if (data.length > MESSAGE_BYTES) {
    throw new MessageRefusal(
      'oversized',
      `a message has at most ${MESSAGE_BYTES} bytes, not ${data.length}`,
    );
  }
  if (isBinary) throw new MessageRefusal('malformed', 'a message must be JSON text, not binary');
  let value: unknown;
  try {
    value = parseJson(new TextDecoder().decode(data));
  } catch {
    throw new MessageRefusal('malformed', 'a message must be JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MessageRefusal('malformed', 'a message must be an object with a "kind"');
  }
  const { kind, id } = value as Record<string, unknown>;
  if (typeof kind !== 'string') {
    throw new MessageRefusal('malformed', '"kind" must be a string', id);
  }
  if (!kinds.some((known) => known === kind)) {
    const hint = suggestion(kind.slice(0, 40), kinds, 'kinds');
    throw new MessageRefusal('unknown', `there is no message of this kind; ${hint}`, id);
  }
  const { success, data: message, error } = clientMessageSchema.safeParse(value);
  if (success) return message;
  const issue = error.issues[0]!;
  const isRange = issue.code === 'too_big' || issue.code === 'too_small';
  const where = issue.path.length > 0 ? issue.path.join('.') : kind;
  throw new MessageRefusal(
    isRange ? 'out-of-range' : 'malformed',
    `${where}: ${issue.message}`.slice(0, 300),
    id,
  );
}

function isId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 1_000_000_000;
}
