import { ConfigError } from './config.ts';

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Specs of one kind by their ids, in the order of registration. */
export class Registry<Spec extends { readonly id: string }> {
  readonly #noun: string;
  readonly #specs = new Map<string, Spec>();

  /** @param noun what they are called in errors, such as `pathway` */
  constructor(noun: string) {
    this.#noun = noun;
  }

  get all(): Spec[] {
    return [...this.#specs.values()];
  }

  find(id: string): Spec | undefined {
    return this.#specs.get(id);
  }

  /** @throws ConfigError for a malformed id or one that is taken */
  register(spec: Spec): void {
    const { id } = spec;
    if (!ID.test(id)) {
      throw new ConfigError(
        `a ${this.#noun}'s id must be lower-case letters, digits and hyphens, such as my-${this.#noun}, not "${id}"`,
      );
    }
    if (this.#specs.has(id)) {
      throw new ConfigError(`a ${this.#noun} is already registered as ${id}: choose another id`);
    }
    this.#specs.set(id, spec);
  }
}
