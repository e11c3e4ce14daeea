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

interface RestoredState {
  readonly random: z.infer<typeof randomStateSchema>;
  readonly limit: number;
  readonly clock: number;
}

/** The schema of an episode, key by key. @param cell the schema of a cell of this grid */
export type EpisodeShape = (cell: z.ZodInt) => z.ZodRawShape;

/** An episode, as its schema reads it. */
export type EpisodeOf<Shape extends EpisodeShape> = z.infer<z.ZodObject<ReturnType<Shape>>>;

/** What a kind of world on a grid tells, and what its episodes hold. */
export interface GridDetails {
  /** How many numbers the instruction has. */
  readonly told: number;
  /** Each number is from 0 to this one. */
  readonly largest: number;
  readonly shape: EpisodeShape;
}

/**
 * A world on a square grid in which an agent moves up, down, left and right: all that such worlds have in common. A world says how an
 * episode begins, what a step does, and what is drawn and told.
 */
export abstract class GridWorld<
  Options extends { readonly size: number; readonly pixels: number },
  ResetOptions,
  Episode extends object,
> implements Env
{
  readonly spec: EnvSpec;
  readonly options: Options;
  readonly observationSpace: Env['observationSpace'];
  readonly actionSpace = new Discrete(MOVES);
  abstract readonly number: InstructedNumber;
  /** Steps taken in this episode. */
  protected clock = 0;
  /** The step that cuts the episode off. */
  protected limit = 0;
  readonly #shape: EpisodeShape;
  #random: Random | undefined;
  #stateSchema: z.ZodType | undefined;

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(spec: EnvSpec, options: unknown, { told, largest, shape }: GridDetails) {
    this.spec = spec;
    this.options = parseOptions(spec.id, spec.options, options) as unknown as Options;
    const { pixels } = this.options;
    this.observationSpace = {
      pixels: new Box([pixels, pixels, 3], 'uint8', 0, 255),
      instruction: new Box([told], 'float32', 0, largest),
    };
    this.#shape = shape;
  }

  /** Draws an episode: places everything and sets `limit`. @param options of this episode, checked */
  protected abstract begin(random: Random, options: ResetOptions): void;
  /** What an action does. The clock already counts it. @returns the reward */
  protected abstract move(action: number, random: Random): number;
  /** The cell of the agent. */
  protected abstract get agent(): number;
  /** Whether the episode has come to its own end. */
  protected abstract get isDone(): boolean;
  /** The figures of an episode that is over. */
  protected abstract metrics(): Record<string, number>;
  /** Whether a new episode can be exact; undefined where the world does not know. */
  protected canBeExact(): boolean | undefined {
    return undefined;
  }
  /** @param pixels uint8 [height, width, 3], to be written whole */
  protected abstract draw(pixels: Uint8Array): void;
  /** @param instruction float32 [k], to be written whole */
  protected abstract tell(instruction: Float32Array): void;

  /** Where everything is and what is asked for, as plain JSON that nothing else holds. */
  protected abstract save(): Episode;
  protected abstract load(episode: Episode): void;

  /** Whether an episode of the right shape can occur. */
  protected isPossible(_episode: Episode): boolean {
    return true;
  }

  reset({ seed, options }: ResetArguments = {}, into?: Observation): ResetResult {
    const { id, resetOptions } = this.spec;
    const chosen = options ? parseOptions(id, resetOptions, options) : {};
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    this.clock = 0;
    this.begin(this.#random, chosen as ResetOptions);
    const canBeExact = this.canBeExact();
    const observation = this.#observe(into);
    return canBeExact === undefined ? restart(observation) : restart(observation, { canBeExact });
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
      ...this.#shape(count.max(this.options.size ** 2 - 1)),
      limit: count,
      clock: count,
    });
    const parsed = this.#stateSchema.safeParse(state);
    const { random, limit, clock, ...episode } = (parsed.data ?? {}) as RestoredState;
    if (!parsed.success || !this.isPossible(episode as Episode)) {
      throw new EnvError(`${this.spec.id}: this is not a state of a world with the same options`);
    }
    this.#random = Random.restore(random);
    this.limit = limit;
    this.clock = clock;
    this.load(episode as Episode);
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
