import { parentPort } from 'node:worker_threads';
import type { EngineName } from '../../agent/engines/engine.ts';
import { errorMessage } from '../common/error-message.ts';
import { type ActingAgent, ActingAgentLoader, type NacWeights } from '../play/acting-agent.ts';
import { AgentEpisode, type EpisodePlan } from '../play/agent-episode.ts';
import type { EpisodeStart, NewSteps } from '../play/written-step.ts';
import type { CheckpointName } from '../run/pointers.ts';
import type { ErrorCode } from './protocol.ts';
import { Refusal } from './refusal.ts';

/** What the thread of the agents is asked; it answers in order. After `end` it ends. */
export type AgentsRequest =
  /** Loads an agent, or its newest checkpoint; new episodes are played with that. */
  | {
      readonly do: 'load';
      readonly agent: number;
      readonly path: string;
      readonly which: CheckpointName;
      readonly engine: EngineName;
      readonly env: string | undefined;
    }
  | {
      readonly do: 'open';
      readonly agent: number;
      readonly checkpoint: string;
      readonly plan: EpisodePlan;
    }
  /** Plays at most `GROUP` episodes of one agent on together. */
  | { readonly do: 'advance'; readonly episodes: readonly number[]; readonly count: number }
  | { readonly do: 'close'; readonly episode: number }
  | { readonly do: 'end' };

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
export type AgentsAnswer = LoadedAgent | Opened | readonly NewSteps[] | null;
/** An error's class does not survive the way between threads, so what matters of it is sent. */
export interface AgentsProblem {
  readonly refused: ErrorCode | null;
  readonly message: string;
  readonly exitCode: 1 | 2;
}
export type AgentsReply = { readonly result: AgentsAnswer } | { readonly problem: AgentsProblem };

const port = parentPort!;
const loaders = new Map<number, ActingAgentLoader>();
const minds = new Map<number, ActingAgent>();
const episodes = new Map<number, AgentEpisode>();
let opened = 0;

async function answer(request: AgentsRequest): Promise<AgentsAnswer> {
  switch (request.do) {
    case 'load': {
      const { agent, path, which, engine, env } = request;
      const loader = loaders.get(agent) ?? new ActingAgentLoader(path, which, engine, { env });
      loaders.set(agent, loader);
      const mind = await loader.load();
      minds.set(agent, mind);
      const { checkpoint, frames, lstm, nac } = mind;
      return { checkpoint, frames, lstm, nac };
    }
    case 'open': {
      const mind = minds.get(request.agent);
      if (mind?.checkpoint !== request.checkpoint) {
        throw new Refusal('busy', 'the agent has just learned more; ask again');
      }
      const episode = await AgentEpisode.open(mind, request.plan);
      opened += 1;
      episodes.set(opened, episode);
      return { episode: opened, opening: episode.opening, pictures: episode.takePictures() };
    }
    case 'advance': {
      const playing = request.episodes.map((number) => episodes.get(number)!);
      const stretches = await AgentEpisode.advance(playing, request.count);
      for (const [i, number] of request.episodes.entries()) {
        if (stretches[i]!.ending) close(number);
      }
      return stretches;
    }
    case 'close':
      close(request.episode);
      return null;
    case 'end':
      try {
        for (const episode of episodes.keys()) close(episode);
      } finally {
        port.close();
      }
      return null;
  }
}

/** Closing twice is harmless. */
function close(episode: number): void {
  const closed = episodes.get(episode);
  episodes.delete(episode);
  closed?.close();
}

async function reply(request: AgentsRequest): Promise<void> {
  try {
    const result = await answer(request);
    port.postMessage({ result } satisfies AgentsReply, buffersOf(result));
  } catch (error) {
    const { message, exitCode } = errorMessage(error);
    const problem =
      error instanceof Refusal
        ? { refused: error.code, message: error.message, exitCode }
        : { refused: null, message, exitCode };
    port.postMessage({ problem } satisfies AgentsReply);
  }
}

/** Where the pictures lie: they are handed over rather than copied. */
function buffersOf(answer: AgentsAnswer): ArrayBuffer[] {
  const holders = Array.isArray(answer) ? answer : answer && 'pictures' in answer ? [answer] : [];
  return holders.flatMap(({ pictures }: NewSteps | Opened) =>
    pictures.map(({ bytes }) => bytes.buffer),
  );
}

// An agent is not to be asked again before it has answered.
let last = Promise.resolve();
port.on('message', (request: AgentsRequest) => {
  last = last.then(() => reply(request));
});
