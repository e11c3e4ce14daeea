import * as z from 'zod';
import type { Env, EnvSpec, Frame, Json, Observation, StepResult } from '../../contract.ts';
import {
  type ResetArguments,
  type ResetResult,
  restart,
  termination,
  transition,
  truncation,
} from '../../contract.ts';
import { EnvError } from '../../errors.ts';
import type { InstructedNumber } from '../../number.ts';
import { parseOptions } from '../../options.ts';
import { Random, randomStateSchema } from '../../random.ts';
import { Box, Discrete } from '../../spaces.ts';
import { centre, MOVES } from './grid.ts';
import { count } from './grid-options.ts';

/** How to read each key of a state. */
export type StateShape<State> = { readonly [Key in keyof State]: z.ZodType<State[Key]> };

/**
 * A world on a square grid in which an agent moves up, down, left and right: all that such worlds have in common. A world says how an
 * episode begins, what a step does, what is drawn and told, and what its state holds besides the generator, the clock and the limit.
 */
export abstract class GridWorld<
  Options extends { readonly size: number; readonly pixels: number },
  Episode,
  State extends object,
> implements Env
{
  readonly spec: EnvSpec;
  readonly options: Options;
  readonly observationSpace: Env['observationSpace'];
  readonly actionSpace = new Discrete(MOVES);
  abstract readonly number: InstructedNumber;
  /** The cell of the agent. */
  protected agent = 0;
  /** Steps taken in this episode. */
  protected clock = 0;
  /** The step that cuts the episode off. */
  protected limit = 0;
  #random: Random | undefined;
  #stateSchema: z.ZodType | undefined;

  /**
   * @param told how many numbers the instruction has, each from 0 to `largest`
   * @throws OptionError for an unknown, ill-typed or contradictory option
   */
  constructor(
    spec: EnvSpec,
    options: unknown,
    { told, largest }: { told: number; largest: number },
  ) {
    this.spec = spec;
    this.options = parseOptions(spec.id, spec.options, options) as unknown as Options;
    const { pixels } = this.options;
    this.observationSpace = {
      pixels: new Box([pixels, pixels, 3], 'uint8', 0, 255),
      instruction: new Box([told], 'float32', 0, largest),
    };
  }

  /** Draws an episode: places everything and sets `limit`. @param options of this episode, checked */
  protected abstract begin(random: Random, options: Episode): void;
  /** What an action does. The clock already counts it. @returns the reward */
  protected abstract move(action: number, random: Random): number;
  /** Whether the episode has come to its own end. */
  protected abstract get isDone(): boolean;
  /** The figures of an episode that is over. */
  protected abstract metrics(): Record<string, number>;
  /** @param pixels uint8 [height, width, 3], to be written whole */
  protected abstract draw(pixels: Uint8Array): void;
  /** @param instruction float32 [k], to be written whole */
  protected abstract tell(instruction: Float32Array): void;
  /** @param cell the schema of a cell of this grid */
  protected abstract stateShape(cell: z.ZodInt): StateShape<State>;
  protected abstract save(): State;
  protected abstract load(state: State): void;

  /** Whether a state of the right shape can occur. */
  protected isPossible(_state: State): boolean {
    return true;
  }

  reset({ seed, options }: ResetArguments = {}, into?: Observation): ResetResult {
    const { id, resetOptions } = this.spec;
    const episode = options ? parseOptions(id, resetOptions, options) : {};
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    this.clock = 0;
    this.begin(this.#random, episode as Episode);
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation): StepResult {
    const { id } = this.spec;
    if (this.#random === undefined) throw new EnvError(`${id}: reset it before the first step`);
    if (this.isDone || this.clock >= this.limit) {
      throw new EnvError(`${id}: the episode is over; reset it before the next step`);
    }
    if (!this.actionSpace.contains(action)) {
      throw new EnvError(
        `${id}: an action is a whole number from 0 to ${this.actionSpace.n - 1}, not ${action}`,
      );
    }
    this.clock++;
    const reward = this.move(action, this.#random);
    const observation = this.#observe(into);
    if (this.isDone) return termination(observation, reward, { metrics: this.metrics() });
    if (this.clock < this.limit) return transition(observation, reward);
    return truncation(observation, reward, { metrics: this.metrics() });
  }

  render(): Frame {
    const { pixels: side } = this.options;
    const pixels = new Uint8Array(this.observationSpace.pixels.length);
    this.draw(pixels);
    return { pixels, height: side, width: side };
  }

  /** The middle of the agent's cell. */
  position(): { readonly x: number; readonly y: number } {
    return centre(this.agent, this.options.size);
  }

  close(): void {}

  state(): Json {
    if (this.#random === undefined) {
      throw new EnvError(`${this.spec.id}: reset it before taking its state`);
    }
    const { limit, clock } = this;
    return { random: this.#random.state(), ...this.save(), limit, clock };
  }

  restore(state: Json, into?: Observation): Observation {
    this.#stateSchema ??= z.strictObject({
      random: randomStateSchema,
      ...this.stateShape(count.max(this.options.size ** 2 - 1)),
      limit: count,
      clock: count,
    });
    const { success, data } = this.#stateSchema.safeParse(state);
    if (!success || !this.isPossible(data as State)) {
      throw new EnvError(`${this.spec.id}: this is not a state of a world with the same options`);
    }
    const { random, limit, clock } = data as {
      random: Parameters<typeof Random.restore>[0];
      limit: number;
      clock: number;
    };
    this.#random = Random.restore(random);
    this.limit = limit;
    this.clock = clock;
    this.load(data as State);
    return this.#observe(into);
  }

  #observe(into?: Observation): Observation {
    const { pixels, instruction } = this.observationSpace;
    const observation = into ?? {
      pixels: new Uint8Array(pixels.length),
      instruction: new Float32Array(instruction.length),
    };
    this.draw(observation.pixels);
    this.tell(observation.instruction);
    return observation;
  }
}
