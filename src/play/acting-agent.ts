import { createHash } from 'node:crypto';
import { Actor } from '../../agent/actor.ts';
import { loadProgram } from '../../agent/blueprint.ts';
import type { AgentConfig } from '../../agent/config.ts';
import type { EngineName, Runner } from '../../agent/engines/engine.ts';
import { views } from '../../agent/parameters.ts';
import { inspectWorld, type Observation } from '../../env/index.ts';
import type { WorldChoice } from '../plugins/source.ts';
import type { WorldFinding } from '../plugins/world-of-run.ts';
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
  readonly #world: WorldFinding;
  #agent: SavedAgent | undefined;
  #programs: { encode: Runner; act: Runner } | undefined;

  constructor(path: string, which: CheckpointName, engine: EngineName, world: WorldFinding) {
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
  const symbol = inspectWorld(id, options).number?.symbol ?? 'x';
  const nac = nacOf(parameters, config, world.instruction, symbol);
  const digest = createHash('sha256').update(agent.parameters).digest('hex').slice(0, 12);
  return {
    checkpoint: `${frames}-${digest}`,
    frames,
    env: description.settings.env,
    stateSize,
    lstm: config.lstm,
    nac,
    act: actingInGroups(new Actor(settings, programs), frameSize, stateSize, config.rewardScale),
    accumulated(nextState, instruction) {
      const carried = nextState.subarray(2 * config.lstm);
      if (!nac || config.pathway === 'nac') return carried;
      const outputs = product(Float32Array.of(...instruction, ...carried), nac);
      return Float32Array.of(...outputs, ...carried);
    },
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

/** W = tanh(Ŵ) ⊙ σ(M̂) of the accumulator that reads the instruction, where the agent has one. */
function nacOf(
  parameters: Record<string, Float32Array>,
  { pathway, nacWidth: outputs, clockUnits }: AgentConfig,
  k: number,
  symbol: string,
) {
  const { 'nac/w_hat': wHat, 'nac/m_hat': mHat } = parameters;
  if (!wHat || !mHat) return null;
  const told = Array.from({ length: k }, (_, i) => (k === 1 ? symbol : `${symbol}${i + 1}`));
  const numbered = (count: number) => Array.from({ length: count }, (_, i) => `n${i + 1}`);
  const own = { nac: ['1', ...numbered(outputs)], 'nac-clock': numbered(clockUnits) };
  const inputs = pathway in own ? [...told, ...own[pathway as keyof typeof own]] : told;
  const weights = Array.from(wHat, (w, i) => rounded(Math.tanh(w) / (1 + Math.exp(-mHat[i]!))));
  return { inputs, outputs, weights };
}

/** @param x [inputs] @returns [outputs] */
function product(x: Float32Array, { inputs, outputs, weights }: NacWeights): Float32Array {
  const y = new Float32Array(outputs);
  for (let i = 0; i < inputs.length; i++) {
    for (let j = 0; j < outputs; j++) y[j]! += x[i]! * weights[i * outputs + j]!;
  }
  return y;
}
