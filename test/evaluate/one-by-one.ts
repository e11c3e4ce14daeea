import seedrandom from 'seedrandom';
import { Actor } from '../../agent/actor.ts';
import { loadProgram } from '../../agent/blueprint.ts';
import { PlainEncoder } from '../../agent/encoder/plain-encoder.ts';
import type { EngineName } from '../../agent/engines/engine.ts';
import { views } from '../../agent/parameters.ts';
import { type Env, make, type Observation, type StepResult } from '../../env/index.ts';
import type { Row } from '../../src/evaluate/results.ts';
import type { Policy } from '../../src/play/episodes.ts';
import { loadSavedAgent } from '../../src/play/saved-agent.ts';

/** A step, and what the agent computed for it. */
interface PlainStep {
  /** What the agent saw before it. */
  readonly seen: Uint8Array;
  readonly probabilities: Float32Array;
  /** In scaled units of reward. */
  readonly value: number;
  readonly nextState: Float32Array;
  readonly action: number;
  readonly result: StepResult;
}

/**
 * Loads an agent that plays the plain way: one world, one step after the other.
 * @returns begins the episode of an index: its world, and its steps as they are asked for
 */
export async function loadOneByOne(path: string, engine: EngineName) {
  const { blueprint, parameters, description } = await loadSavedAgent(path, 'last', engine, 1);
  const { driveSize, layout, recipe, stateSize } = blueprint;
  const { height, width, channels, actions } = recipe.world;
  const frameSize = height * width * channels;
  const settings = { B: 1, frameSize, driveSize, capacity: 1 };
  const named = { ...settings, parameters: views(layout, parameters) };
  const encoder = new PlainEncoder(named, await loadProgram(blueprint, 'encode'));
  const actor = new Actor(named, encoder, await loadProgram(blueprint, 'act'));
  const { id, options } = description.settings.env;

  async function* play(world: Env, index: number, policy: Policy, first: Observation) {
    const uniform = seedrandom(`evaluation:${index}:actions`);
    let observation = first;
    let state: Float32Array = new Float32Array(stateSize);
    for (let step = 1; ; step++) {
      encoder.forget();
      const start = Float32Array.of(step === 1 ? 1 : 0);
      const { probabilities, value, nextState } = await actor.act(observation, start, state);
      state = nextState.slice();
      const action = policy === 'greedy' ? greedy(probabilities) : drawn(probabilities, uniform());
      const seen = observation.pixels.slice();
      const result = world.step(action);
      observation = result.observation;
      const inner = { probabilities: probabilities.slice(), value: value[0]!, nextState: state };
      yield { seen, ...inner, action, result } satisfies PlainStep;
      if (result.terminated || result.truncated) return;
    }
  }

  const begin = (number: number, index: number, policy: Policy) => {
    const world = make(id, options);
    const { observation } = world.reset({
      ...{ seed: `evaluation:${index}`, options: { time: number } },
    });
    return { world, steps: play(world, index, policy, observation) };
  };
  const greedy = (probabilities: Float32Array) => probabilities.indexOf(Math.max(...probabilities));
  const drawn = (probabilities: Float32Array, uniform: number): number => {
    let sum = 0;
    const action = probabilities.findIndex((p) => {
      sum += p;
      return uniform < sum;
    });
    return action < 0 ? actions - 1 : action;
  };
  return { config: recipe.config, begin };
}

/** What an evaluation should find, the plain way, on the reference engine. */
export async function evaluateOneByOne(
  path: string,
  numbers: readonly number[],
  episodes: number,
  policy: Policy,
): Promise<Row[]> {
  const { begin } = await loadOneByOne(path, 'cpu');
  const rows: Row[] = [];
  for (const number of numbers) {
    let [reward, exact, arrived, arrivalSteps] = [0, 0, 0, 0];
    for (let index = 0; index < episodes; index++) {
      let step = 0;
      for await (const { result } of begin(number, index, policy).steps) {
        step += 1;
        reward += result.reward;
        if (!result.terminated) continue;
        arrived += 1;
        arrivalSteps += step;
        if (step === number) exact += 1;
      }
    }
    rows.push({
      number,
      episodes,
      meanReward: reward / episodes,
      exact: exact / episodes,
      arrived: arrived / episodes,
      meanArrival: arrived > 0 ? arrivalSteps / arrived : null,
      neverArrived: (episodes - arrived) / episodes,
    });
  }
  return rows;
}
