/**
 * Plays one episode with a pretrained agent, or with the agent of a run, and prints every step.
 *
 *     node act-in-a-world.js [run] [time]
 */

import { loadAgent, pretrainedRun } from 'timegrid';
import { make } from 'timegrid/env';

const [run = pretrainedRun('nac-clock'), time = '20'] = process.argv.slice(2);

const agent = await loadAgent(run);
const world = make(agent.env.id, agent.env.options);
let { observation } = world.reset({ seed: 1, options: { time: Number(time) } });
agent.reset();

for (let step = 1; ; step++) {
  const { action, probabilities, value } = await agent.act(observation);
  const name = world.actionSpace.names[action];
  const percent = Math.round(100 * (probabilities[action] ?? 0));
  console.log(`step ${step}: ${name} (${percent} %), expects ${value.toFixed(2)}`);

  const result = world.step(action);
  observation = result.observation;
  if (result.terminated || result.truncated) {
    console.log(`told ${time}, over after ${step} steps with a reward of ${result.reward}`);
    break;
  }
}

world.close();
await agent.close();
