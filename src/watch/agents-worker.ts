import type { EngineName } from '../../agent/engines/engine.ts';
import { type Reply, serveWorker } from '../common/serve-worker.ts';
import { toErrorData } from '../common/thread-error.ts';
import { type ActingAgent, agentLoader } from '../play/acting-agent.ts';
import { AgentEpisode } from '../play/agent-episode.ts';
import type { RecordedStart, RecorderSettings } from '../play/episode-recorder.ts';
import type { EpisodePlan } from '../play/episodes.ts';
import { MOST_STEPS } from '../play/replay.ts';
import type { CheckpointName } from '../run/named-checkpoints.ts';
import { encodePicture } from './protocol.ts';
import { Refusal } from './refusal.ts';
import { type NewSteps, type WirePicture, writeStep } from './written-step.ts';

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

export interface OpenedEpisode {
  readonly episode: number;
  readonly start: RecordedStart;
  /** The picture of its moment 0, and perhaps later ones. */
  readonly pictures: readonly WirePicture[];
}

interface LiveEpisode {
  readonly agent: ActingAgent;
  readonly episode: AgentEpisode;
  /** Pictures that were not sent yet. */
  readonly pictures: WirePicture[];
}

const loaders = new Map<number, ReturnType<typeof agentLoader>>();
const agents = new Map<number, ActingAgent>();
const episodes = new Map<number, LiveEpisode>();
let opened = 0;

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
    const loaded = await loader();
    agents.set(agent, loaded);
    const { checkpoint, frames, lstm, nac } = loaded;
    return { checkpoint, frames, lstm, nac };
  },

  /** Begins an episode; `plan` decides it. */
  open(
    request: { agent: number; checkpoint: string; plan: EpisodePlan },
    { moved }: Reply,
  ): OpenedEpisode {
    const agent = agents.get(request.agent);
    if (agent?.checkpoint !== request.checkpoint) {
      throw new Refusal('busy', 'the agent has a newer checkpoint by now; ask again');
    }
    const pictures: WirePicture[] = [];
    const record = {
      onPicture: (hash, frame) => pictures.push({ hash, bytes: encodePicture({ hash, ...frame }) }),
      inner: (nextState, instruction) => ({
        pathway: agent.accumulated(nextState, instruction),
        lstm: nextState.slice(0, agent.lstm),
      }),
    } satisfies RecorderSettings;
    const settings = { mostSteps: MOST_STEPS, record };
    const episode = AgentEpisode.open(agent, request.plan, settings);
    opened += 1;
    episodes.set(opened, { agent, episode, pictures });
    return { episode: opened, start: episode.recorder!.start, pictures: take(pictures, moved) };
  },

  /** Plays at most `GROUP` episodes of one agent on, in one checkpoint. One that has ended or failed needs no `close`. */
  async advance(
    { numbers, count }: { numbers: readonly number[]; count: number },
    { moved }: Reply,
  ): Promise<NewSteps[]> {
    const playing = numbers.map((number) => episodes.get(number)!);
    await AgentEpisode.advance(
      playing[0]!.agent,
      playing.map(({ episode }) => episode),
      count,
    );
    return playing.map(({ episode, pictures }, i) => {
      const { recorder, end, failure } = episode;
      if (end || failure) close(numbers[i]!);
      const steps = recorder!.take().map(writeStep);
      const error = failure && toErrorData(failure.error);
      return { steps, pictures: take(pictures, moved), end, error };
    });
  },

  close,
};

export type AgentsHandlers = typeof handlers;

/** Closing twice is harmless. */
function close(number: number): void {
  episodes.get(number)?.episode.close();
  episodes.delete(number);
}

/** The pictures that have not been sent yet; they are moved, not copied. */
function take(pictures: WirePicture[], moved: ArrayBuffer[]): WirePicture[] {
  const taken = pictures.splice(0);
  moved.push(...taken.map(({ bytes }) => bytes.buffer));
  return taken;
}

serveWorker(handlers, () => {
  for (const episode of episodes.keys()) close(episode);
});
