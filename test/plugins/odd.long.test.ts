import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { Program } from '../train/program.ts';
import { tinyAgent } from '../train/tiny.ts';
import { inFolder, smallWorld, write } from './files.ts';

const agent = tinyAgent.filter((pair) => !pair.startsWith('convolutions'));

/** A world of any size, any length of instruction and any number of actions. */
const odd = (height: number, width: number, told: number, actions: number): string =>
  smallWorld('Odd-v0')
    .replace('[2, 2, 3]', `[${height}, ${width}, 3]`)
    .replace('Uint8Array(12)', `Uint8Array(${height * width * 3})`)
    .replace('height: 2, width: 2', `height: ${height}, width: ${width}`)
    .replace('Float32Array(0)', `Float32Array(${told})`)
    .replace('[0]', `[${told}]`)
    .replace("['stay', 'go']", JSON.stringify(Array.from({ length: actions }, (_, i) => `a${i}`)));

test.each([
  [1, 1, 0, 2],
  [1, 5, 0, 3],
  [13, 7, 4, 2],
  [20, 90, 2, 17],
])(
  '%i × %i pixels, %i numbers told, %i actions: trained, exported and watched',
  async (...shape) => {
    const [height, width, told, actions] = shape;
    const folder = temporaryFolder();
    write(folder, { 'odd.ts': odd(...shape) });
    for (const pathway of ['nac', 'baseline']) {
      const run = ['--agent', pathway, '--run', pathway, '--frames', '320', '--threads', '2'];
      const { stderr, exitCode } = await inFolder(folder, [
        ...['train', '--env', './odd.ts', ...run],
        ...agent,
      ]);
      expect(stderr).toContain(`${pathway} is trained; see what it does with: timegrid watch`);
      expect(exitCode).toBe(0);
    }
    const { world } = JSON.parse(fs.readFileSync(join(folder, 'nac/run.json'), 'utf8'));
    expect(world).toEqual({ height, width, channels: 3, instruction: told, actions });

    const { stdout } = await inFolder(folder, ['export', 'nac', '--onnx', 'step.onnx']);
    expect(stdout).toContain(`pixels uint8 [N, ${height}, ${width}, 3]`);
    expect(stdout).toContain(`logits float32 [N, ${actions}]`);
    const evaluated = await inFolder(folder, ['evaluate', 'nac']);
    expect(evaluated.stderr).toContain('Odd-v0 tells no number that an episode could fix');
    expect(evaluated.exitCode).toBe(2);
    const watch = new Program(['watch', join(folder, 'nac'), join(folder, 'baseline')]);
    await watch.until(() => watch.stdout.includes('Watch at'));
    expect(await watch.signal('SIGINT')).toMatchObject({ stderr: '' });
  },
);
