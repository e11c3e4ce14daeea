import type { EngineName } from '../../agent/engines/engine.ts';
import { type Reply, serveWorker } from '../common/serve-worker.ts';
import type { ActingAgent } from '../play/acting-agent.ts';
import { agentLoader } from '../play/agent-loader.ts';
import type { CheckpointName } from '../run/checkpoint-names.ts';
import { KeptAgents } from '../watch/kept-agents.ts';
import { ShownAgents } from '../watch/shown-agents.ts';

/** An agent to load, and the number by which it is known from then on. */
export interface AgentSource {
  readonly agent: number;
  readonly path: string;
  readonly which: CheckpointName;
  readonly engine: EngineName;
  /** Where its world is now, for one that has been moved. */
  readonly env: string | undefined;
  readonly pathway: string | undefined;
  readonly allowCode: boolean | undefined;
}

/** The facts about an agent that has been loaded. */
export type LoadedAgent = Pick<ActingAgent, 'checkpoint' | 'frames' | 'lstm' | 'nac'>;

const loaders = new Map<number, ReturnType<typeof agentLoader>>();
const agents = new ShownAgents();
const keptAgents = new KeptAgents((agent, checkpoint) => loaders.get(agent)!.kept(checkpoint));

const handlers = {
  /** Loads an agent, or its newest checkpoint; new episodes are played with that. */
  async load({ agent, path, which, engine, ...found }: AgentSource): Promise<LoadedAgent> {
    const loader =
      loaders.get(agent) ??
      agentLoader(path, which, engine, {
        ...found,
        agent: found.pathway,
        onNote() {}, // `WatchedRuns` reports damage
      });
    loaders.set(agent, loader);
    const loaded = await loader.load();
    agents.set(agent, loaded);
    const { checkpoint, frames, lstm, nac } = loaded;
    return { checkpoint, frames, lstm, nac };
  },
  async open(request: Parameters<ShownAgents['open']>[0], { moved }: Reply) {
    const { agent, checkpoint } = request;
    const kept = agents.has(agent, checkpoint)
      ? undefined
      : await keptAgents.get(agent, checkpoint);
    return agents.open(request, moved, kept);
  },
  advance: (request: Parameters<ShownAgents['advance']>[0], { moved }: Reply) =>
    agents.advance(request, moved),
  close: (episode: number) => agents.close(episode),
};

export type AgentsHandlers = typeof handlers;

serveWorker(handlers, () => agents.closeAll());
