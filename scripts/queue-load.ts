/**
 * What a queue of runs costs a Redis: measured on a real one, and simulated for many workers.
 *
 *   node dist/scripts/queue-load.js [workers] [runs]
 */

import { formatDuration, formatWhole } from '../src/common/format.ts';
import { runKey } from '../src/study/run-key.ts';
import { resolveSettings } from '../src/train/settings.ts';
import { startRedis } from './own-redis.ts';
import { measureQueue } from './queue-rate.ts';
import { simulateQueue } from './queue-simulation.ts';

const [workers = 1_000, runs = 100_000] = process.argv.slice(2).map(Number);
const MEASURED = 4_000;
const CONNECTIONS = 8;
/** As the study of record has them: bytes of a result and a checkpoint. */
const RESULT = 20_000;
const CHECKPOINT = 2_900_000;
const LEASE = 30;

const occasions = [{ numbers: [5, 10, 20, 50, 100], episodes: 200 }];
const settings = resolveSettings({ agent: 'nac', threads: 1 });
const declared = Array.from({ length: MEASURED }, (_, seed) => {
  const own = { ...settings, seed };
  const names = { agent: 'nac', label: `nac, seed ${seed}`, path: '', result: '' };
  return { ...names, seed, settings: own, occasions, key: runKey(own, occasions) };
});

const redis = await startRedis();
const costs = await measureQueue(redis.address, declared, CONNECTIONS, {
  resultBytes: RESULT,
  checkpointBytes: CHECKPOINT,
}).finally(redis.close);
const { milliseconds, bytes } = costs;
const rate = (value: number): string => formatWhole(Math.round(value));
const ms = (value: number): string => `${value.toFixed(3)} ms`;
console.log(
  `measured: ${rate(costs.declaredPerSecond)} runs a second declared; ${rate(costs.donePerSecond)} taken, kept and ended, by ${CONNECTIONS} connections of one process`,
);
console.log(
  `Redis at work: declare ${ms(milliseconds.declare)}, take ${ms(milliseconds.take)}, keep ${ms(milliseconds.keep)}, end ${ms(milliseconds.end)}, a megabyte of a checkpoint ${ms(milliseconds.checkpointMegabyte)}, look at a run ${ms(milliseconds.surveyRun)}`,
);
console.log(
  `Redis holds: ${rate(bytes.job)} bytes for a run that waits, ${rate(bytes.result)} for one that is over, ${rate(bytes.checkpoint)} for a checkpoint`,
);

const gib = (value: number): string => `${(value / 2 ** 30).toFixed(2)} GiB`;
for (const [what, inRedis, runSeconds] of [
  ['five minutes each, a checkpoint every 15 s', true, 300],
  ['five minutes each, with --artifacts', false, 300],
  ['one minute each, with --artifacts', false, 60],
] as const) {
  const checkpoint = (milliseconds.checkpointMegabyte * CHECKPOINT) / 1e9;
  const found = simulateQueue({
    ...{
      workers,
      runs,
      runSeconds,
      inRedis,
      checkpointSeconds: 15,
      workerSeconds: 7_200,
      leaseSeconds: LEASE,
    },
    keepSeconds: LEASE / 3,
    costs: {
      take: milliseconds.take / 1e3,
      keep: milliseconds.keep / 1e3,
      end: milliseconds.end / 1e3,
      checkpoint,
    },
  });
  const percent = (share: number): string => `${(100 * share).toFixed(3)} %`;
  console.log(
    [
      `simulated: ${formatWhole(workers)} workers, ${formatWhole(runs)} runs of ${what}: ${formatDuration(found.seconds)}`,
      `workers wait ${percent(found.waitingShare)} of their time for the queue, and train ${percent(found.lostShare)} in vain, since ${formatWhole(found.lostWorkers)} of them are lost on the way`,
      `Redis is at work ${percent(found.redisBusy)} of the time, its slowest answer takes ${(1e3 * found.slowestAnswer).toFixed(0)} ms, and it takes in ${((found.checkpointsStored * CHECKPOINT) / 1e6 / found.seconds).toFixed(0)} MB/s`,
      `it holds ${gib(runs * bytes.job)} before the first run, at most ${gib(found.mostCheckpoints * bytes.checkpoint)} of checkpoints (${formatWhole(found.mostCheckpoints)}), and ${gib(runs * bytes.result)} of results after the last`,
    ].join('\n  '),
  );
}
