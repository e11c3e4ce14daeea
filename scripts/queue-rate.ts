import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import { queueAddress } from '../src/queue/address.ts';
import { connect, type QueueConnection } from '../src/queue/connect.ts';
import { QUEUE } from '../src/queue/keys.ts';
import { RunStore } from '../src/queue/store.ts';
import { StudyQueue } from '../src/queue/study-queue.ts';
import type { PlannedRun } from '../src/study/planned-run.ts';

/** What Redis needs for what it does for runs: milliseconds of its one thread, and bytes of its memory. */
export interface QueueCosts {
  /** Runs a second that were declared, and that were taken, kept once and ended. */
  readonly declaredPerSecond: number;
  readonly donePerSecond: number;
  readonly milliseconds: {
    readonly declare: number;
    /** BullMQ's taking and finishing of a run, and this package's own notes of both. */
    readonly take: number;
    readonly keep: number;
    readonly end: number;
    /** For each megabyte of a checkpoint. */
    readonly checkpointMegabyte: number;
    readonly surveyRun: number;
  };
  readonly bytes: { readonly job: number; readonly result: number; readonly checkpoint: number };
}

const LEASE = 30_000;
const KEPT = 3_600;

/**
 * Declares runs to a real Redis and takes them to their end, training left out.
 * @param runs all with distinct keys
 * @param connections that take runs at once, each one at a time
 * @param resultBytes of each result
 * @param checkpointBytes of a checkpoint; some are stored
 */
export async function measureQueue(
  address: string,
  runs: readonly PlannedRun[],
  connections: number,
  { resultBytes, checkpointBytes }: { resultBytes: number; checkpointBytes: number },
): Promise<QueueCosts> {
  const where = queueAddress('the address', {})(address);
  const watching = await connect(where);
  const study = await StudyQueue.open(where, KEPT);
  const empty = await used(watching);
  const declaring = await timed(watching, () => study.declare(runs));
  const declared = await used(watching);
  const surveying = await timed(watching, () => study.survey(runs));

  const workers = await Promise.all(Array.from({ length: connections }, () => connect(where)));
  const phases = await Promise.all(workers.map((worker) => openPhases(worker, resultBytes)));
  const inPhase = (name: 'take' | 'keep' | 'end') =>
    timed(watching, () => Promise.all(phases.map((phase) => phase[name]())));
  const taking = await inPhase('take');
  const taken = phases.reduce((sum, { holds }) => sum + holds.length, 0);
  if (taken !== runs.length) throw new Error(`${taken} of ${runs.length} runs were taken`);
  const keeping = await inPhase('keep');
  const ending = await inPhase('end');
  const ended = await used(watching);

  const store = new RunStore(watching, LEASE);
  const key = '0'.repeat(32);
  const token = randomUUID();
  await watching.redis.set(store.keys.lock(key), token);
  const tensors = Buffer.alloc(checkpointBytes, 7);
  const STORED = 20;
  const storing = await timed(watching, async () => {
    for (let i = 0; i < STORED; i += 1) {
      await store.storeCheckpoint({ key, token }, KEPT, { 'tensors.safetensors': tensors });
    }
  });
  const withCheckpoint = await used(watching);
  for (const connection of [...workers, watching]) connection.close();
  study.close();
  const wall = taking.wall + keeping.wall + ending.wall;
  return {
    declaredPerSecond: (runs.length / declaring.wall) * 1_000,
    donePerSecond: (runs.length / wall) * 1_000,
    milliseconds: {
      declare: declaring.busy / runs.length,
      take: taking.busy / runs.length,
      keep: keeping.busy / runs.length,
      end: ending.busy / runs.length,
      checkpointMegabyte: storing.busy / STORED / (checkpointBytes / 1e6),
      surveyRun: surveying.busy / runs.length,
    },
    bytes: {
      job: (declared - empty) / runs.length,
      result: (ended - empty) / runs.length,
      checkpoint: withCheckpoint - ended,
    },
  };
}

/** One that takes, keeps and ends runs: each for as many as there are. */
async function openPhases(connection: QueueConnection, resultBytes: number) {
  const store = new RunStore(connection, LEASE);
  const worker = new connection.bullmq.Worker(QUEUE, null, {
    ...{ connection: connection.redis, prefix: store.keys.root, autorun: false },
    ...{ lockDuration: LEASE, skipStalledCheck: true, skipLockRenewal: true },
    removeOnComplete: { count: 0 },
  });
  worker.on('error', () => {});
  const holds: { readonly key: string; readonly token: string; readonly job: Job }[] = [];
  const result = 'x'.repeat(resultBytes);
  return {
    holds,
    async take(): Promise<void> {
      for (;;) {
        const token = randomUUID();
        const job = (await worker.getNextJob(token, { block: false })) as Job | undefined;
        if (!job) return;
        holds.push({ key: job.id!, token, job });
        await store.take({ key: job.id!, token }, 'measured', KEPT);
      }
    },
    async keep(): Promise<void> {
      const state = { share: 0.5, speed: 10_000, spent: 100 };
      for (const hold of holds) await store.keep(hold, KEPT, state);
    },
    async end(): Promise<void> {
      for (const hold of holds) {
        if (!(await store.storeEnd(hold, 'result', KEPT, result)))
          throw new Error('a run was lost');
        await hold.job.moveToCompleted('', hold.token, false);
      }
      await worker.close(true);
    },
  };
}

/** Milliseconds that something took, and that Redis was at work meanwhile. */
async function timed(connection: QueueConnection, action: () => Promise<unknown>) {
  const before = await commandTimes(connection);
  const startedAt = performance.now();
  await action();
  const wall = performance.now() - startedAt;
  return { wall, busy: (await commandTimes(connection)) - before };
}

/** Milliseconds that Redis has spent on commands so far. */
async function commandTimes({ redis }: QueueConnection): Promise<number> {
  const [, user = '0'] = /used_cpu_user_main_thread:([\d.]+)/.exec(await redis.info('cpu')) ?? [];
  const [, system = '0'] = /used_cpu_sys_main_thread:([\d.]+)/.exec(await redis.info('cpu')) ?? [];
  return (Number(user) + Number(system)) * 1_000;
}

/** Bytes that Redis holds. */
async function used({ redis }: QueueConnection): Promise<number> {
  return Number(/used_memory_dataset:(\d+)/.exec(await redis.info('memory'))?.[1] ?? 0);
}
