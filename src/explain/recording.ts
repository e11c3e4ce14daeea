import type { RecordedStart, RecordedStep } from '../play/episode-recorder.ts';
import type { EpisodeEnd, EpisodeSpec } from '../play/episodes.ts';
import type { Player } from '../play/player.ts';
import { MOST_STEPS, type Replay, replaySchema } from '../play/replay.ts';
import type { Position } from '../play/world-episode.ts';
import type { WorldChoice } from '../plugins/worlds.ts';

/** An episode of a trained agent, with all its steps. */
export interface Recording {
  readonly episode: EpisodeSpec;
  readonly start: RecordedStart;
  readonly steps: readonly RecordedStep[];
  readonly end: EpisodeEnd;
}

/** Plays episodes of an evaluation greedily, and records them. Longer ones than the page shows are cut off. */
export async function record(
  player: Player,
  episodes: readonly EpisodeSpec[],
): Promise<Recording[]> {
  const plans = episodes.map(({ index, ...given }) => ({
    ...given,
    ...{ seed: index, policy: 'greedy' as const },
  }));
  const played = await player.play(plans, { settings: { mostSteps: MOST_STEPS, record: {} } });
  return played.map(({ end, recorder }, i) => ({
    ...{ episode: episodes[i]!, start: recorder!.start, steps: recorder!.take(), end },
  }));
}

/** An episode as a file that `timegrid watch` plays and verifies. @param name of the agent, for people */
export function replayOf(
  { episode, start, steps }: Recording,
  { id, options }: WorldChoice,
  {
    name,
    ...run
  }: { name: string; pathway: string; seed: number; frames: number; checkpoint: string },
): Replay {
  return replaySchema.parse({
    ...{ format: 'timegrid-replay', version: 1, world: { id, options } },
    number: episode.number,
    ...(Object.keys(episode.others ?? {}).length > 0 && { others: episode.others }),
    ...{ seed: episode.index, policy: 'greedy' },
    panes: [
      {
        ...{ name, run, start: start.picture },
        actions: steps.map(({ action }) => action),
        rewards: steps.map(({ reward }) => reward),
        pictures: steps.map(({ picture }) => picture),
      },
    ],
  });
}

/**
 * Where the agent was before each step of an episode and after the last.
 * @returns null where the world does not say
 */
export function pathOf({ start, steps }: Recording): Position[] | null {
  const path = [start, ...steps].map(({ position }) => position);
  return path.every((position) => position !== null) ? path : null;
}
