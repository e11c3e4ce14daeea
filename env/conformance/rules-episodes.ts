/** How episodes begin and end, and how worlds behave in a vector. */

import { answerRules } from '../guard/answer-rules.ts';
import { episodeRules } from '../guard/episode-rules.ts';
import type { BatchObservation } from '../vector.ts';
import { EnvVector } from '../vector.ts';
import { difference, differing } from './difference.ts';
import { ACCEPTED, ENV_ERRORS, type Rule, refuses } from './rule.ts';
import { type JudgedWorld, THROWS_NOTHING, Unjudged } from './trial.ts';

/** Calls every method of a world, so that broken rules for single calls show. */
export const answers: Rule = {
  id: THROWS_NOTHING,
  says: 'a world throws nothing where nothing is wrong',
  advice:
    'fix the error it reports; throw only for misuse, such as an unknown option or a step after the end',
  check(subject) {
    const trial = subject.begun();
    const action = subject.actions(trial);
    const into = trial.blank();
    for (let i = 0; i < subject.steps; i++) {
      trial.advance(action(), i % 2 === 0 ? into : undefined);
      if (i % 10 > 0) continue;
      trial.state();
      trial.render();
      trial.position();
    }
    trial.reset();
    for (let episode = 0; episode < 5; episode++) {
      trial.reset({ seed: episode });
      try {
        subject.end(trial, action);
      } catch (error) {
        if (error instanceof Unjudged) break; // `episode-ends` says so
        throw error;
      }
    }
    return undefined;
  },
};

export const resetFirst: Rule = {
  id: 'reset-first',
  says: 'step and state throw an EnvError before the first reset',
  advice: 'throw new EnvError(…) in step and state while there is no episode',
  check(subject) {
    const { world } = subject.make();
    for (const name of ['step', 'state'] as const) {
      const problem = refuses(ENV_ERRORS, () => (name === 'step' ? world.step(0) : world.state()));
      if (problem !== undefined) return `${name} before the first reset ${problem}`;
    }
    return undefined;
  },
};

export const endRefuses: Rule = {
  id: 'end-refuses-steps',
  says: "step throws an EnvError after an episode's end",
  advice: 'throw new EnvError(…) in step once a result was terminated or truncated, until reset',
  check(subject) {
    const trial = subject.begun();
    subject.end(trial);
    const problem = refuses(ENV_ERRORS, () => trial.world.step(0));
    return problem && `a step after ${trial.place}, the last, ${problem}`;
  },
};

export const actionRefused: Rule = {
  id: 'action-refused',
  says: 'an action out of range is refused with an EnvError, and changes nothing',
  advice: 'begin step with: if (!this.actionSpace.contains(action)) throw new EnvError(…)',
  needs: ['same-seed'],
  check(subject) {
    const [one, two] = [subject.begun(), subject.begun()];
    const wrong = [-1, one.world.actionSpace.n, 0.5, Number.NaN];
    let problem: string | undefined;
    const differs = difference(subject, one, two, {
      steps: Math.min(subject.steps, 40),
      before(step) {
        if (one.over) return;
        const action = wrong[step % wrong.length]!;
        const found = refuses(ENV_ERRORS, () => one.world.step(action));
        if (found !== undefined) problem ??= `the action ${action} ${found} (after ${one.place})`;
      },
    });
    return problem ?? (differs && `after a refused action, ${differs}`);
  },
};

export const ends: Rule = {
  id: 'episode-ends',
  says: 'an episode ends',
  advice: 'truncate an episode after a number of steps, in the world or by the wrapper TimeLimit',
  gentle: true,
  check(subject) {
    try {
      subject.end(subject.begun());
    } catch (error) {
      if (error instanceof Unjudged) return error.message;
      throw error;
    }
    return undefined;
  },
};

export const closing: Rule = {
  id: 'close-twice',
  says: 'closing twice is harmless, and so is closing before the first reset',
  advice: 'let close do nothing where there is nothing left to let go of',
  check(subject) {
    for (const trial of [subject.make(), subject.begun()]) {
      for (let times = 1; times <= 2; times++) {
        const problem = refuses([], () => trial.world.close());
        if (problem !== ACCEPTED) return `close, call ${times}, ${problem}`;
      }
    }
    return undefined;
  },
};

export const vector: Rule = {
  id: 'vector-same',
  says: 'worlds behave in a vector with autoreset as they do alone',
  advice:
    'write to `into.pixels`, not to its `buffer`, of which it is only a part; make reset clear the previous episode',
  needs: [
    ...[...answerRules, ...episodeRules].map(({ id }) => id),
    THROWS_NOTHING,
    'same-seed',
    'into-written',
    'worlds-apart',
  ],
  check(subject) {
    const B = 3;
    const several = () => Array.from({ length: B }, () => subject.make());
    const [together, alone] = [several(), several()];
    const worlds = new EnvVector(together.map(({ world }) => world));
    const batch = worlds.allocate();
    worlds.reset({ seeds: [1, 2, 3] }, batch);
    alone.forEach((trial, i) => {
      trial.reset({ seed: i + 1 });
    });
    const action = subject.actions(alone[0]!);
    for (let step = 1; step <= subject.steps; step++) {
      const actions = Int32Array.from({ length: B }, action);
      worlds.step(actions, batch);
      for (const [i, trial] of alone.entries()) {
        const differs = compare(worlds, batch, i, trial, actions[i]!);
        if (differs !== undefined)
          return `world ${i}, vector and alone: ${differs} (${trial.place})`;
      }
    }
    return undefined;
  },
};

/** Steps a world alone, resetting it as the vector does. @returns where they differ */
function compare(
  worlds: EnvVector,
  batch: BatchObservation,
  i: number,
  trial: JudgedWorld,
  action: number,
) {
  const result = trial.step(action);
  const rowOf = ({ pixels, instruction }: BatchObservation) => {
    const { observationSpace: space } = worlds;
    return {
      pixels: pixels.subarray(i * space.pixels.length, (i + 1) * space.pixels.length),
      instruction: instruction.subarray(
        i * space.instruction.length,
        (i + 1) * space.instruction.length,
      ),
    };
  };
  const seen = {
    observation: rowOf(trial.over ? worlds.finalObservation : batch),
    reward: worlds.reward[i]!,
    terminated: worlds.terminated[i] === 1,
    truncated: worlds.truncated[i] === 1,
    info: worlds.finalInfo[i] ?? {},
  };
  const info = trial.over ? result.info : {};
  const differs = differing({ ...result, reward: Math.fround(result.reward), info }, seen);
  if (differs !== undefined || !trial.over) return differs;
  const { info: _, ...next } = trial.reset();
  return differing({ ...next, info: {} }, { observation: rowOf(batch), info: {} });
}
