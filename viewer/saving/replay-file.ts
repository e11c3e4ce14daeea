import { type Replay, replaySchema } from '../../src/watch/protocol.ts';
import type { Episode } from '../episode.ts';
import type { State } from '../state.ts';

/**
 * An episode as a file that `timegrid watch` plays and checks.
 * @returns null until the whole episode has arrived
 */
export function toReplay({
  episode,
  branch,
  own,
  agents,
  world,
  checkpoints,
}: State): Replay | null {
  const shown: Episode | null = branch ?? episode;
  if (shown === null || world === null || !shown.whole) return null;
  const tracks = [...shown.tracks.values()];
  if (branch === null && own?.whole) tracks.push(...own.tracks.values());
  const { number, others, seed, policy, branch: change } = shown.key;
  return replaySchema.parse({
    format: 'timegrid-replay',
    version: 1,
    world: { id: world.id, options: world.options },
    number,
    ...(others && { others }),
    seed,
    policy,
    ...(change && { branch: change }),
    panes: tracks.map(({ pane, picture, checkpoint, steps }) => {
      const agent = pane === 'you' ? null : agents[pane]!;
      return {
        name: agent?.name ?? 'you',
        run: agent && {
          pathway: agent.pathway,
          seed: agent.seed,
          frames: checkpoints.get(checkpoint ?? '') ?? agent.frames,
          checkpoint,
        },
        start: picture,
        actions: steps.map(({ action }) => action),
        rewards: steps.map(({ reward }) => reward),
        pictures: steps.map((step) => step.picture),
      };
    }),
  });
}
