import type { Env, Info, Json, Observation, ResetArguments } from './contract.ts';
import { EnvError } from './errors.ts';
import { findViolation } from './guard/answer-rules.ts';
import { findEpisodeViolation } from './guard/episode-rules.ts';
import { areFinite, isSoundStep, isWithin } from './guard/fast-checks.ts';
import {
  type CallSite,
  guardCall,
  guardClose,
  violationError,
  worldError,
} from './guard/guarded-calls.ts';
import type { Seed } from './random.ts';
import type { Box, Discrete } from './spaces.ts';
import { readVectorState } from './vector-state.ts';

/** The observations of `B` worlds: uint8 [B, height, width, channels] and float32 [B, k]. */
export interface BatchObservation {
  readonly pixels: Uint8Array;
  readonly instruction: Float32Array;
}

export interface VectorSettings {
  /** Whether a world that ends an episode begins the next within the same step (the default), or stays put until `resetAt`. */
  readonly autoreset?: boolean;
  /** Where the worlds are one share of several: the number of the first, and how many there are in all. Messages say so. */
  readonly share?: { readonly first: number; readonly of: number };
}

export interface VectorResetArguments {
  /** One seed for each world; without them each world's generator continues. */
  readonly seeds?: readonly Seed[];
  /** Options of the first episode of every world; an episode begun by autoreset has none. */
  readonly options?: ResetArguments['options'];
}

/**
 * `B` worlds of one kind that step together and write their observations into batches that the caller owns.
 *
 * With autoreset the step that ends a world's episode also begins its next one: the batch receives the next episode's first
 * observation, and `finalObservation` the last one of the ended episode, which is what a truncated episode bootstraps from.
 *
 * No world is trusted: what can be checked at almost no cost is checked at every step, the rest at a world's first step.
 *
 * Pass the same few batches again and again (the slots of a rollout): what is prepared for a batch is kept with its `pixels` array.
 */
export class EnvVector {
  readonly worlds: readonly Env[];
  readonly autoreset: boolean;
  /** The spaces of one world. */
  readonly observationSpace: { readonly pixels: Box; readonly instruction: Box };
  readonly actionSpace: Discrete;

  /** What the latest step gave to each world, [B]. */
  readonly reward: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** Valid where the latest step ended an episode: its last observation and info, its summed reward and its steps. */
  readonly finalObservation: BatchObservation;
  readonly finalInfo: (Info | undefined)[];
  readonly episodeReturn: Float64Array;
  readonly episodeLength: Int32Array;
  /** 1 where a world has ended and stays put until `resetAt`, [B]; never so with autoreset. */
  readonly ended: Uint8Array;

  readonly #share: { readonly first: number; readonly of: number };
  readonly #begun: Uint8Array;
  /** 1 where a world has taken a step that every rule was checked for, [B]. */
  readonly #known: Uint8Array;
  readonly #returns: Float64Array;
  readonly #lengths: Int32Array;
  readonly #finalRows: readonly Observation[];
  readonly #batches = new WeakMap<Uint8Array, { batch: BatchObservation; rows: Observation[] }>();

  /** @throws EnvError unless there are worlds, each another object, all with the same spaces */
  constructor(worlds: readonly Env[], { autoreset = true, share }: VectorSettings = {}) {
    const first = worlds[0];
    if (first === undefined) throw new EnvError('a vector has at least one world');
    if (new Set(worlds).size < worlds.length) {
      throw new EnvError('a vector steps each world on its own, so each must be another object');
    }
    worlds.forEach((world, i) => {
      if (spaces(world) !== spaces(first)) {
        throw new EnvError(
          `world ${i} has other spaces than world 0: a vector has one kind of world`,
        );
      }
    });
    this.worlds = [...worlds];
    this.autoreset = autoreset;
    this.observationSpace = first.observationSpace;
    this.actionSpace = first.actionSpace;
    const B = worlds.length;
    this.reward = new Float32Array(B);
    this.terminated = new Uint8Array(B);
    this.truncated = new Uint8Array(B);
    this.finalObservation = this.allocate();
    this.finalInfo = new Array(B).fill(undefined);
    this.episodeReturn = new Float64Array(B);
    this.episodeLength = new Int32Array(B);
    this.ended = new Uint8Array(B);
    this.#share = share ?? { first: 0, of: B };
    this.#begun = new Uint8Array(B);
    this.#known = new Uint8Array(B);
    this.#returns = new Float64Array(B);
    this.#lengths = new Int32Array(B);
    this.#finalRows = this.#rows(this.finalObservation);
  }

