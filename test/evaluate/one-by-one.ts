import seedrandom from 'seedrandom';
import { Actor } from '../../agent/actor.ts';
import { loadProgram } from '../../agent/blueprint.ts';
import { views } from '../../agent/parameters.ts';
import { make } from '../../env/index.ts';
import type { Row } from '../../src/evaluate/results.ts';
import type { Policy } from '../../src/play/episodes.ts';
import { loadSavedAgent } from '../../src/play/saved-agent.ts';

/** What an evaluation should find, the plain way: one world, one step after the other, on the reference engine. */
export async function evaluateOneByOne(
  path: string,
  numbers: readonly number[],
  episodes: number,
  policy: Policy,
): Promise<Row[]> {
  const { blueprint, parameters, description } = await loadSavedAgent(path, 'last', 'cpu', 1);
  const { height, width, channels, actions } = blueprint.recipe.world;
  const frameSize = height * width * channels;
  const actor = new Actor(
    {
      B: 1,
      frameSize,
      driveSize: blueprint.driveSize,
      capacity: 1,
      parameters: views(blueprint.layout, parameters),
    },
    { encode: await loadProgram(blueprint, 'encode'), act: await loadProgram(blueprint, 'act') },
  );
  const { env } = description.settings;
  const rows: Row[] = [];
  for (const number of numbers) {
    let [reward, exact, arrived, arrivalSteps] = [0, 0, 0, 0];
    for (let n = 0; n < episodes; n++) {
      const world = make(env.id, env.options);
      const uniform = seedrandom(`evaluation:${n}:actions`);
      let { observation } = world.reset({ seed: `evaluation:${n}`, options: { time: number } });
      let state: Float32Array = new Float32Array(blueprint.stateSize);
      for (let step = 1; ; step++) {
        actor.forget();
        const { probabilities, nextState } = await actor.act(
          observation,
          Float32Array.of(step === 1 ? 1 : 0),
          state,
        );
        state = nextState;
        let action = probabilities.indexOf(Math.max(...probabilities));
        if (policy === 'sample') {
          const drawn = uniform();
          let sum = 0;
          action = probabilities.findIndex((p) => {
            sum += p;
            return drawn < sum;
          });
          if (action < 0) action = actions - 1;
        }
        const result = world.step(action);
        observation = result.observation;
        reward += result.reward;
        if (result.terminated) {
          arrived += 1;
          arrivalSteps += step;
          if (step === number) exact += 1;
        }
        if (result.terminated || result.truncated) break;
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
