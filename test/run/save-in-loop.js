// Trains a make-believe run for ever: saves a checkpoint at every frame, and says so on its output.
import fs from 'node:fs';
import { holdsRun } from '../../dist/src/run/folder.js';
import { settleLock } from '../../dist/src/run/lock.js';
import { createRun, resumeRun, saveCheckpoint } from '../../dist/src/run/training-run.js';

const path = process.argv[2];
const say = (word) => fs.writeSync(1, `${word}\n`);

say('start');
let run;
await settleLock(path);
let frames = 0;
if (holdsRun(path)) {
  const resumed = resumeRun(path);
  run = resumed.run;
  frames = resumed.checkpoint?.frames ?? 0;
} else {
  run = createRun(path, { command: 'save-in-loop' });
}
for (;;) {
  frames += 1;
  run.metrics.append({ frames });
  run.events.append(frames, { 'train/frames': frames }, 0);
  const weights = { shape: [20_000], data: new Float32Array(20_000).fill(frames) };
  const state = { frames, worlds: new Array(200).fill(frames) };
  saveCheckpoint(run, { frames, tensors: { weights }, state, isBest: frames % 3 === 0 });
  say(frames);
}
