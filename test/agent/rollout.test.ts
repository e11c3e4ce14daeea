import { describe, expect, test } from 'vitest';
import type { ActorStep } from '../../agent/actor.ts';
import { type Outcome, Rollout } from '../../agent/rollout.ts';

const f = (...values: number[]) => Float32Array.from(values);

/** Appends one step of two worlds. */
function append(rollout: Rollout, step: Partial<ActorStep>, outcome: Partial<Outcome> = {}): void {
  rollout.append(
    { index: Int32Array.of(3, 4), instruction: f(7, 8), start: f(1, 0) },
    { probabilities: f(), value: f(0, 0), nextState: f(), ...step },
    Int32Array.of(1, 2),
    {
      reward: f(0, 0),
      terminated: Uint8Array.of(0, 0),
      truncated: Uint8Array.of(0, 0),
      ...outcome,
    },
  );
}

const empty = (T: number) => new Rollout({ T, B: 2, k: 1, stateSize: 3 });

describe('a rollout', () => {
  test('keeps what was seen, done and got, step by step, the worlds innermost', () => {
    const rollout = empty(2);
    rollout.begin(f(1, 2, 3, 4, 5, 6));
    append(rollout, { value: f(10, 20), nextState: f(6, 5, 4, 3, 2, 1) }, { reward: f(0.5, 0.25) });
    expect(rollout.full).toBe(false);
    rollout.append(
      { index: Int32Array.of(5, 6), instruction: f(9, 10), start: f(0, 1) },
      { probabilities: f(), value: f(30, 40), nextState: f() },
      Int32Array.of(3, 0),
      {
        reward: f(1, 2),
        terminated: Uint8Array.of(1, 0),
        truncated: Uint8Array.of(0, 0),
      },
    );
    expect(rollout.full).toBe(true);
    expect(rollout).toMatchObject({
      states: f(1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1),
      index: Int32Array.of(3, 4, 5, 6),
      instruction: f(7, 8, 9, 10),
      start: f(1, 0, 0, 1),
      action: Int32Array.of(1, 2, 3, 0),
      reward: f(0.5, 0.25, 1, 2),
      value: f(10, 20, 30, 40),
      ended: Uint8Array.of(0, 0, 1, 0),
      // Of world 1 another episode was before.
      rewarded: f(-1, -1, 1, -1),
    });
  });

  test('knows what the value after each step is: running on, terminated, truncated, both', () => {
    const rollout = empty(3);
    rollout.begin(new Float32Array(6));
    // World 0 runs on and is then truncated; world 1 is terminated, then both at once.
    append(rollout, { value: f(1, 2) }, { terminated: Uint8Array.of(0, 1) });
    append(
      rollout,
      { value: f(3, 4) },
      {
        terminated: Uint8Array.of(0, 1),
        truncated: Uint8Array.of(1, 1),
      },
    );
    append(rollout, { value: f(5, 6) });
    rollout.bootstrap(2, 90);
    rollout.finish(f(7, 8), 1, 0);
    expect([...rollout.nextValue]).toEqual([3, 0, 90, 0, 7, 8]);
    // With γ = 1 and λ = 0 the advantage is that minus the value, since no step paid.
    expect([...rollout.advantage]).toEqual([3 - 1, 0 - 2, 90 - 3, 0 - 4, 7 - 5, 8 - 6]);
    expect([...rollout.return]).toEqual([3, 0, 90, 0, 7, 8]);
  });

  test('starts again where the last one stopped, and nothing of that stays', () => {
    const rollout = empty(1);
    rollout.begin(new Float32Array(6));
    append(rollout, {}, { truncated: Uint8Array.of(1, 1) });
    rollout.bootstrap(1, 5); // what the other episode was worth is never said
    rollout.begin(f(6, 5, 4, 3, 2, 1));
    expect(() => rollout.bootstrap(0, 5)).toThrow('No episode was truncated at place 0.');
    expect(rollout.full).toBe(false);
    append(rollout, { value: f(1, 1) });
    rollout.finish(f(2, 3), 1, 1);
    expect([...rollout.ended, ...rollout.nextValue]).toEqual([0, 0, 2, 3]);
    expect([...rollout.states]).toEqual([6, 5, 4, 3, 2, 1]);
  });

  test('refuses a step too many, an early end, and a truncation without its worth', () => {
    const rollout = empty(2);
    rollout.begin(new Float32Array(6));
    append(rollout, {}, { truncated: Uint8Array.of(0, 1), terminated: Uint8Array.of(1, 0) });
    expect(rollout.steps).toBe(1);
    expect(() => rollout.finish(f(0, 0), 1, 1)).toThrow('has 1 of 2 steps');
    append(rollout, {});
    expect(() => append(rollout, {})).toThrow('A rollout of 2 steps is full.');
    expect(() => rollout.finish(f(0, 0), 1, 1)).toThrow(
      'without the value of its last observation',
    );
    for (const place of [0, 2]) {
      expect(() => rollout.bootstrap(place, 5)).toThrow(
        `No episode was truncated at place ${place}`,
      );
    }
    rollout.bootstrap(1, 5);
    expect(() => rollout.bootstrap(1, 5)).toThrow('No episode was truncated at place 1.');
    rollout.finish(f(0, 0), 1, 1);
  });
});
