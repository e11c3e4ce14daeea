import { createHash } from 'node:crypto';
import type { EngineName } from '../../agent/engines/engine.ts';
import { views } from '../../agent/parameters.ts';
import { createPathway } from '../../agent/pathways/configure.ts';
import { instructionNames } from '../../agent/pathways/pathway.ts';
import { readingOf } from '../../agent/pathways/reading.ts';
import { inspectWorld, instructionSymbols } from '../../env/index.ts';
import type { PluginFinding } from '../plugins/of-run.ts';
import { parametersOf } from '../run/agent-parameters.ts';
import { openRun } from '../run/folder.ts';
import { loadCheckpoint } from '../run/load-checkpoint.ts';
import type { CheckpointName } from '../run/named-checkpoints.ts';
import { type ActPrograms, createAct, loadActPrograms } from './act.ts';
import type { PlayingAgent } from './agent-episode.ts';
import { loadSavedAgent, type SavedAgent } from './saved-agent.ts';

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

/**
 * Loads an agent, and its newer checkpoints as they come, which are not compiled again.
 * @returns gives the agent as it is on the disk; throws as `loadSavedAgent` does
 */
export function agentLoader(
  path: string,
  which: CheckpointName,
  engine: EngineName,
  finding: PluginFinding,
): () => Promise<ActingAgent> {
  let agent: SavedAgent | undefined;
  let programs: ActPrograms | undefined;
  return async () => {
    if (agent && programs) {
      const checkpoint = loadCheckpoint(openRun(path, finding.onNote), which);
      const parameters = parametersOf(checkpoint, agent.blueprint.layout, path);
      agent = { ...agent, frames: checkpoint.frames, parameters };
    } else {
      agent = await loadSavedAgent(path, which, engine, GROUP, finding);
      programs = await loadActPrograms(agent.blueprint);
    }
    return actingAgent(agent, programs);
  };
}

/** Names an agent's parameters by their content. */
export function checkpointId({ frames, parameters }: SavedAgent): string {
  const digest = createHash('sha256').update(parameters).digest('hex').slice(0, 12);
  return `${frames}-${digest}`;
}

function actingAgent(agent: SavedAgent, programs: ActPrograms): ActingAgent {
  const { blueprint, description, frames } = agent;
  const { B, stateSize, actionSlots, layout } = blueprint;
  const { world, config } = blueprint.recipe;
  const { id, options } = description.settings.env;
  const facts = inspectWorld(id, options);
  const names = instructionSymbols(facts, instructionNames(world.instruction));
  const parameters = views(layout, agent.parameters);
  const { shown, at } = readingOf(createPathway(config, names, world.actions), names, parameters);
  return {
    checkpoint: checkpointId(agent),
    frames,
    env: description.settings.env,
    B,
    stateSize,
    actionSlots,
    act: createAct(blueprint, programs, agent.parameters, FRAME_BYTES),
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
