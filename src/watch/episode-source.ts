import type { Env } from '../../env/index.ts';
import type { EpisodePlan, Policy } from '../play/episodes.ts';
import { WorldEpisode } from '../play/world-episode.ts';
import type { NumberRows } from './number-rows.ts';
import type { OutcomeRows } from './outcome-rows.ts';
import type { AgentInfo, HadSteps, RewardRow, ServerMessage, StudyText } from './protocol.ts';
import type { StreamedEpisode } from './streamed-episode.ts';

type Hello = Extract<ServerMessage, { kind: 'hello' }>;

/** What has changed, of one agent or of all. */
export type SourceNews =
  | 'agents'
  | 'study'
  | { readonly rows: number }
  | { readonly curve: number };

/** How an agent did over its training, point by point. */
export interface TrainingCurve {
  readonly frames: readonly number[];
  /** Mean reward of training's own episodes; null where none ended. */
  readonly reward: readonly (number | null)[];
  /** Share of exact arrivals, likewise. */
  readonly exact: readonly (number | null)[];
  /** Changes whenever earlier points have changed. */
  readonly edition: number;
}

/** What a server has to show. */
export interface EpisodeSource {
  readonly world: Hello['world'];
  readonly replay: Hello['replay'];
  readonly agents: readonly AgentInfo[];
  /** How the study stands whose runs these are; absent where that is not followed. */
  readonly study?: StudyText | undefined;
  /** A new world of the kind that is shown. */
  makeWorld(): Env;
  /**
   * The episode of an agent.
   * @param frames the agent as it was kept after so many frames of training, rather than as it is now
   * @param had what the page already has of it, which need not be there any more
   * @throws Refusal where there is no such episode, or no room for it
   */
  open(agent: number, plan: EpisodePlan, had?: HadSteps, frames?: number): StreamedEpisode;
  /** How an agent did so far: another object after every new checkpoint. Null: not known. */
  rows(agent: number, policy: Policy): NumberRows<RewardRow> | null;
  /** How its episodes went one by one, likewise. */
  outcomes(agent: number, policy: Policy): OutcomeRows | null;
  curve(agent: number): TrainingCurve | null;
  /** Calls `listener` whenever something has changed. */
  onNews(listener: (news: SourceNews) => void): void;
  /** Is told what each page looks at, whenever that changes. */
  attend(pages: readonly Policy[]): void;
  close(): Promise<void>;
}

/** What the page is told of a world. */
export function describeWorld(world: Env): Hello['world'] {
  const { height, width } = new WorldEpisode(world, { seed: '0', number: null }).render();
  return {
    id: world.spec.id,
    options: world.options as Hello['world']['options'],
    actions: [...world.actionSpace.names],
    height,
    width,
    number: numberOf(world),
    otherNumbers: (world.otherNumbers ?? []).map(
      ({ option, symbol, meaning, countsSteps, trained }) => ({
        ...{ option, symbol, meaning, countsSteps },
        trained: [...trained],
      }),
    ),
  };
}

function numberOf({ number }: Env): Hello['world']['number'] {
  if (!number) return null;
  const { symbol, meaning, countsSteps, stepsEach, trained, maxReward } = number;
  return {
    ...{ symbol, meaning, countsSteps, trained: [...trained], maxReward },
    ...(stepsEach !== undefined && { stepsEach }),
  };
}
