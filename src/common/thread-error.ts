/** An error as plain data. Errors that are sent between threads as they are lose their names and codes. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  /** Of what caused it, where something did: for a world that threw, the way through the world. */
  readonly stack: string | undefined;
  /** Plain properties of its own, such as `code`. */
  readonly [property: string]: string | number | undefined;
}

export function toErrorData(error: unknown): ErrorData {
  const given = error instanceof Error ? error : new Error(String(error));
  const properties = Object.entries(given).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  const { name, message, stack, cause } = given;
  return {
    ...Object.fromEntries(properties),
    ...{ name, message, stack: cause instanceof Error ? cause.stack : stack },
  };
}

export function fromErrorData(data: ErrorData): Error {
  return Object.assign(new Error(), data);
}
