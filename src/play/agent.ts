import type { EngineName } from '../../agent/engines/engine.ts';
import { rememberActions } from '../../agent/last-action.ts';
import { type Observation, Random, type Seed } from '../../env/index.ts';
import { type PluginOptions, requireOwnPathway } from '../plugins/of-run.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import type { CheckpointName } from '../run/checkpoint-names.ts';
import { type Act, type ActPrograms, createAct, loadActPrograms } from './act.ts';
import { chooseAction } from './choose-action.ts';
import type { Policy } from './episodes.ts';
import { loadSavedAgent, type SavedAgent } from './saved-agent.ts';

export interface LoadAgentOptions extends PluginOptions {
  /** The last one by default. */
  readonly checkpoint?: CheckpointName | undefined;
  /** `onnx` by default. */
  readonly engine?: EngineName | undefined;
  /** Whether to take the most probable action or draw one; `greedy` by default. */
  readonly policy?: Policy | undefined;
  /** Seed of the draws; 1 by default. */
  readonly seed?: Seed | undefined;
}

/** What an agent does in one step. */
export interface AgentAction {
  /** The index of the action. */
  readonly action: number;
  /** Of each action, float32 [actions]. */
  readonly probabilities: Float32Array;
  /** The return that the agent expects from here on, in units of reward, discounted as in training. */
  readonly value: number;
}

/** A trained agent that acts in one world. It keeps its recurrent state from step to step. */
export class Agent {
  /** The folder of its run. */
  readonly run: string;
  /** Frames it was trained on. */
  readonly frames: number;
  /** The world it was trained in: `make(agent.env.id, agent.env.options)` makes it. */
  readonly env: WorldChoice;
  readonly #act: Act;
  readonly #programs: ActPrograms;
  readonly #sizes: { readonly pixels: number; readonly instruction: number };
  readonly #policy: Policy;
  readonly #state: Float32Array;
  readonly #actionSlots: number;
  #start = 1;
  #random: Random;
  #isActing = false;

  /** Use {@link loadAgent}. */
  constructor(
    { path, description, frames, blueprint, parameters }: SavedAgent,
    programs: ActPrograms,
    { policy = 'greedy', seed = 1 }: LoadAgentOptions,
  ) {
    const { world } = blueprint.recipe;
    this.run = path;
    this.frames = frames;
    this.env = description.settings.env;
    this.#programs = programs;
    this.#act = createAct(blueprint, programs, parameters);
    this.#sizes = {
      pixels: world.height * world.width * world.channels,
      instruction: world.instruction,
    };
    this.#policy = policy;
    this.#state = new Float32Array(blueprint.stateSize);
    this.#actionSlots = blueprint.actionSlots;
    this.#random = new Random(seed);
  }

  /**
   * Acts on the next observation of an episode.
   * @param observation pixels uint8 [height, width, channels] and instruction float32 [k], as the world gives them
   * @throws TypeError for an observation of another size, Error for a call before the last one has answered
   */
  async act({ pixels, instruction }: Observation): Promise<AgentAction> {
    for (const [name, array] of Object.entries({ pixels, instruction })) {
      const size = this.#sizes[name as keyof Observation];
      if (array.length === size) continue;
      throw new TypeError(`${name} must have ${size} elements for this agent, not ${array.length}`);
    }
    if (this.#isActing) throw new Error('await each call of act before the next');
    this.#isActing = true;
    try {
      const observation = { pixels, instruction };
      const [output] = await this.#act([{ observation, start: this.#start, state: this.#state }]);
      const { probabilities, value, nextState } = output!;
      this.#start = 0;
      this.#state.set(nextState);
      const action = chooseAction(this.#policy, probabilities, this.#random);
      rememberActions(this.#state, [action], this.#actionSlots);
      return { action, probabilities, value };
    } finally {
      this.#isActing = false;
    }
  }

  /** Forgets the episode so far: to be called before the first observation of every further episode. @param seed of the draws from here on; they continue by default */
  reset(seed?: Seed): void {
    this.#start = 1;
    this.#state.fill(0);
    if (seed !== undefined) this.#random = new Random(seed);
  }

  /** Frees the memory of its programs. The agent cannot act any more. */
  async close(): Promise<void> {
    for (const program of Object.values(this.#programs)) await program.dispose();
  }
}

/**
 * Loads the agent of a run, to act in one world. It acts as in `timegrid evaluate`, whose episode `i` starts with
 * `world.reset({ seed: 'evaluation:<i>' })` and `agent.reset('evaluation:<i>:actions')`.
 * @param run the run's folder
 * @throws UsageError for a run that is missing or whose world is gone or has another shape, EngineUnavailable for the engine,
 *   Failure for a damaged run
 */
export async function loadAgent(run: string, options: LoadAgentOptions = {}): Promise<Agent> {
  const { checkpoint = 'last', engine = 'onnx' } = options;
  const saved = await loadSavedAgent(run, checkpoint, engine, 1, options);
  requireOwnPathway(options.agent, [{ path: run, config: saved.description.settings.config }]);
  return new Agent(saved, await loadActPrograms(saved.blueprint), options);
}
