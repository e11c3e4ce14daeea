import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { findSpec, register } from '../../env/index.ts';
import { saveRun, TINY_GRID } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { Program, timegridProcess } from '../train/program.ts';
import { Page } from './watching.ts';

/** In this process it is sound, so that an agent for it can be saved; in the program it is the one of troubled-grid.js. */
register({ ...findSpec('TimedGrid-v0'), id: 'TroubledGrid-v0' });

const worlds = new URL('./troubled-grid.js', import.meta.url);
const troubled = (TROUBLE: string, AFTER: number) => ({
  ...{ NODE_OPTIONS: `--import=${worlds}`, TROUBLE, AFTER: String(AFTER) },
});

function savedRun(): string {
  const run = join(temporaryFolder(), 'nac-1');
  saveRun(run, { env: 'TroubledGrid-v0', envOptions: TINY_GRID });
  return run;
}

test.each([
  ['throw', '1', 'the floor gave way'],
  ['nan', '2', 'the reward is NaN \\(rule reward-finite: .*\\)'],
])('an evaluation in a world that does this: %s, on %s threads', async (trouble, threads, what) => {
  const args = ['evaluate', savedRun(), '--numbers', '2..4', '--episodes', '50'];
  const ending = await timegridProcess([...args, '--threads', threads], troubled(trouble, 6));
  expect(ending).toMatchObject({ stdout: '', exitCode: 1 });
  expect(ending.stderr).toMatch(
    new RegExp(`^timegrid: TroubledGrid-v0 failed at step \\d of an episode: ${what}\n$`),
  );
});

test('a page hears of a world that throws, and the server keeps running', async () => {
  const program = new Program(['watch', savedRun()], troubled('throw', 2));
  await program.until(() => program.stdout.includes('Watch at'));
  const { host } = new URL(/http:\S+/.exec(program.stdout)![0]);
  const open = async () => {
    const socket = new WebSocket(`ws://${host}/socket`);
    onTestFinished(() => socket.terminate());
    const page = new Page(socket);
    await page.hello();
    return page;
  };
  const page = await open();
  const failed = (id: number) => ({
    ...{ kind: 'error', code: 'failed', id },
    message: expect.stringMatching(
      /^TroubledGrid-v0 failed at step 2 of an episode: the floor gave way \(.*troubled-grid\.js:\d+:\d+: /,
    ),
  });
  // Seed 2: no agent arrives before the second step.
  const plan = { number: 4, seed: 2 };
  page.send({ kind: 'episode', id: 1, ...plan, policy: 'greedy', horizon: 20 });
  expect(await page.error(0)).toMatchObject(failed(1));
  // A person's actions are tried out first, and then taken.
  page.send({ kind: 'play', id: 2, ...plan, actions: [4, 4] });
  expect(await page.error(1)).toMatchObject(failed(2));
  page.send({ kind: 'play', id: 3, ...plan, actions: [4] });
  await page.until(() => page.of('steps').find(({ id }) => id === 3));
  page.send({ kind: 'act', id: 3, step: 1, action: 4 });
  expect(await page.error(2)).toMatchObject(failed(3));

  const another = await open();
  another.send({ kind: 'episode', id: 1, ...plan, policy: 'greedy', horizon: 20 });
  expect(await another.error(0)).toMatchObject(failed(1));
  expect(await program.signal('SIGINT')).toMatchObject({ exitCode: 0, stderr: '' });
});
