import { expect, test } from 'vitest';
import { type Observation, PassiveEnvChecker, type StepResult } from '../../../env/index.ts';
import { Corridor } from '../corridor.ts';

/** A corridor whose third step is broken. */
class Broken extends Corridor {
  readonly #mend: (result: StepResult) => unknown;
  #steps = 0;

  constructor(how: (result: StepResult) => unknown) {
    super();
    this.#mend = how;
  }

  override step(action: number, into?: Observation): StepResult {
    const result = super.step(action, into);
    this.#steps++;
    return this.#steps === 3 ? (this.#mend(result) as StepResult) : result;
  }
}

const kept = { pixels: new Uint8Array(12), instruction: new Float32Array(0) };
const breakages: [string, (result: StepResult) => unknown, string][] = [
  ['a reward that is no number', (r) => ({ ...r, reward: Number.NaN }), 'reward-finite'],
  ['both endings', (r) => ({ ...r, terminated: true, truncated: true }), 'flags-boolean'],
  ['a promise', async (r) => r, 'answers-at-once'],
  ['another observation', (r) => ({ ...r, observation: kept }), 'into-returned'],
  ['early metrics', (r) => ({ ...r, info: { metrics: { stays: 1 } } }), 'metrics-last'],
  ['arrays of its own', (r) => Object.assign(r, Object.assign(r.observation, kept)) && r, 'into-'],
];

test.each(breakages)('PassiveEnvChecker finds %s at its step', (_, how, rule) => {
  const env = new PassiveEnvChecker(new Broken(how));
  const into = env.reset({ seed: 1 }).observation;
  env.step(0, into);
  env.step(0, into);
  expect(() => env.step(0, into)).toThrow(
    new RegExp(`^Corridor-v0 failed at step 3 of an episode: .*rule ${rule}`),
  );
});

test('PassiveEnvChecker finds an array given away twice, and an action that there is not', () => {
  const env = new PassiveEnvChecker(new Broken((r) => ({ ...r, observation: kept })));
  const twice = new PassiveEnvChecker(
    new (class extends Corridor {
      override step(action: number) {
        return super.step(action, kept);
      }
    })(),
  );
  env.reset({ seed: 1 });
  for (const action of [-1, 2, 0.5]) {
    expect(() => env.step(action)).toThrow('a whole number from 0 to 1');
  }
  twice.reset({ seed: 1 });
  twice.step(0);
  expect(() => twice.step(0)).toThrow('rule observation-fresh');
});

test.each<[string, object, (env: PassiveEnvChecker) => unknown, string]>([
  ['picture', { render: () => undefined }, (env) => env.render(), 'at render: .*rule render-frame'],
  ['state', { state: () => new Map() }, (env) => env.state(), 'at state: .*rule state-json'],
  [
    'place',
    { position: () => ({ x: 2, y: 0 }) },
    (env) => env.position!(),
    'at position: .*rule position-within',
  ],
  [
    'end',
    {
      close() {
        throw new Error('jammed');
      },
    },
    (env) => env.close(),
    'at close: jammed',
  ],
])('PassiveEnvChecker looks at the %s too', (_, change, ask, sentence) => {
  const env = new PassiveEnvChecker(Object.assign(new Corridor(), change));
  env.reset({ seed: 1 });
  expect(() => ask(env)).toThrow(new RegExp(`^Corridor-v0 failed ${sentence}`));
});
