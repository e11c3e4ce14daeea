import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../run/temporary.ts';
import { Program, timegridProcess } from '../../train/program.ts';
import { tinyAgent, tinyWorld, UPDATE } from '../../train/tiny.ts';

test('nothing is reported, whatever thread computes', async () => {
  const run = join(temporaryFolder(), 'run');
  // ONNX Runtime keeps what it will report in the home folder, and a log next to temporary files, but not in CI.
  const home = temporaryFolder();
  const env = {
    ...{ HOME: home, XDG_CACHE_HOME: join(home, 'cache'), TMPDIR: home },
    ...{ CI: undefined, ORT_DISABLE_TELEMETRY: undefined },
  };
  const traces = () => fs.readdirSync(home, { recursive: true });
  const training = ['--frames', String(2 * UPDATE), ...tinyWorld, ...tinyAgent];
  for (const args of [
    ['train', '--run', run, '--threads', '2', ...training],
    ['evaluate', run, '--numbers', '4', '--episodes', '4', '--threads', '2'],
    ['explain', run, '--episodes', '2', '--up-to', '6'],
    ['export', run, '--onnx', join(run, 'agent.onnx')],
  ]) {
    expect(await timegridProcess(args, env), args[0]).toMatchObject({ exitCode: 0 });
    expect(traces(), args[0]).toEqual([]);
  }
  const page = new Program(['watch', run], env);
  await page.until(() => page.stdout.includes('Watch at'));
  await page.signal('SIGINT');
  expect(traces(), 'watch').toEqual([]);
});
