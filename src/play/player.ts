import { Actor } from '../../agent/actor.ts';
import { type Blueprint, loadProgram } from '../../agent/blueprint.ts';
import type { Feeds, Results, Runner } from '../../agent/engines/engine.ts';
import { views } from '../../agent/parameters.ts';
import { greedyActions, sampleActions } from '../../agent/sampling.ts';
import { EnvVector, fixing, make, Random } from '../../env/index.ts';
import type { Policy } from '../evaluate/results.ts';
import { requirePathway } from '../plugins/pathways.ts';
import { requireWorld, type WorldChoice } from '../plugins/worlds.ts';
import { actionSeed, type EpisodeResult, type EpisodeSpec, startSeed } from './episodes.ts';

/** Everything that playing depends on, as plain data for a thread. */
export interface PlayPlan {
  readonly blueprint: Blueprint;
  readonly env: WorldChoice;
  /** All parameters, float32 [P]. */
  readonly parameters: Float32Array;
  readonly policy: Policy;
}

/** Memory for distinct frames and their encodings, unless the worlds of one step need more. */
const FRAME_BYTES = 64 * 2 ** 20;
const MOST_FRAMES = 4096;

/** A slot that no episode is played in. */
const IDLE = -1;

/** Plays episodes with an agent that no longer learns, in B worlds at once. */
export class EpisodePlayer {
  readonly #policy: Policy;
  readonly #worlds: EnvVector;
  readonly #actor: Actor;
  readonly #state: Float32Array;

  private constructor(policy: Policy, worlds: EnvVector, actor: Actor, state: Float32Array) {
    this.#policy = policy;
    this.#worlds = worlds;
    this.#actor = actor;
    this.#state = state;
  }

  static async create({ blueprint, env, parameters, policy }: PlayPlan): Promise<EpisodePlayer> {
    await requirePathway(blueprint);
    const { B, driveSize, stateSize, layout, recipe } = blueprint;
    const { height, width, channels } = recipe.world;
    const frameSize = height * width * channels;
    const affordable = Math.floor(FRAME_BYTES / (frameSize + 4 * driveSize));
    const capacity = Math.max(B, Math.min(MOST_FRAMES, affordable));
    const actor = new Actor(
      { B, frameSize, driveSize, capacity, parameters: views(layout, parameters) },
      {
        encode: oneByOne(await loadProgram(blueprint, 'encode'), frameSize, driveSize),
        act: await loadProgram(blueprint, 'act'),
      },
    );
    await requireWorld(env);
    const worlds = new EnvVector(
      Array.from({ length: B }, () => make(env.id, env.options)),
      { autoreset: false },
    );
    return new EpisodePlayer(policy, worlds, actor, new Float32Array(B * stateSize));
  }

  /**
   * Plays each episode to its end. A world whose episode has ended begins the next one.
   * @param onEnd called at each ending
   * @returns how each went, in the order of `episodes`
   */
  async play(
    episodes: readonly EpisodeSpec[],
    onEnd: () => void = () => {},
  ): Promise<EpisodeResult[]> {
    const worlds = this.#worlds;
    const B = worlds.worlds.length;
    const S = this.#state.length / B;
    const observation = worlds.allocate();
    const start = new Float32Array(B).fill(1);
    const actions = new Int32Array(B);
    const playing = new Int32Array(B).fill(IDLE);
    const randoms: Random[] = [];
    const endings: EpisodeResult[] = new Array(episodes.length);
    let [begun, ended] = [0, 0];

    const begin = (slot: number): void => {
      const isLeft = begun < episodes.length;
      // A vector steps all of its worlds: those too many play an episode that nobody looks at.
      const { number, index } = episodes[isLeft ? begun : 0]!;
      const options = fixing(worlds.worlds[slot]!, number);
      worlds.resetAt(slot, { seed: startSeed(index), options }, observation);
      this.#state.fill(0, slot * S, (slot + 1) * S);
      randoms[slot] = new Random(actionSeed(index));
      playing[slot] = isLeft ? begun++ : IDLE;
    };
    for (let slot = 0; slot < B; slot++) begin(slot);

    while (ended < episodes.length) {
      const { frames } = this.#actor;
      if (frames.capacity - frames.count < B) this.#actor.forget();
      const { probabilities, nextState } = await this.#actor.act(observation, start, this.#state);
      this.#choose(probabilities, randoms, actions);
      this.#state.set(nextState);
      worlds.step(actions, observation);
      for (let slot = 0; slot < B; slot++) {
        const episode = playing[slot]!;
        const isOver = worlds.ended[slot] === 1;
        start[slot] = isOver ? 1 : 0;
        if (!isOver || episode === IDLE) continue;
        endings[episode] = this.#ending(slot, episodes[episode]!.number);
        ended += 1;
        onEnd();
        if (begun < episodes.length) begin(slot);
        else playing[slot] = IDLE;
      }
    }
    return endings;
  }

  close(): void {
    this.#worlds.close();
  }

  #choose(probabilities: Float32Array, randoms: readonly Random[], into: Int32Array): void {
    let slot = 0;
    if (this.#policy === 'greedy') greedyActions(probabilities, into);
    else sampleActions(probabilities, () => randoms[slot++]!.uniform(), into);
  }

  /** A world that gives no metrics has arrived where its episode came to an end of its own. */
  #ending(slot: number, number: number): EpisodeResult {
    const { episodeReturn, episodeLength, terminated, finalInfo } = this.#worlds;
    const metrics = finalInfo[slot]?.metrics ?? {};
    const steps = episodeLength[slot]!;
    const arrived = metrics.arrived === undefined ? terminated[slot] === 1 : metrics.arrived > 0;
    const exact = metrics.exact === undefined ? arrived && steps === number : metrics.exact > 0;
    return { reward: episodeReturn[slot]!, steps, arrived, exact };
  }
}

/**
 * Encodes each frame on its own. In a batch, the last bits of a frame's encoding depend on how many others there are; on its
 * own they depend on nothing that was played before.
 */
export function oneByOne(encode: Runner, frameSize: number, driveSize: number): Runner {
  return {
    async run({ pixels, ...parameters }: Feeds, into: Results = {}): Promise<Results> {
      const frames = pixels as Uint8Array;
      const count = frames.length / frameSize;
      const drive = into.drive ?? new Float32Array(count * driveSize);
      for (let i = 0; i < count; i++) {
        await encode.run(
          { ...parameters, pixels: frames.subarray(i * frameSize, (i + 1) * frameSize) },
          { drive: drive.subarray(i * driveSize, (i + 1) * driveSize) },
        );
      }
      return { drive };
    },
    dispose: () => encode.dispose(),
  };
}
