import { fixing, withWorld } from '../../env/index.ts';
import { type ActingAgent, GROUP } from '../play/acting-agent.ts';
import { AgentEpisode } from '../play/agent-episode.ts';
import { type EpisodeSpec, startSeed } from '../play/episodes.ts';
import type { EpisodeEnd, EpisodeStart } from '../play/written-step.ts';
import { type Replay, replaySchema, type Step } from '../watch/protocol.ts';

/** An episode of a trained agent, written down. */
export interface Recorded {
  readonly episode: EpisodeSpec;
  readonly opening: EpisodeStart;
  readonly steps: readonly Pick<Step, 'action' | 'reward' | 'picture'>[];
  readonly ending: EpisodeEnd;
}

/** Plays episodes of an evaluation once more, greedily, and writes them down. */
export async function record(
  mind: ActingAgent,
  episodes: readonly EpisodeSpec[],
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  for (let from = 0; from < episodes.length; from += GROUP) {
    const group = episodes.slice(from, from + GROUP);
    const playing = await Promise.all(
      group.map(({ number, index: seed }) =>
        AgentEpisode.open(mind, { number, seed, policy: 'greedy' }),
      ),
    );
    const stretches = await AgentEpisode.advance(playing, Number.POSITIVE_INFINITY);
    for (const [i, { steps, ending }] of stretches.entries()) {
      recorded.push({
        episode: group[i]!,
        opening: playing[i]!.opening,
        steps: steps.map(({ plain }) => JSON.parse(`{${plain}}`) as Step),
        ending: ending!,
      });
      playing[i]!.close();
    }
  }
  return recorded;
}

/** An episode as a file that `timegrid watch` plays and verifies. @param name of the agent, for people */
export function replayOf(
  { episode, opening, steps }: Recorded,
  { env, frames, checkpoint }: ActingAgent,
  { name, pathway, seed }: { name: string; pathway: string; seed: number },
): Replay {
  return replaySchema.parse({
    ...{ format: 'timegrid-replay', version: 1, world: { id: env.id, options: env.options } },
    ...{ number: episode.number, seed: episode.index, policy: 'greedy' },
    panes: [
      {
        name,
        run: { pathway, seed, frames, checkpoint },
        start: opening.picture,
        actions: steps.map(({ action }) => action),
        rewards: steps.map(({ reward }) => reward),
        pictures: steps.map(({ picture }) => picture),
      },
    ],
  });
}

/** A place, as fractions of the picture. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Where the agent was before each step of an episode and after the last.
 * @returns null where the world does not say
 */
export function pathOf({ env }: ActingAgent, { episode, steps }: Recorded): Place[] | null {
  return withWorld(env.id, env.options, (world) => {
    const options = fixing(world, episode.number);
    const { observation } = world.reset({ seed: startSeed(episode.index), options });
    const path: Place[] = [];
    for (const { action } of [...steps, { action: null }]) {
      const place = world.position?.();
      if (!place) return null;
      path.push(place);
      if (action !== null) world.step(action, observation);
    }
    return path;
  });
}
