/** What holds for every task, with settings so small that a training takes a moment. */

import { beforeAll, describe, expect, test } from 'vitest';
import { describeOptions } from '../../env/index.ts';
import type { Task, TaskResult, TaskRun, Tensors32 } from '../../src/numeracy/task.ts';
import { settingsOf } from '../../src/numeracy/task-settings.ts';
import { tasks } from '../../src/numeracy/tasks.ts';
import { tiny } from './tiny.ts';

const SEEDS = [1, 2, 3];

/** Trains the first run of a task, stopped and continued after some of its steps. */
async function trained(
  task: Task,
  set: object,
  { stopAfter }: { readonly stopAfter?: number } = {},
): Promise<{ run: TaskRun; saved: Tensors32 }> {
  const [run] = await task.runs(settingsOf(task, { ...tiny[task.id], ...set }), {});
  let training = await task.train(run!, {});
  for (let step = 0; step < training.steps; step += 1) {
    await training.step(step);
    if (step + 1 === stopAfter) {
      const saved = Object.fromEntries(
        Object.entries(training.save()).map(([name, values]) => [name, values.slice()]),
      );
      await training.dispose();
      training = await task.train(run!, {});
      training.restore(saved);
    }
  }
  const saved = training.save();
  await training.dispose();
  return { run: run!, saved };
}

const bits = (saved: Tensors32) =>
  Object.entries(saved).map(([name, { buffer, byteOffset, byteLength }]) => [
    name,
    Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  ]);

describe.each(tasks.map((task) => [task.id, task] as const))('%s', (id, task) => {
  let whole: Awaited<ReturnType<typeof trained>>;
  let result: TaskResult;
  beforeAll(async () => {
    whole = await trained(task, { seeds: SEEDS });
    result = await task.evaluate(whole.run, whole.saved, {});
  });

  test('has settings that say what they are, and a short version', () => {
    for (const { name, description, takes } of describeOptions(task.schema)) {
      expect(description, name).not.toBe('');
      expect(takes, name).not.toMatch(/^a value of type/);
    }
    expect(() => settingsOf(task, {}, { isQuick: true })).not.toThrow();
  });

  test('learns the same bits when it is stopped and resumed', async () => {
    const resumed = await trained(task, { seeds: SEEDS }, { stopAfter: 1 });
    expect(bits(resumed.saved)).toEqual(bits(whole.saved));
  });

  test('measures one result for each seed, as its file is to hold it', async () => {
    expect(result.copies.map(({ seed }) => seed)).toEqual(SEEDS);
    expect(task.result.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  test('trains a copy as it trains it alone', async () => {
    const alone = await trained(task, { seeds: [2] });
    const { copies } = await task.evaluate(alone.run, alone.saved, {});
    expect(rounded(copies[0])).toEqual(rounded(result.copies[1]));
  });

  test('reports every declared run', async () => {
    const settings = settingsOf(task, { ...tiny[id], seeds: SEEDS });
    const runs = await task.runs(settings, {});
    const one = { run: whole.run, result };
    const results = runs.map((run) => (run.name === whole.run.name ? one : { run, result }));
    expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length);
    const { findings, tables } = task.report(settings, results);
    expect(findings.length).toBeGreaterThan(0);
    for (const { head, rows, title } of tables) {
      expect(rows.length, title).toBeGreaterThan(0);
      for (const row of rows) expect(row.length, title).toBe(head.length);
    }
    const cells = JSON.stringify(tables);
    expect(cells).not.toMatch(/NaN|undefined|Infinity/);
  });
});

test('every task has settings for these tests', () => {
  expect(Object.keys(tiny).sort()).toEqual(tasks.map(({ id }) => id).sort());
});

/** The measures of a copy in three figures. */
function rounded(copy: unknown): unknown {
  return JSON.parse(
    JSON.stringify(copy, (_, value) =>
      typeof value === 'number' ? Number(value.toPrecision(3)) : value,
    ),
  );
}
