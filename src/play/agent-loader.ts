import type { EngineName } from '../../agent/engines/engine.ts';
import type { PluginFinding } from '../plugins/of-run.ts';
import { checkpointId, parametersOf } from '../run/agent-parameters.ts';
import type { CheckpointName } from '../run/checkpoint-names.ts';
import { openRun } from '../run/folder.ts';
import { listKept } from '../run/kept-checkpoints.ts';
import { loadCheckpoint } from '../run/load-checkpoint.ts';
import { type ActPrograms, loadActPrograms } from './act.ts';
import { type ActingAgent, type AgentParts, actingAgent, GROUP } from './acting-agent.ts';
import { keptParameters, loadSavedAgent, type SavedAgent } from './saved-agent.ts';

/** An agent's checkpoints, loaded one by one; the agent is compiled once. */
export interface AgentLoader {
  /** The agent as it is on the disk. @throws as `loadSavedAgent` does */
  load(): Promise<ActingAgent>;
  /** The agent as its run has kept it, under this name; undefined where it has not. @throws Failure where that is damaged */
  kept(id: string): Promise<ActingAgent | undefined>;
}

/** Loads an agent, and its newer checkpoints as they come. */
export function agentLoader(
  path: string,
  which: CheckpointName,
  engine: EngineName,
  finding: PluginFinding,
): AgentLoader {
  let agent: SavedAgent | undefined;
  let programs: ActPrograms | undefined;
  const load = async () => {
    if (agent && programs) {
      const checkpoint = loadCheckpoint(openRun(path, finding.onNote), which);
      const parameters = parametersOf(checkpoint, agent.blueprint.layout, path);
      agent = { ...agent, frames: checkpoint.frames, parameters };
    } else {
      agent = await loadSavedAgent(path, which, engine, GROUP, finding);
      programs = await loadActPrograms(agent.blueprint);
    }
    return actingAgent(partsOf(agent), programs);
  };
  const kept = async (id: string) => {
    const found = listKept(path).find((one) => one.id === id);
    if (!found || !agent || !programs) return undefined;
    const parameters = keptParameters(path, found, agent.blueprint.layout);
    const parts = { ...partsOf(agent), checkpoint: id, frames: found.frames, parameters };
    return actingAgent(parts, programs);
  };
  return { load, kept };
}

/** The parts of an agent that was loaded to act in `GROUP` worlds. */
export function partsOf(agent: SavedAgent): AgentParts {
  const { blueprint, description, frames, parameters } = agent;
  const { env } = description.settings;
  return { blueprint, env, checkpoint: checkpointId(agent), frames, parameters };
}
