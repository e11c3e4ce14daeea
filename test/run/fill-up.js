// Saves ever larger checkpoints until the system refuses, then tells what is left, as JSON.
import fs from 'node:fs';
import { join } from 'node:path';
import { loadCheckpoint } from '../../dist/src/run/load-checkpoint.js';
import { createRun, saveCheckpoint } from '../../dist/src/run/training-run.js';

const path = join(process.argv[2], 'run');
const run = createRun(path, {});

function save(frames, length) {
  const weights = { shape: [length], data: new Float32Array(length).fill(frames) };
  saveCheckpoint(run, { frames, tensors: { weights }, state: {}, isBest: false });
}

let saved = 0;
let refusal;
while (refusal === undefined) {
  try {
    save(saved + 1, 1000 * 2 ** saved);
    saved += 1;
  } catch (error) {
    refusal = error;
  }
}
const { frames, tensors } = loadCheckpoint(run, 'last');
const isWhole = tensors.weights.data.every((value) => value === saved);
const leftovers = fs.readdirSync(join(path, 'checkpoints')).length;
save(saved + 1, 10);
const afterwards = loadCheckpoint(run, 'last').frames;
run.close();
const { name, message } = refusal;
console.log(JSON.stringify({ name, message, saved, frames, isWhole, leftovers, afterwards }));
