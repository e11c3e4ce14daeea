import type { Blueprint } from '../../agent/blueprint.ts';
import { views } from '../../agent/parameters.ts';
import { createPathway } from '../../agent/pathways/configure.ts';
import { instructionNames } from '../../agent/pathways/pathway.ts';
import { readingOf } from '../../agent/pathways/reading.ts';
import { inspectWorld, instructionSymbols } from '../../env/index.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import { type ActPrograms, createAct } from './act.ts';
import type { PlayingAgent } from './agent-episode.ts';

/** Episodes that an agent acts in at once: acting in 32 takes less than twice as long as in 8, or in one. */
export const GROUP = 32;

/** Memory for distinct frames of each agent: several are loaded at once, and for long. */
const FRAME_BYTES = 12 * 2 ** 20;

/** The weights of a neural accumulator, for people to look at. */
export interface NacWeights {
  readonly inputs: string[];
  readonly outputs: number;
  /** −1…1, [inputs, outputs] */
  readonly weights: number[];
}

/** An agent with the parameters of one checkpoint. */
export interface ActingAgent extends PlayingAgent {
  /** Names the parameters by their content. */
  readonly checkpoint: string;
  readonly frames: number;
  /** Units of the LSTM: its output h is the first so many numbers of the state. */
  readonly lstm: number;
  readonly nac: NacWeights | null;
  /** What the accumulator gave at a step, and then what its clock says, where it has one. @param nextState the state after it */
  accumulated(nextState: Float32Array, instruction: Float32Array): Float32Array;
}

/** What an agent is made of. */
export interface AgentParts {
  /** Its programs, for `GROUP` worlds. */
  readonly blueprint: Blueprint;
  readonly env: WorldChoice;
  /** Names the parameters by their content. */
  readonly checkpoint: string;
  /** Frames it was trained on. */
  readonly frames: number;
  /** All parameters, float32 [P], laid out as the blueprint says. */
  readonly parameters: Float32Array;
}

export function actingAgent(
  { blueprint, env, checkpoint, frames, parameters: flat }: AgentParts,
  programs: ActPrograms,
): ActingAgent {
  const { B, stateSize, actionSlots, layout } = blueprint;
  const { world, config } = blueprint.recipe;
  const facts = inspectWorld(env.id, env.options);
  const names = instructionSymbols(facts, instructionNames(world.instruction));
  const parameters = views(layout, flat);
  const { shown, at } = readingOf(createPathway(config, names, world.actions), names, parameters);
  return {
    checkpoint,
    frames,
    env,
    B,
    stateSize,
    actionSlots,
    act: createAct(blueprint, programs, flat, FRAME_BYTES),
    lstm: config.lstm,
    nac: shown && {
      inputs: [...shown.inputs],
      outputs: shown.outputs.length,
      weights: Array.from(shown.weights, thousandths),
    },
    accumulated: (nextState, instruction) => at(nextState.subarray(2 * config.lstm), instruction),
  };
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
