import { Worker } from 'node:worker_threads';
import type { EngineName } from '../../agent/engines/engine.ts';
import '../../agent/engines/telemetry.ts';
import { Failure, UsageError } from '../common/errors.ts';
import type { EpisodePlan } from '../play/agent-episode.ts';
import type { NewSteps } from '../play/written-step.ts';
import type { CheckpointName } from '../run/pointers.ts';
import type { AgentsReply, AgentsRequest, LoadedAgent, Opened } from './agents-worker.ts';
import { Refusal } from './refusal.ts';

/** Where an agent is to be had. */
export interface AgentSource {
  readonly path: string;
  readonly which: CheckpointName;
  readonly engine: EngineName;
  /** Where its world is now, for one that has been moved. */
  readonly env: string | undefined;
}

/**
 * The thread in which the agents act, since acting blocks the one that it happens in. Each method throws the thread's
 * Refusal, UsageError or Failure.
 */
export class AgentsThread {
  readonly #worker = new Worker(new URL('./agents-worker.js', import.meta.url));
  readonly #exit = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
  readonly #waiting: { resolve: (result: never) => void; reject: (error: unknown) => void }[] = [];
  #broken: Error | undefined;

  constructor() {
    this.#worker.on('message', (reply: AgentsReply) => {
      const { resolve, reject } = this.#waiting.shift()!;
      if ('result' in reply) resolve(reply.result as never);
      else reject(errorOf(reply.problem));
    });
    this.#worker.on('error', (error: Error) => this.#break(error));
    this.#worker.on('exit', (code) =>
      this.#break(new Failure(`the agents' thread ended with code ${code}`)),
    );
  }

  load(agent: number, source: AgentSource): Promise<LoadedAgent> {
    return this.#ask({ do: 'load', agent, ...source });
  }

  /** Begins an episode; `plan` decides it. */
  open(agent: number, checkpoint: string, plan: EpisodePlan): Promise<Opened> {
    return this.#ask({ do: 'open', agent, checkpoint, plan });
  }

  /** Plays at most `GROUP` episodes of one agent on, in one checkpoint. One that has ended needs no `close`. */
  advance(episodes: readonly number[], count: number): Promise<readonly NewSteps[]> {
    return this.#ask({ do: 'advance', episodes, count });
  }

  async close(episode: number): Promise<void> {
    await this.#ask({ do: 'close', episode });
  }

  /** Never in the middle of a request: ending a thread within native code would end the process. */
  async end(): Promise<void> {
    this.#worker.postMessage({ do: 'end' } satisfies AgentsRequest);
    this.#waiting.push({ resolve: () => {}, reject: () => {} });
    await this.#exit;
  }

  #ask<Answer>(request: AgentsRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  #break(error: Error): void {
    this.#broken ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#broken);
  }
}

function errorOf({
  refused,
  message,
  exitCode,
}: {
  refused: Refusal['code'] | null;
  message: string;
  exitCode: 1 | 2;
}): Error {
  if (refused) return new Refusal(refused, message);
  return exitCode === 2 ? new UsageError(message) : new Failure(message);
}
