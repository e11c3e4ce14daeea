/**
 * Trains an agent on short times, then evaluates it at longer ones.
 *
 *     node train-and-evaluate.js [frames]
 */

import { evaluate, train } from 'timegrid';

const frames = Number(process.argv[2] ?? 1_000_000);

const { run } = await train(
  { agent: 'nac-clock', frames, run: 'runs/example', overwrite: true },
  {
    onProgress: ({ frames, reward, metrics }) =>
      console.log(`${frames} frames: reward ${reward.toFixed(2)}, exact ${metrics.exact}`),
  },
);

const { evaluations } = await evaluate([run], { numbers: [5, 12, 20, 50], episodes: 50 });
for (const { number, exact, meanReward } of evaluations[0]?.rows ?? []) {
  console.log(`t = ${number}: reward ${meanReward.toFixed(2)}, exact ${100 * exact} %`);
}
