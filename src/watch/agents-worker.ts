import type { EngineName } from '../../agent/engines/engine.ts';
import { type Reply, serveWorker } from '../common/serve-worker.ts';
import { type ActingAgent, ActingAgentLoader, type NacWeights } from '../play/acting-agent.ts';
import { AgentEpisode, type EpisodePlan } from '../play/agent-episode.ts';
import type { EpisodeStart, NewSteps } from '../play/written-step.ts';
import type { CheckpointName } from '../run/pointers.ts';
import { Refusal } from './refusal.ts';

/** An agent to load, and under which number it is known from then on. */
export interface AgentSource {
  readonly agent: number;
  readonly path: string;
  readonly which: CheckpointName;
  readonly engine: EngineName;
  /** Where its world is now, for one that has been moved. */
  readonly env: string | undefined;
  readonly pathway: string | undefined;
}

/** What an agent is, once it is loaded. */
export type LoadedAgent = Pick<ActingAgent, 'checkpoint' | 'frames' | 'lstm'> & {
  readonly nac: NacWeights | null;
};
export interface Opened {
  readonly episode: number;
  readonly opening: EpisodeStart;
  /** The picture of its moment 0, and perhaps later ones. */
  readonly pictures: NewSteps['pictures'];
}
const loaders = new Map<number, ActingAgentLoader>();
const minds = new Map<number, ActingAgent>();
const episodes = new Map<number, AgentEpisode>();
let opened = 0;

const handlers = {
  /** Loads an agent, or its newest checkpoint; new episodes are played with that. */
  async load({ agent, path, which, engine, ...found }: AgentSource): Promise<LoadedAgent> {
    const loader =
      loaders.get(agent) ??
      new ActingAgentLoader(path, which, engine, { env: found.env, agent: found.pathway });
    loaders.set(agent, loader);
    const mind = await loader.load();
    minds.set(agent, mind);
    const { checkpoint, frames, lstm, nac } = mind;
    return { checkpoint, frames, lstm, nac };
  },

  /** Begins an episode; `plan` decides it. */
  async open(
    { agent, checkpoint, plan }: { agent: number; checkpoint: string; plan: EpisodePlan },
    { moved }: Reply,
  ): Promise<Opened> {
    const mind = minds.get(agent);
    if (mind?.checkpoint !== checkpoint) {
      throw new Refusal('busy', 'the agent has just learned more; ask again');
    }
    const episode = await AgentEpisode.open(mind, plan);
    opened += 1;
    episodes.set(opened, episode);
    const pictures = episode.takePictures();
    moved.push(...pictures.map(({ bytes }) => bytes.buffer));
    return { episode: opened, opening: episode.opening, pictures };
  },

  /** Plays at most `GROUP` episodes of one agent on, in one checkpoint. One that has ended needs no `close`. */
  async advance(
    { numbers, count }: { numbers: readonly number[]; count: number },
    { moved }: Reply,
  ): Promise<NewSteps[]> {
    const playing = numbers.map((number) => episodes.get(number)!);
    const stretches = await AgentEpisode.advance(playing, count);
    for (const [i, { pictures, ending }] of stretches.entries()) {
      moved.push(...pictures.map(({ bytes }) => bytes.buffer));
      if (ending) close(numbers[i]!);
    }
    return stretches;
  },

  close,
};

export type AgentsHandlers = typeof handlers;

/** Closing twice is harmless. */
function close(episode: number): void {
  const closed = episodes.get(episode);
  episodes.delete(episode);
  closed?.close();
}

serveWorker(handlers, () => {
  for (const episode of episodes.keys()) close(episode);
});
