import type * as z from 'zod';
import type {
  Env,
  EnvSpec,
  Frame,
  Json,
  Observation,
  ResetArguments,
  ResetResult,
  StepResult,
} from '../contract.ts';
import { EnvError } from '../errors.ts';
import type { InstructedNumber, OtherNumber } from '../number.ts';

/**
 * A world around another world that passes everything through unchanged (Gymnasium's `Wrapper`). A wrapper of your own extends it and
 * overrides what it changes; if it keeps state, it adds that to `state` and restores it in `restore` (`sealed`, `unsealed`).
 */
export class Wrapper implements Env {
  /** The world inside, which may be a wrapper too. */
  readonly env: Env;
  /** That of the innermost world, or of the kind of world that `wrapSpec` made. */
  readonly spec: EnvSpec;
  readonly options: Env['options'];
  readonly observationSpace: Env['observationSpace'];
  readonly actionSpace: Env['actionSpace'];
  readonly number?: InstructedNumber;
  readonly otherNumbers?: readonly OtherNumber[];
  readonly position?: () => { readonly x: number; readonly y: number };

  constructor(env: Env, changes: Partial<Pick<Env, 'spec' | 'observationSpace' | 'number'>> = {}) {
    this.env = env;
    this.spec = changes.spec ?? env.spec;
    this.options = env.options;
    this.observationSpace = changes.observationSpace ?? env.observationSpace;
    this.actionSpace = env.actionSpace;
    const number = changes.number ?? env.number;
    if (number !== undefined) this.number = number;
    if (env.otherNumbers !== undefined) this.otherNumbers = env.otherNumbers;
    if (env.position !== undefined) this.position = () => this.locate();
  }

  /** The innermost world. */
  get unwrapped(): Env {
    return this.env instanceof Wrapper ? this.env.unwrapped : this.env;
  }

  reset(args?: ResetArguments, into?: Observation): ResetResult {
    return this.env.reset(args, into);
  }

  step(action: number, into?: Observation): StepResult {
    return this.env.step(action, into);
  }

  render(): Frame {
    return this.env.render();
  }

  close(): void {
    this.env.close();
  }

  state(): Json {
    return this.env.state();
  }

  restore(state: Json, into?: Observation): Observation {
    return this.env.restore(state, into);
  }

  /** The answer of `position`, where the world inside has it. */
  protected locate(): { readonly x: number; readonly y: number } {
    return this.env.position!();
  }

  /** @throws EnvError unless the world inside wrote into the observation that it was given */
  protected requireWritten(observation: Observation, into: Observation): void {
    if (observation === into) return;
    throw new EnvError(
      `${this.env.spec.id} did not write into the observation that it was given, as a world must`,
    );
  }

  /** An observation of this world's spaces, all zeros. */
  protected allocate(): Observation {
    const { pixels, instruction } = this.observationSpace;
    return {
      pixels: new Uint8Array(pixels.length),
      instruction: new Float32Array(instruction.length),
    };
  }

  /** The state of the wrapper together with that of the world inside. @throws EnvError before the first reset */
  protected sealed(own: Json, env: Json = this.env.state()): Json {
    return { wrapper: this.constructor.name, own, env };
  }

  /** Takes apart what `sealed` returned. @throws EnvError if it is of another kind of wrapper */
  protected unsealed<Own>(schema: z.ZodType<Own>, state: Json): { own: Own; env: Json } {
    const { wrapper, own, env } = (state ?? {}) as { wrapper?: Json; own?: Json; env?: Json };
    const name = this.constructor.name;
    const parsed = schema.safeParse(own);
    if (wrapper === name && parsed.success && env !== undefined) return { own: parsed.data, env };
    throw new EnvError(
      `${this.spec.id}: this is not a state of a world in a ${name}: the same wrappers in the same order, with the same options, are needed`,
    );
  }
}
