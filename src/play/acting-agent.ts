import { createHash } from 'node:crypto';
import { Actor } from '../../agent/actor.ts';
import { loadProgram } from '../../agent/blueprint.ts';
import type { EngineName, Runner } from '../../agent/engines/engine.ts';
import { views } from '../../agent/parameters.ts';
import { createPathway } from '../../agent/pathways/configure.ts';
import { instructionNames } from '../../agent/pathways/pathway.ts';
import { readingOf } from '../../agent/pathways/reading.ts';
import { inspectWorld, type Observation } from '../../env/index.ts';
import type { PluginFinding } from '../plugins/of-run.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import { parametersOf } from '../run/agent-parameters.ts';
import { openRun } from '../run/folder.ts';
import { loadCheckpoint } from '../run/load-checkpoint.ts';
import type { CheckpointName } from '../run/pointers.ts';
import { oneByOne } from './player.ts';
import { loadSavedAgent, type SavedAgent } from './saved-agent.ts';
import { rounded } from './written-step.ts';

/** Episodes that an agent acts in at once: acting in 32 takes less than twice as long as in 8, or in one. */
export const GROUP = 32;

/** Memory for distinct frames and their encodings, of one agent. */
const FRAME_BYTES = 32 * 2 ** 20;
const MOST_FRAMES = 1_024;

/** The weights of a neural accumulator, for people to look at. */
export interface NacWeights {
  readonly inputs: readonly string[];
  readonly outputs: number;
  /** −1…1, [inputs, outputs] */
  readonly weights: readonly number[];
}

/** What an episode gives an agent to act on. */
export interface ActInput {
  readonly observation: Observation;
  /** 1 at the start of the episode, else 0. */
  readonly start: number;
  /** What the agent remembers. */
  readonly state: Float32Array;
}

/** What the agent makes of it. */
export interface ActOutput {
  readonly probabilities: Float32Array;
  /** Of the return, in units of reward. */
  readonly value: number;
  readonly nextState: Float32Array;
}

/** An agent with the parameters of one checkpoint. */
export interface ActingAgent {
  /** Names the parameters by their content. */
  readonly checkpoint: string;
  readonly frames: number;
  readonly env: WorldChoice;
  readonly stateSize: number;
  /** Units of the LSTM: its output h is the first so many numbers of the state. */
  readonly lstm: number;
  readonly nac: NacWeights | null;
  /** Acts in at most `GROUP` situations at once; each response depends on its own situation alone. */
  act(situations: readonly ActInput[]): Promise<ActOutput[]>;
  /** What the accumulator gave at a step, and then what its clock says, where it has one. @param nextState the state after it */
  accumulated(nextState: Float32Array, instruction: Float32Array): Float32Array;
}

/** Loads an agent once, and its newer checkpoints as they come, without compiling anew. */
export class ActingAgentLoader {
  readonly #path: string;
  readonly #which: CheckpointName;
  readonly #engine: EngineName;
  readonly #world: PluginFinding;
  #agent: SavedAgent | undefined;
  #programs: { encode: Runner; act: Runner } | undefined;

  constructor(path: string, which: CheckpointName, engine: EngineName, world: PluginFinding) {
    this.#path = path;
    this.#which = which;
    this.#engine = engine;
    this.#world = world;
  }

  /** The agent as it stands on the disk. @throws as `loadSavedAgent` does */
  async load(): Promise<ActingAgent> {
    if (this.#agent && this.#programs) {
      const checkpoint = loadCheckpoint(openRun(this.#path), this.#which);
      const { layout } = this.#agent.blueprint;
      const parameters = parametersOf(checkpoint, layout, this.#path);
      this.#agent = { ...this.#agent, frames: checkpoint.frames, parameters };
    } else {
      this.#agent = await loadSavedAgent(this.#path, this.#which, this.#engine, GROUP, this.#world);
      const { blueprint } = this.#agent;
      const { world } = blueprint.recipe;
      const frameSize = world.height * world.width * world.channels;
      const batched = await loadProgram(blueprint, 'encode');
      const encode = oneByOne(batched, frameSize, blueprint.driveSize);
      this.#programs = { encode, act: await loadProgram(blueprint, 'act') };
    }
    return mindOf(this.#agent, this.#programs);
  }
}

function mindOf(agent: SavedAgent, programs: { encode: Runner; act: Runner }): ActingAgent {
  const { blueprint, description, frames } = agent;
  const { driveSize, stateSize, layout } = blueprint;
  const { world, config } = blueprint.recipe;
  const frameSize = world.height * world.width * world.channels;
  const affordable = Math.floor(FRAME_BYTES / (frameSize + 4 * driveSize));
  const parameters = views(layout, agent.parameters);
  const settings = {
    ...{ B: GROUP, frameSize, driveSize, parameters },
    capacity: Math.max(GROUP, Math.min(MOST_FRAMES, affordable)),
  };
  const { id, options } = description.settings.env;
  const k = world.instruction;
  const told = instructionNames(k, k === 1 ? inspectWorld(id, options).number?.symbol : undefined);
  const { shown, at } = readingOf(createPathway(config, told), told, parameters);
  const digest = createHash('sha256').update(agent.parameters).digest('hex').slice(0, 12);
  return {
    checkpoint: `${frames}-${digest}`,
    frames,
    env: description.settings.env,
    stateSize,
    lstm: config.lstm,
    nac: shown && {
      inputs: shown.inputs,
      outputs: shown.outputs.length,
      weights: Array.from(shown.weights, rounded),
    },
    act: actingInGroups(new Actor(settings, programs), frameSize, stateSize, config.rewardScale),
    accumulated: (nextState, instruction) => at(nextState.subarray(2 * config.lstm), instruction),
  };
}

/** Lets an actor of `GROUP` worlds act in fewer: the rest of the group looks at what the first one does. */
function actingInGroups(
  actor: Actor,
  frameSize: number,
  stateSize: number,
  rewardScale: number,
): ActingAgent['act'] {
  const pixels = new Uint8Array(GROUP * frameSize);
  const start = new Float32Array(GROUP);
  const state = new Float32Array(GROUP * stateSize);
  return async (situations) => {
    const k = situations[0]!.observation.instruction.length;
    const instruction = new Float32Array(GROUP * k);
    for (let b = 0; b < GROUP; b++) {
      const situation = situations[b] ?? situations[0]!;
      pixels.set(situation.observation.pixels, b * frameSize);
      instruction.set(situation.observation.instruction, b * k);
      start[b] = situation.start;
      state.set(situation.state, b * stateSize);
    }
    if (actor.frames.capacity - actor.frames.count < GROUP) actor.forget();
    const { probabilities, value, nextState } = await actor.act(
      { pixels, instruction },
      start,
      state,
    );
    const actions = probabilities.length / GROUP;
    return situations.map((_, b) => ({
      probabilities: probabilities.subarray(b * actions, (b + 1) * actions),
      value: value[b]! / rewardScale,
      nextState: nextState.subarray(b * stateSize, (b + 1) * stateSize),
    }));
  };
}
