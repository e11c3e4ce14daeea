import { createHash } from 'node:crypto';
import type { EngineName } from '../../agent/engines/engine.ts';
import type { PluginFinding } from '../plugins/of-run.ts';
import { parametersOf } from '../run/agent-parameters.ts';
import { openRun } from '../run/folder.ts';
import { loadCheckpoint } from '../run/load-checkpoint.ts';
import type { CheckpointName } from '../run/named-checkpoints.ts';
import { type ActPrograms, loadActPrograms } from './act.ts';
import { type ActingAgent, type AgentParts, actingAgent, GROUP } from './acting-agent.ts';
import { loadSavedAgent, type SavedAgent } from './saved-agent.ts';

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
    return actingAgent(partsOf(agent), programs);
  };
}

/** Names an agent's parameters by their content. */
export function checkpointId({ frames, parameters }: SavedAgent): string {
  const digest = createHash('sha256').update(parameters).digest('hex').slice(0, 12);
  return `${frames}-${digest}`;
}

/** The parts of an agent that was loaded to act in `GROUP` worlds. */
export function partsOf(agent: SavedAgent): AgentParts {
  const { blueprint, description, frames, parameters } = agent;
  const { env } = description.settings;
  return { blueprint, env, checkpoint: checkpointId(agent), frames, parameters };
}
