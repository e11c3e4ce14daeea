import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
// Threads run the compiled code.
import { inspectWorld } from '../../dist/env/index.js';
import { curveOf } from '../../dist/src/page/browser/curve-of.js';
import type { ChangedFiles, HeldFiles } from '../../dist/src/page/browser/posted.js';
import { RunInMemory } from '../../dist/src/page/browser/run-in-memory.js';
import { descriptionOf } from '../../dist/src/run/description.js';
import { openRun, type Run, readRunMetrics } from '../../dist/src/run/folder.js';
import { loadCheckpoint } from '../../dist/src/run/load-checkpoint.js';
import { Logbook } from '../../dist/src/train/logbook.js';
import { startShardsHere } from '../../dist/src/train/shards-here.js';
import { train } from '../../dist/src/train/train.js';
import { Trainer } from '../../dist/src/train/trainer.js';
import { temporaryFolder } from '../run/temporary.ts';
import { tinyOptions, tinySettings, UPDATE } from '../train/tiny.ts';

const settings = tinySettings({ agent: 'nac' });
const checkpointFrames = 2 * UPDATE;
const description = {
  ...{ id: 'of-a-test', command: [], created: '2026-01-01T00:00:00Z', versions: {} },
  ...{ settings, checkpointFrames },
  world: inspectWorld(settings.env.id, settings.env.options).shape,
};

/** Trains in memory. @param updates before it is stopped @param before the files of a run to resume */
async function trainInMemory(updates: number, before: HeldFiles = {}): Promise<HeldFiles> {
  let files = before;
  const onSave = (changed: ChangedFiles): void => {
    const all = Object.entries({ ...files, ...changed });
    files = Object.fromEntries(all.flatMap(([path, bytes]) => (bytes ? [[path, bytes]] : [])));
  };
  const isNew = Object.keys(before).length === 0;
  const { run, last } = isNew
    ? { run: RunInMemory.begin('a run', description, onSave), last: undefined }
    : RunInMemory.open('a run', before, onSave);
  const trainer = await Trainer.create(settings, startShardsHere);
  const logbook = new Logbook(run, trainer, { checkpointFrames });
  if (last) await logbook.restore({ checkpoint: last, newEpisodes: false });
  for (let i = 0; i < updates && !trainer.done; i++) await logbook.add(await trainer.update());
  await logbook.saveIfNew();
  await trainer.close();
  return files;
}

/** As a person who unpacks it has it. */
function onDisk(files: HeldFiles): string {
  const folder = join(temporaryFolder(), 'run');
  for (const [path, bytes] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(folder, path)), { recursive: true });
    fs.writeFileSync(join(folder, path), bytes!);
  }
  return folder;
}

describe('a run in memory', () => {
  test('has the files of one on the disk, with the same checkpoint', async () => {
    const folder = onDisk(await trainInMemory(99));
    const path = join(temporaryFolder(), 'run');
    await train({ ...tinyOptions({ agent: 'nac' }), run: path, checkpointEvery: checkpointFrames });
    const [mine, its] = [folder, path].map((one) => openRun(one)) as [Run, Run];
    const { id, command, created, versions, ...facts } = descriptionOf(its);
    expect(descriptionOf(mine)).toMatchObject(facts);
    for (const which of ['last', 'best', 'previous'] as const) {
      const [checkpoint, other] = [mine, its].map((run) => loadCheckpoint(run, which));
      expect(checkpoint!.frames).toBe(other!.frames);
      expect(checkpoint!.tensors).toEqual(other!.tensors);
    }
    const untimed = (run: Run) =>
      readRunMetrics(run).map(({ seconds, framesPerSecond, ...record }) => record);
    expect(untimed(mine)).toEqual(untimed(its));
    expect(fs.readdirSync(join(folder, 'checkpoints'))).toEqual(
      fs.readdirSync(join(path, 'checkpoints')),
    );
  });

  test('resumes to the same bits', async () => {
    const whole = await trainInMemory(99);
    const resumed = await trainInMemory(99, await trainInMemory(3));
    const last = (files: HeldFiles) => RunInMemory.open('a run', files, () => {}).last;
    expect(last(resumed).tensors).toEqual(last(whole).tensors);
    expect(curveOf(resumed).frames).toEqual(curveOf(whole).frames);
  });

  test('is resumed on the disk, too', async () => {
    const run = onDisk(await trainInMemory(3));
    const { finished } = await train({ run, resume: true });
    expect(finished).toBe(true);
    const { last } = RunInMemory.open('a run', await trainInMemory(99), () => {});
    expect(loadCheckpoint(openRun(run), 'last').tensors).toEqual(last.tensors);
  });

  test.each(['run.json', 'checkpoints.json', 'metrics.jsonl', 'events.out.tfevents.timegrid'])(
    'says that it has lost its %s',
    async (file) => {
      const { [file]: _, ...files } = await trainInMemory(1);
      expect(() => RunInMemory.open('a run', files, () => {})).toThrow(
        `a run has lost its ${file}`,
      );
    },
  );

  test('says what is damaged', async () => {
    const files = await trainInMemory(1);
    const path = Object.keys(files).find((one) => one.endsWith('.safetensors'))!;
    const damaged = files[path]!.slice();
    damaged[damaged.length - 1]! ^= 1;
    expect(() => RunInMemory.open('a run', { ...files, [path]: damaged }, () => {})).toThrow(
      /tensors.safetensors is damaged: its SHA-256/,
    );
  });
});
