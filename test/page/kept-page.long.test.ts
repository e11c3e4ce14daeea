import { expect, test } from 'vitest';
// Threads run the compiled code.
import { makePage } from '../../dist/src/page/make-page.js';
import type { PageFile } from '../../src/page/browser/page-file.ts';
import { onlyParameters } from '../../src/run/agent-parameters.ts';
import { openRun } from '../../src/run/folder.ts';
import { keep } from '../../src/run/kept-checkpoints.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { savedPair } from '../watch/watching.ts';

/** Two runs, of which the second has kept its parameters at these frames: those of its last one are the newest. */
function pairWithKept(frames: readonly number[]): [string, string] {
  const runs = savedPair();
  const newest = onlyParameters(loadCheckpoint(openRun(runs[1]), 'last').tensors);
  for (const [i, at] of frames.entries()) {
    const factor = (i + 1) / frames.length;
    const tensors = Object.entries(newest).map(
      ([name, { shape, data }]) =>
        [name, { shape, data: data.map((value) => value * factor) }] as const,
    );
    keep(runs[1], at, Object.fromEntries(tensors));
  }
  return runs;
}

const FRAMES = [0, 100, 200, 300, 400];
const settings = { checkpoint: 'last', episodes: 1 } as const;

test('what a run has kept of its training goes along, each file once', async () => {
  const added: number[] = [];
  const contents = await makePage(pairWithKept(FRAMES), {
    ...settings,
    onKept: (...said) => added.push(...said),
  });
  const { agents }: PageFile = JSON.parse(String(contents['page.json']));
  expect(agents[0]!.kept).toEqual([]);
  const { kept, info, parameters, blueprint } = agents[1]!;
  expect(kept.map(({ frames }) => frames)).toEqual(FRAMES);
  expect(info.kept).toEqual(kept.map(({ frames, checkpoint }) => ({ frames, checkpoint })));
  expect(kept.at(-1)!.parameters).toBe(parameters);
  const files = kept.map((one) => contents[one.parameters] as Uint8Array<ArrayBuffer>);
  const size = 4 * blueprint.layout.size;
  expect(files.map(({ length }) => length)).toEqual(FRAMES.map(() => size));
  expect(added).toEqual([5, 4 * size]);
  const first = files.map((bytes) => new Float32Array(bytes.slice(0, 4).buffer)[0]!);
  for (const [i, value] of first.entries()) expect(value).toBeCloseTo((first[4]! * (i + 1)) / 5, 6);
});

test('fewer of them go along where that is asked for', async () => {
  const runs = pairWithKept(FRAMES);
  const keptOf = async (mostKept: number) => {
    const contents = await makePage(runs, { ...settings, mostKept });
    const { agents }: PageFile = JSON.parse(String(contents['page.json']));
    return agents[1]!.kept.map(({ frames }) => frames);
  };
  expect(await keptOf(3)).toEqual([0, 200, 400]);
});
