import fs from 'node:fs';
import { join } from 'node:path';

/** Four runs so small that each takes a moment. */
const four = {
  title: 'Four tiny runs',
  ...{ frames: 3200, seeds: [1, 2], numbers: '3,4', episodes: 5 },
  envOptions: { size: 3, pixels: 24, timeMin: 3, timeMax: 6 },
  set: {
    convolutions: [{ filters: 8, size: 4, stride: 4 }],
    ...{ dense: 16, lstm: 16, worlds: 16, steps: 10 },
  },
  agents: { baseline: { agent: 'baseline' }, 'my clock': { agent: 'nac-clock' } },
};

/** Declares the study in a folder. @returns the file */
export function declareFour(home: string, change: object = {}): string {
  const file = join(home, 'study.json');
  fs.writeFileSync(file, JSON.stringify({ ...four, ...change }));
  return file;
}
