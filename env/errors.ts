/** What went wrong with a world, in one sentence that also says what would be right. */
export class EnvError extends Error {
  override name = 'EnvError';
}

/** A world's option is unknown, ill-typed or at odds with another: a mistake of whoever chose it. */
export class OptionError extends EnvError {
  override name = 'OptionError';
}

/** No world is registered under an id: a mistake of whoever typed it. */
export class UnknownEnvError extends EnvError {
  override name = 'UnknownEnvError';
}

/** A world threw or broke its contract in the midst of things: trouble of the world, not a mistake of whoever uses it. */
export class WorldError extends EnvError {
  override name = 'WorldError';
}
