import { EnvVector, type Info, type Json, make, type VectorSettings } from '../../../env/index.ts';
import { serveWorker } from '../../common/serve-worker.ts';
import { requireWorld, type WorldChoice } from '../../plugins/worlds.ts';
import type { WorldMemory } from './memory.ts';

/** Which worlds a thread steps, and where it writes what they give. */
export interface WorldsPlan {
  readonly env: WorldChoice;
  readonly share: NonNullable<VectorSettings['share']>;
  /** The rows of its worlds. */
  readonly memory: WorldMemory;
}

/** The episodes that a step ended: in which row, and with what metrics. */
export type Ends = readonly { readonly row: number; readonly metrics: Info['metrics'] }[];

let worlds: EnvVector | undefined;
let memory: WorldMemory;

const handlers = {
  async create(plan: WorldsPlan) {
    const { env, share } = plan;
    memory = plan.memory;
    await requireWorld(env);
    const own = Array.from(memory.actions, () => make(env.id, env.options));
    worlds = new EnvVector(own, { share });
  },
  reset: (seeds: readonly string[]) => worlds!.reset({ seeds }, memory.observation),
  step() {
    worlds!.step(memory.actions, memory.observation);
    return writeResults(worlds!);
  },
  state: () => worlds!.state(),
  restore: (state: Json) => worlds!.restore(state, memory.observation),
};

export type WorldsHandlers = typeof handlers;

serveWorker(handlers, () => worlds?.close());

/** Writes what the latest step gave; the observations are there already. */
function writeResults(worlds: EnvVector): Ends {
  const ends: { row: number; metrics: Info['metrics'] }[] = [];
  memory.reward.set(worlds.reward);
  memory.terminated.set(worlds.terminated);
  memory.truncated.set(worlds.truncated);
  for (let row = 0; row < worlds.reward.length; row++) {
    if (!worlds.terminated[row] && !worlds.truncated[row]) continue;
    ends.push({ row, metrics: worlds.finalInfo[row]?.metrics });
    memory.episodeReturn[row] = worlds.episodeReturn[row]!;
    memory.episodeLength[row] = worlds.episodeLength[row]!;
    for (const name of ['pixels', 'instruction'] as const) {
      const [from, to] = [worlds.finalObservation[name], memory.finalObservation[name]];
      const size = from.length / worlds.reward.length;
      to.set(from.subarray(row * size, (row + 1) * size), row * size);
    }
  }
  return ends;
}
