import { toErrorData } from '../common/thread-error.ts';
import type { ActingAgent, NacWeights } from '../play/acting-agent.ts';
import { AgentEpisode } from '../play/agent-episode.ts';
import type { RecordedStart, RecorderSettings } from '../play/episode-recorder.ts';
import type { EpisodePlan } from '../play/episodes.ts';
import { MOST_STEPS } from '../play/replay.ts';
import { Refusal } from './refusal.ts';
import { encodePicture } from './wire-picture.ts';
import { type NewSteps, type WirePicture, writeStep } from './written-step.ts';

export interface OpenedEpisode {
  readonly episode: number;
  readonly start: RecordedStart;
  /** The accumulator of an agent that was kept; null: it has none. */
  readonly nac?: NacWeights | null | undefined;
  /** The picture of its moment 0, and perhaps later ones. */
  readonly pictures: readonly WirePicture[];
}

interface OpenRequest {
  readonly agent: number;
  readonly checkpoint: string;
  readonly plan: EpisodePlan;
}

interface AdvanceRequest {
  readonly numbers: readonly number[];
  readonly count: number;
}

/** Where agents play, in this thread or another: answers what `ShownAgents` does, in order. */
export interface AgentsThread {
  ask(name: 'open', request: OpenRequest): Promise<OpenedEpisode>;
  ask(name: 'advance', request: AdvanceRequest): Promise<NewSteps[]>;
  ask(name: 'close', episode: number): Promise<void>;
  close(): Promise<void>;
}

interface LiveEpisode {
  readonly agent: ActingAgent;
  readonly episode: AgentEpisode;
  /** Pictures that were not sent yet. */
  readonly pictures: WirePicture[];
}

/** Agents by number, and the episodes that they are playing. */
export class ShownAgents {
  readonly #agents = new Map<number, ActingAgent>();
  readonly #episodes = new Map<number, LiveEpisode>();
  #opened = 0;

  /** New episodes of this agent are played with these parameters. */
  set(number: number, agent: ActingAgent): void {
    this.#agents.set(number, agent);
  }

  /** Whether new episodes of this agent are played with these parameters. */
  has(number: number, checkpoint: string): boolean {
    return this.#agents.get(number)?.checkpoint === checkpoint;
  }

  /**
   * Begins an episode; `plan` decides it.
   * @param moved is given the buffers of its pictures, which may be moved rather than copied
   * @param kept plays it instead of the agent as it is now
   */
  open(request: OpenRequest, moved: ArrayBuffer[] = [], kept?: ActingAgent): OpenedEpisode {
    const agent = kept ?? this.#agents.get(request.agent);
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
    this.#opened += 1;
    this.#episodes.set(this.#opened, { agent, episode, pictures });
    const { start } = episode.recorder!;
    const inner = kept && { nac: kept.nac };
    return { episode: this.#opened, start, ...inner, pictures: take(pictures, moved) };
  }

  /** Plays at most `GROUP` episodes of one agent on, in one checkpoint. One that has ended or failed needs no `close`. */
  async advance(
    { numbers, count }: AdvanceRequest,
    moved: ArrayBuffer[] = [],
  ): Promise<NewSteps[]> {
    const playing = numbers.map((number) => this.#episodes.get(number)!);
    await AgentEpisode.advance(
      playing[0]!.agent,
      playing.map(({ episode }) => episode),
      count,
    );
    return playing.map(({ episode, pictures }, i) => {
      const { recorder, end, failure } = episode;
      if (end || failure) this.close(numbers[i]!);
      const steps = recorder!.take().map(writeStep);
      const error = failure && toErrorData(failure.error);
      return { steps, pictures: take(pictures, moved), end, error };
    });
  }

  /** Closing twice is harmless. */
  close(number: number): void {
    this.#episodes.get(number)?.episode.close();
    this.#episodes.delete(number);
  }

  closeAll(): void {
    for (const episode of this.#episodes.keys()) this.close(episode);
  }
}

/** The pictures that have not been sent yet; they are moved, not copied. */
function take(pictures: WirePicture[], moved: ArrayBuffer[]): WirePicture[] {
  const taken = pictures.splice(0);
  moved.push(...taken.map(({ bytes }) => bytes.buffer));
  return taken;
}
