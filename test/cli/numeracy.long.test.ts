import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { Running, timegrid } from './timegrid.ts';

const STEPS = 3000;

const command = (folder: string) => [
  ...['numeracy', 'identity', '--seeds', '1..4', '--jobs', '1', '--folder', folder],
  ...['--set', 'nets=nac,tanh', `iterations=${STEPS}`],
];

/** Stops a study by Ctrl-C once one of its trainings is under way. */
async function interrupt(folder: string, run: string): Promise<void> {
  const running = new Running(command(folder));
  await running.until(() => new RegExp(`identity, ${run}: \\d+ %, step`).test(running.stderr));
  const { exitCode, stderr } = await running.signal('SIGINT');
  expect(exitCode).toBe(130);
  expect(stderr).toContain('everything is saved; run the same command again to resume');
}

test('a task that is interrupted again and again gives what one left alone gives', async () => {
  const [alone, folder] = [temporaryFolder(), temporaryFolder()];
  expect((await timegrid(command(alone))).exitCode).toBe(0);
  await interrupt(folder, 'tanh');
  const saved = JSON.parse(fs.readFileSync(join(folder, 'runs/tanh/checkpoint.json'), 'utf8'));
  expect(saved.step).toBeLessThan(STEPS);
  expect(fs.existsSync(join(folder, 'report.md'))).toBe(false);
  await interrupt(folder, 'nac');
  expect((await timegrid(command(folder))).exitCode).toBe(0);
  for (const file of ['results/tanh.json', 'results/nac.json', 'identity.svg']) {
    const [here, there] = [folder, alone].map((one) => fs.readFileSync(join(one, file), 'utf8'));
    expect(here).toBe(there);
  }
});
