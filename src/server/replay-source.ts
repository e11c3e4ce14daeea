import { isDeepStrictEqual } from 'node:util';
import type { Env } from '../../env/index.ts';
import type { EpisodePlan } from '../play/episodes.ts';
import type { Replay } from '../play/replay.ts';
import { describeWorld, type EpisodeSource } from '../watch/episode-source.ts';
import { pathwayInfo } from '../watch/pathway-info.ts';
import type { AgentInfo, WorldInfo } from '../watch/protocol.ts';
import { Refusal, requireAgent } from '../watch/refusal.ts';
import { asStreamed, type StreamedEpisode } from '../watch/streamed-episode.ts';
import { readReplay, rerun, worldOf } from './replay-file.ts';

/** How one pane of a replay compares with the world. */
export interface ReplayVerdict {
  readonly name: string;
  readonly steps: number;
  /** The first step at which the world differs from the file; null where all steps are as recorded. */
  readonly differsAt: number | null;
}

/** A recorded episode, played again by the world alone. */
export class ReplaySource implements EpisodeSource {
  readonly world: WorldInfo;
  readonly replay: NonNullable<EpisodeSource['replay']>;
  readonly agents: readonly AgentInfo[];
  readonly verdicts: readonly ReplayVerdict[];
  readonly #path: string;
  readonly #file: Replay;
  readonly #episodes: readonly StreamedEpisode[];

  /** @throws UsageError for a file that is not a replay, or whose world is missing; Failure where it cannot be read */
  constructor(path: string) {
    const file = readReplay(path);
    this.#path = path;
    this.#file = file;
    const world = this.makeWorld();
    this.world = describeWorld(world);
    world.close();
    const reruns = file.panes.map((pane) => rerun(path, file, pane));
    this.#episodes = reruns.map((episode) => asStreamed(episode, null));
    this.agents = file.panes.map(({ name, run }) => ({
      ...{ name, path, person: run === null && file.from === undefined },
      ...{ ...pathwayInfo(run?.pathway ?? null), seed: run?.seed ?? null },
      ...{ frames: run?.frames ?? 0, totalFrames: null, checkpoint: run?.checkpoint ?? null },
      ...{ discount: 1, lstm: 0, nac: null },
    }));
    this.verdicts = file.panes.map(({ name }, i) => {
      const { steps, differsAt } = reruns[i]!;
      return { name, steps: steps.length, differsAt };
    });
    const { number, others, seed, policy, branch } = file;
    const steps = Math.max(...reruns.map((one) => one.steps.length));
    this.replay = {
      number,
      ...(others && { others }),
      seed,
      policy,
      ...(branch && { branch }),
      steps,
    };
  }

  makeWorld(): Env {
    return worldOf(this.#path, this.#file);
  }

  open(agent: number, { number, others, seed, branch }: EpisodePlan): StreamedEpisode {
    const episode = requireAgent(this.#episodes, agent);
    const file = this.#file;
    const isIt =
      number === file.number && seed === file.seed && isDeepStrictEqual(others, file.others);
    if (!isIt || !isDeepStrictEqual(branch, file.branch)) {
      const branched = file.branch ? `, ${file.branch.number} from step ${file.branch.at} on` : '';
      throw new Refusal(
        'out-of-range',
        `this replay has one episode only: number ${file.number}${branched}, seed ${file.seed}`,
      );
    }
    return episode;
  }

  rows(): null {
    return null;
  }

  outcomes(): null {
    return null;
  }

  curve(): null {
    return null;
  }

  onNews(): void {}

  attend(): void {}

  async close(): Promise<void> {}
}
