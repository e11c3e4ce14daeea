/**
 * Compares two agents in a small study: trains both, evaluates them, and prints a table.
 * Run it again after stopping it with Ctrl-C, and it resumes.
 *
 *     node compare-agents.js [frames]
 */

import { study } from 'timegrid';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const report = await study(
  {
    agents: {
      baseline: { agent: 'baseline' },
      clock: { agent: 'nac-clock' },
    },
    frames: Number(process.argv[2] ?? 1_000_000),
    numbers: [5, 12, 20, 50],
    episodes: 50,
  },
  {
    folder: 'runs/example-study',
    onProgress: ({ label }, { frames }) => console.log(`${label}: ${frames} frames`),
    onFinish: ({ label }) => console.log(`${label}: finished`),
    signal: stop.signal,
  },
);

for (const { name, lines } of report?.agents ?? []) {
  for (const { number, exact } of lines) {
    console.log(`${name}, t = ${number}: ${Math.round(100 * exact.mean)} % exact`);
  }
}
