// Says "ready"; at a line on its input, locks a folder and says "locked" or why not; holds the lock until its input ends.
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { lockFolder, settleLock } from '../../dist/src/run/lock.js';

const folder = process.argv[2];
const say = (word) => fs.writeSync(1, `${word}\n`);
let lock;

say('ready');
createInterface({ input: process.stdin })
  .once('line', async () => {
    try {
      await settleLock(folder, (sentence) => fs.writeSync(2, `${sentence}\n`));
      lock = lockFolder(folder);
      say('locked');
    } catch (error) {
      say(error.message);
    }
  })
  .once('close', () => lock?.release());
