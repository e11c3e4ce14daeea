/** The process that a training is measured in: a request as its one argument, the result on its standard output. */

import { readFileSync } from 'node:fs';
import { requireWorld } from '../plugins/worlds.ts';
import { resolveSettings } from '../train/settings.ts';
import { createTrainer } from '../train/shard-pool.ts';
import { unitsPerSecond } from './measure.ts';
import type { TrainingRequest, TrainingResult } from './training.ts';

const { engine, preset, world, threads, ...budget } = JSON.parse(
  process.argv[2]!,
) as TrainingRequest;
await requireWorld(world);
const settings = resolveSettings({
  ...{ engine, preset, threads, frames: 1e9 },
  ...{ env: world.id, envOptions: world.options },
});
const { worlds, steps } = settings.config;
const trainer = await createTrainer(settings);
let updates = 0;
let shares = 0;
const update = async (): Promise<void> => {
  shares += (await trainer.update()).distinctShare;
  updates += 1;
};
// Until the code is compiled and the engine has its memory.
for (let i = 0; i < 5; i++) await update();
const framesPerSecond = await unitsPerSecond(worlds * steps, update, budget);
await trainer.close();
const distinctShare = shares / updates;
const result: TrainingResult = {
  ...{ engine, preset, threads, worlds, steps, distinctShare, framesPerSecond },
  world: { id: world.id, options: world.options },
  peakMemory: peakMemory(),
};
process.stdout.write(JSON.stringify(result));

/** Bytes. Where the system does not tell it of this program alone, that which started it may count too. */
function peakMemory(): number {
  if (process.platform === 'linux') {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (peak) return 1024 * Number(peak[1]);
  }
  return 1024 * process.resourceUsage().maxRSS;
}
