/** An error as plain data: between threads, errors lose their names. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  /** Of what caused it, where something did: for a world that threw, the way through the world. */
  readonly stack: string | undefined;
}

export function toMessage(error: unknown): ErrorMessage {
  const { name, message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack: cause instanceof Error ? cause.stack : stack };
}

export function fromMessage(message: ErrorMessage): Error {
  return Object.assign(new Error(), message);
}
