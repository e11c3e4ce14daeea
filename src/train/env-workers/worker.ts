import { parentPort } from 'node:worker_threads';
import { EnvVector, type Info, type Json, make, type VectorSettings } from '../../../env/index.ts';
import { requireWorld, type WorldChoice } from '../../plugins/source.ts';
import type { WorldMemory } from './memory.ts';

/** What a thread that steps worlds is asked, one question at a time; after `close` it ends. */
export type WorldsRequest =
  | {
      readonly do: 'create';
      readonly env: WorldChoice;
      readonly share: NonNullable<VectorSettings['share']>;
      /** The rows of its worlds. */
      readonly memory: WorldMemory;
    }
  | { readonly do: 'reset'; readonly seeds: readonly string[] }
  | { readonly do: 'step' }
  | { readonly do: 'state' }
  | { readonly do: 'restore'; readonly state: Json }
  | { readonly do: 'close' };

/** The episodes that a step ended: in which row, and with what metrics. */
export type Ends = readonly { readonly row: number; readonly metrics: Info['metrics'] }[];
/** To a step its ends, to `state` the state of the vector. */
export type WorldsReply =
  | { readonly result: Ends | Json | undefined }
  | { readonly error: { readonly name: string; readonly message: string } };

const port = parentPort!;
let worlds: EnvVector | undefined;
let memory: WorldMemory;

async function answer(request: WorldsRequest): Promise<Ends | Json | undefined> {
  switch (request.do) {
    case 'create': {
      const { env, share } = request;
      memory = request.memory;
      await requireWorld(env);
      const own = Array.from(memory.actions, () => make(env.id, env.options));
      worlds = new EnvVector(own, { share });
      return undefined;
    }
    case 'reset':
      worlds!.reset({ seeds: request.seeds }, memory.observation);
      return undefined;
    case 'step':
      worlds!.step(memory.actions, memory.observation);
      return tell(worlds!);
    case 'state':
      return worlds!.state();
    case 'restore':
      worlds!.restore(request.state, memory.observation);
      return undefined;
    case 'close':
      try {
        worlds?.close();
      } finally {
        // A world may have left timers or sockets behind, which would keep the thread alive.
        process.exit();
      }
  }
}

/** Writes down what the latest step gave, beside the observations, which are there already. */
function tell(worlds: EnvVector): Ends {
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

port.on('message', async (request: WorldsRequest) => {
  let reply: WorldsReply;
  try {
    reply = { result: await answer(request) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    reply = { error: { name, message } };
  }
  port.postMessage(reply);
});
