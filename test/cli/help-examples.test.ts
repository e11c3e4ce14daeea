import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { holdsRun } from '../../src/run/folder.ts';
import { runNamed } from '../../src/run/pretrained.ts';
import { examplesOf } from './help-examples.ts';

test('the runs that examples of help name come with the package, or from an example before', async () => {
  for (const name of Object.keys(commands)) {
    const examples = await examplesOf(name);
    expect(examples, name).not.toHaveLength(0);
    const known = new Set<string>();
    for (const line of examples.flatMap((example) => example.split(' && '))) {
      const [, command, ...words] = line.split(' ');
      for (const option of ['--run', '--replay', '--onnx']) {
        const at = words.indexOf(option);
        if (at >= 0) known.add(words[at + 1]!).add(dirname(words[at + 1]!));
      }
      if (!['evaluate', 'explain', 'export', 'verify', 'watch'].includes(command!)) continue;
      const end = words.findIndex((word) => word.startsWith('-'));
      for (const run of end < 0 ? words : words.slice(0, end)) {
        const isThere = holdsRun(runNamed(run)) || known.has(run) || words.includes('--wait');
        expect(isThere, `${line}: ${run}`).toBe(true);
      }
    }
  }
});
