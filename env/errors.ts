import { printable } from './printable.ts';

/** What went wrong with a world, in one sentence that also says what would be right; control characters in it are quoted. */
export class EnvError extends Error {
  override name = 'EnvError';

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}

/** A world's option is unknown, ill-typed or at odds with another: a mistake of whoever chose it. */
export class OptionError extends EnvError {
  override name = 'OptionError';
}

/** No world is registered under an id: a mistake of whoever typed it. */
export class UnknownEnvError extends EnvError {
  override name = 'UnknownEnvError';
}

/** A world threw or broke its contract while it was used: a fault of the world, not of whoever uses it. */
export class WorldError extends EnvError {
  override name = 'WorldError';
}