  /** A batch of the right size, all zeros. */
  allocate(): BatchObservation {
    const { pixels, instruction } = this.observationSpace;
    return {
      pixels: new Uint8Array(this.worlds.length * pixels.length),
      instruction: new Float32Array(this.worlds.length * instruction.length),
    };
  }

  /**
   * Begins an episode in every world.
   * @throws EnvError for another number of seeds than worlds or a batch of another size; OptionError for bad options; WorldError
   *   as `step` does
   */
  reset({ seeds, options }: VectorResetArguments, into: BatchObservation): void {
    if (seeds !== undefined && seeds.length !== this.worlds.length) {
      throw new EnvError(`${this.worlds.length} worlds take as many seeds, not ${seeds.length}`);
    }
    for (let i = 0; i < this.worlds.length; i++) {
      this.resetAt(i, { seed: seeds?.[i], options }, into);
    }
  }

  /** Begins an episode in world `index` alone; the other rows of the batch are left as they are. */
  resetAt(index: number, args: ResetArguments, into: BatchObservation): void {
    const rows = this.#rows(into);
    const world = this.worlds[index];
    if (world === undefined) {
      throw new EnvError(
        `the worlds are numbered 0 to ${this.worlds.length - 1}; none is ${index}`,
      );
    }
    const row = rows[index]!;
    guardCall(world, this.#site('reset', index, row), () => world.reset(args, row));
    this.#begun[index] = 1;
    this.#begin(index);
  }

  /**
   * Steps every world that has not ended.
   * @param actions [B]
   * @param into receives the observation of every world
   * @throws EnvError, before any world has moved, for a world not yet reset, an action out of range or an array of another size;
   *   WorldError for a world that throws or breaks a rule, naming the world, its step and the rule
   */
  step(actions: Int32Array | Uint8Array, into: BatchObservation): void {
    const rows = this.#rows(into);
    this.#check(actions);
    let i = 0;
    try {
      for (; i < this.worlds.length; i++) this.#stepOne(i, actions[i]!, rows[i]!);
    } catch (error) {
      throw worldError(this.worlds[i]!, this.#site('step', i, rows[i]!), error);
    }
  }

  /** Everything that decides how the worlds continue. What the latest step gave is not part of it. @throws WorldError */
  state(): Json {
    return {
      worlds: this.worlds.map((world, i) =>
        guardCall(world, this.#site('state', i), () => world.state()),
      ),
      ended: [...this.ended],
      returns: [...this.#returns],
      lengths: [...this.#lengths],
    };
  }

  /**
   * Continues from a state of a vector of as many worlds with the same options.
   * @param into receives the observations of that state
   * @throws WorldError if it is not such a state
   */
  restore(state: Json, into: BatchObservation): void {
    const rows = this.#rows(into);
    const B = this.worlds.length;
    const { worlds, ended, returns, lengths } = readVectorState(state, B, this.worlds[0]!.spec.id);
    for (const [i, world] of this.worlds.entries()) {
      const row = rows[i]!;
      guardCall(world, this.#site('restore', i, row), () => world.restore(worlds[i]!, row));
      copy(row, this.#finalRows[i]!);
    }
    this.#begun.fill(1);
    this.ended.set(ended);
    this.#returns.set(returns);
    this.#lengths.set(lengths);
  }

  /** Closes every world. */
  close(): void {
    for (const world of this.worlds) guardClose(world);
  }

  #stepOne(i: number, action: number, row: Observation): void {
    if (this.ended[i] === 1) {
      this.#stay(i, row);
      return;
    }
    const world = this.worlds[i]!;
    const result = world.step(action, row);
    // The row is the vector's own and frozen: where it comes back, its arrays have the right type and size.
    const plain =
      this.#known[i] === 1 && isSoundStep(result, row, this.observationSpace.instruction);
    if (!plain) this.#inspect(i, 'step', row, result);
    this.reward[i] = result.reward;
    this.terminated[i] = result.terminated ? 1 : 0;
    this.truncated[i] = result.truncated ? 1 : 0;
    this.finalInfo[i] = undefined;
    this.#returns[i]! += result.reward;
    if (result.terminated || result.truncated) {
      if (!areFinite(result.info.metrics)) this.#inspect(i, 'step', row, result);
      this.#inspectEpisode(i, result.info);
      this.#lengths[i]!++;
      this.#end(i, row, result.info);
    } else {
      this.#lengths[i]!++;
    }
  }

  /** @throws WorldError where an answer breaks a rule */
  #inspect(i: number, call: 'reset' | 'step', into: Observation, result: unknown): void {
    const site = this.#site(call, i, into);
    const world = this.worlds[i]!;
    const violation = findViolation({ ...site, result }, world);
    if (violation !== null) throw violationError(world, site, violation);
    if (call === 'step') this.#known[i] = 1;
  }

  /** @throws WorldError where an episode as a whole breaks a rule */
  #inspectEpisode(i: number, { metrics }: Info): void {
    const world = this.worlds[i]!;
    const violation = findEpisodeViolation({ metrics, return: this.#returns[i]! }, world);
    if (violation !== null) throw violationError(world, this.#site('step', i), violation);
  }

  #site(call: CallSite['call'], i: number, into?: Observation): CallSite {
    const { first, of } = this.#share;
    return { call, into, step: this.#lengths[i]! + 1, which: `world ${first + i} of ${of}` };
  }

  #begin(i: number): void {
    this.ended[i] = 0;
    this.#returns[i] = 0;
    this.#lengths[i] = 0;
  }

  #end(i: number, row: Observation, info: Info): void {
    copy(row, this.#finalRows[i]!);
    this.finalInfo[i] = info;
    this.episodeReturn[i] = this.#returns[i]!;
    this.episodeLength[i] = this.#lengths[i]!;
    if (this.autoreset) {
      this.#resetAgain(i, row);
      this.#begin(i);
    } else {
      this.ended[i] = 1;
    }
  }

  #resetAgain(i: number, row: Observation): void {
    try {
      const result = this.worlds[i]!.reset(undefined, row);
      if (
        result?.observation !== row ||
        !isWithin(row.instruction, this.observationSpace.instruction)
      ) {
        this.#inspect(i, 'reset', row, result);
      }
    } catch (error) {
      throw worldError(this.worlds[i]!, this.#site('reset', i, row), error);
    }
  }

  #stay(i: number, row: Observation): void {
    copy(this.#finalRows[i]!, row);
    this.reward[i] = 0;
    this.terminated[i] = 0;
    this.truncated[i] = 0;
    this.finalInfo[i] = undefined;
  }

  #check(actions: Int32Array | Uint8Array): void {
    const B = this.worlds.length;
    if (actions.length !== B) {
      throw new EnvError(`${B} worlds take ${B} actions, not ${actions.length}`);
    }
    const { n } = this.actionSpace;
    for (let i = 0; i < B; i++) {
      if (this.#begun[i] === 0)
        throw new EnvError(`world ${i} must be reset before its first step`);
      const action = actions[i]!;
      if (action < 0 || action >= n) {
        throw new EnvError(`world ${i} takes an action from 0 to ${n - 1}, not ${action}`);
      }
    }
  }

  /** The views of a batch's rows, made once for each `pixels` array. */
  #rows(batch: BatchObservation): readonly Observation[] {
    const known = this.#batches.get(batch.pixels);
    if (known?.batch.instruction === batch.instruction) return known.rows;
    for (const name of ['pixels', 'instruction'] as const) {
      const right = this.worlds.length * this.observationSpace[name].length;
      if (batch[name].length !== right) {
        throw new EnvError(
          `the ${name} of a batch of ${this.worlds.length} worlds has ${right} elements, not ${batch[name].length}`,
        );
      }
    }
    const { pixels, instruction } = this.observationSpace;
    const rows = this.worlds.map((_, i) => {
      const [p, k] = [pixels.length, instruction.length];
      return Object.freeze({
        pixels: batch.pixels.subarray(i * p, (i + 1) * p),
        instruction: batch.instruction.subarray(i * k, (i + 1) * k),
      });
    });
    this.#batches.set(batch.pixels, { batch, rows });
    return rows;
  }
}

function copy(from: Observation, to: Observation): void {
  to.pixels.set(from.pixels);
  to.instruction.set(from.instruction);
}

/** The spaces of a world as text that is equal exactly where they are. */
function spaces({ observationSpace, actionSpace }: Env): string {
  return JSON.stringify([observationSpace.pixels, observationSpace.instruction, actionSpace]);
}
