import { Actor } from '../../agent/actor.ts';
import { type Blueprint, loadProgram } from '../../agent/blueprint.ts';
import { PlainEncoder } from '../../agent/encoder/plain-encoder.ts';
import type { Runner } from '../../agent/engines/engine.ts';
import { views } from '../../agent/parameters.ts';
import type { Observation } from '../../env/index.ts';

/** Memory for distinct frames and their encodings, of one agent, unless its worlds need more at a single step. */
const FRAME_BYTES = 64 * 2 ** 20;
const MOST_FRAMES = 4096;

/** What an agent acts on in one episode. */
export interface ActInput {
  readonly observation: Observation;
  /** 1 at the start of the episode, else 0. */
  readonly start: number;
  /** What the agent remembers, float32 [S]. */
  readonly state: Float32Array;
}

/** What it makes of it. Valid for as long as the caller likes. */
export interface ActOutput {
  /** Of each action. */
  readonly probabilities: Float32Array;
  /** Of the return, in units of reward. */
  readonly value: number;
  readonly nextState: Float32Array;
}

/**
 * Lets an agent act in several episodes at once, at most the B that its programs are compiled for. Each output depends on its own
 * input alone, to the last bit.
 */
export type Act = (inputs: readonly ActInput[]) => Promise<ActOutput[]>;

export interface ActPrograms {
  readonly encode: Runner;
  readonly act: Runner;
}

export async function loadActPrograms(blueprint: Blueprint): Promise<ActPrograms> {
  return {
    encode: await loadProgram(blueprint, 'encode'),
    act: await loadProgram(blueprint, 'act'),
  };
}

/**
 * @param parameters float32 [P], laid out as the blueprint says; they must not change
 * @param frameBytes memory for distinct frames, which does not change what comes out
 */
export function createAct(
  { B, driveSize, stateSize, layout, recipe }: Blueprint,
  programs: ActPrograms,
  parameters: Float32Array,
  frameBytes = FRAME_BYTES,
): Act {
  const { height, width, channels, instruction: k, actions } = recipe.world;
  const frameSize = height * width * channels;
  const affordable = Math.floor(frameBytes / (frameSize + 4 * driveSize));
  const capacity = Math.max(B, Math.min(MOST_FRAMES, affordable));
  const settings = { frameSize, driveSize, capacity, parameters: views(layout, parameters) };
  const encoder = new PlainEncoder(settings, programs.encode, { oneByOne: true });
  const actor = new Actor({ ...settings, B }, encoder, programs.act);
  const pixels = new Uint8Array(B * frameSize);
  const instruction = new Float32Array(B * k);
  const start = new Float32Array(B);
  const state = new Float32Array(B * stateSize);
  return async (inputs) => {
    for (let b = 0; b < B; b++) {
      // The rest of the batch sees what its first row sees.
      const input = inputs[b] ?? inputs[0]!;
      pixels.set(input.observation.pixels, b * frameSize);
      instruction.set(input.observation.instruction, b * k);
      start[b] = input.start;
      state.set(input.state, b * stateSize);
    }
    if (capacity - encoder.count < B) encoder.forget();
    const output = await actor.act({ pixels, instruction }, start, state);
    return inputs.map((_, b) => ({
      probabilities: output.probabilities.subarray(b * actions, (b + 1) * actions),
      value: output.value[b]! / recipe.config.rewardScale,
      nextState: output.nextState.subarray(b * stateSize, (b + 1) * stateSize),
    }));
  };
}
