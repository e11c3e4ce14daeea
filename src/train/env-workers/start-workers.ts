import { inspectWorld, type Json, type VectorSettings } from '../../../env/index.ts';
import { readVectorState, type VectorState } from '../../../env/vector-state.ts';
import { allSettled, WorkerClient } from '../../common/worker-client.ts';
import type { WorldChoice } from '../../plugins/worlds.ts';
import { splitWorlds } from '../split-worlds.ts';
import { allocateMemory, share } from './memory.ts';
import type { WorldsHandlers } from './worker.ts';
import type { Worlds } from './worlds.ts';

const COLUMNS = ['worlds', 'ended', 'returns', 'lengths'] as const;

/** Which worlds a thread has. */
interface Part {
  readonly thread: WorkerClient<WorldsHandlers>;
  readonly first: number;
  readonly count: number;
}

/**
 * Makes `B` worlds in threads that step them and write the results into shared memory. They do what an `EnvVector` does, to the
 * last bit, and have the same state. Worthwhile where a step of a world takes longer than the messages: about 0.1 ms for all
 * worlds together.
 * @param env a world that this thread knows
 * @param count threads; no more are started than there are worlds
 * @throws what making the worlds throws, as this thread would have
 */
export async function startWorkers(
  env: WorldChoice,
  B: number,
  count: number,
  { first, of }: NonNullable<VectorSettings['share']> = { first: 0, of: B },
): Promise<Worlds> {
  const memory = allocateMemory(B, inspectWorld(env.id, env.options));
  const { pixels, instruction } = memory.observation;
  const file = new URL('./worker.js', import.meta.url);
  let next = 0;
  const parts = splitWorlds(B, Math.min(count, B)).map((worlds): Part => {
    const thread = new WorkerClient<WorldsHandlers>(file, { name: env.id });
    next += worlds;
    return { thread, first: next - worlds, count: worlds };
  });
  /** Asks all threads at once. @throws what the first of them in order throws, once all have answered */
  const ask = <Answer>(request: (part: Part) => Promise<Answer>) => allSettled(parts.map(request));
  const finalInfo: Worlds['finalInfo'][number][] = new Array(B).fill(undefined);

  const vector: Worlds = {
    ...memory,
    finalInfo,
    allocate: () => ({
      pixels: new Uint8Array(pixels.length),
      instruction: new Float32Array(instruction.length),
    }),

    async reset({ seeds }, into) {
      await ask((part) => part.thread.ask('reset', own(part, seeds)));
      show(into);
    },

    async step(actions, into) {
      memory.actions.set(actions);
      const ends = await ask(({ thread }) => thread.ask('step'));
      finalInfo.fill(undefined);
      for (const [i, { first }] of parts.entries()) {
        for (const { row, metrics } of ends[i]!) {
          finalInfo[first + row] = metrics === undefined ? {} : { metrics };
        }
      }
      show(into);
    },

    async state() {
      const states = (await ask(({ thread }) => thread.ask('state'))) as VectorState[];
      return Object.fromEntries(
        COLUMNS.map((name) => [name, states.flatMap((part) => part[name])]),
      );
    },

    async restore(state: Json, into) {
      const whole = readVectorState(state, B, env.id);
      await ask((part) => {
        const columns = COLUMNS.map((name) => [name, own<Json>(part, whole[name])] as const);
        return part.thread.ask('restore', Object.fromEntries(columns));
      });
      show(into);
    },

    async close() {
      await Promise.all(parts.map(({ thread }) => thread.close()));
    },
  };

  /** Copies the observations out of the shared memory, which ONNX Runtime does not take. */
  function show(into: typeof memory.observation): void {
    into.pixels.set(pixels);
    into.instruction.set(instruction);
  }

  try {
    await ask(({ thread, ...part }) =>
      thread.ask('create', {
        env,
        share: { first: first + part.first, of },
        memory: share(memory, B, part.first, part.count),
      }),
    );
  } catch (error) {
    await vector.close();
    throw error;
  }
  return vector;
}

/** What of an array with an element for each world belongs to one thread. */
function own<Element>({ first, count }: Part, all: readonly Element[]): Element[] {
  return all.slice(first, first + count);
}
