import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { Program } from './program.ts';

test.runIf(process.platform === 'linux')(
  'the large network on two threads stays under 800 MB',
  async () => {
    const run = join(temporaryFolder(), 'run');
    const options = ['--preset', 'a3c', '--threads', '2', '--frames', '9600', '--run', run];
    const program = new Program(['train', ...options]);
    let peak = 0;
    await program.until(() => {
      const status = fs.readFileSync(`/proc/${program.pid}/status`, 'utf8');
      peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? peak);
      return program.stderr.includes('is trained');
    });
    expect(await program.ended).toMatchObject({ exitCode: 0 });
    expect(peak / 1024).toBeGreaterThan(100);
    expect(peak / 1024).toBeLessThan(800);
  },
);
