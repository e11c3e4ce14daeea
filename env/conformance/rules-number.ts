/** The number of a world, where it has one. */

import type { Env } from '../contract.ts';
import { show } from '../guard/answer-rules.ts';
import { fixing, type InstructedNumber } from '../number.ts';
import { differing } from './difference.ts';
import { ACCEPTED, type Rule, refuses } from './rule.ts';
import type { JudgedWorld } from './trial.ts';

/** Episodes that are played to their end. */
const EPISODES = 20;
/** A sum of rewards may be off by rounding. */
const ROUNDING = 1e-6;

export const declared: Rule = {
  id: 'number-declared',
  says: 'a number has an option of reset, a symbol, a meaning, a trained range and a greatest reward',
  advice:
    'set number = { option, symbol, meaning, countsSteps, trained: [least, greatest], maxReward }',
  needs: ['spec-complete'],
  check(subject) {
    const { number, spec } = subject.make().world as Env;
    if (number === undefined) return undefined;
    const names = Object.keys(spec.resetOptions.shape);
    if (!names.includes(number.option)) {
      return `its option ${show(number.option)} is none of reset's: ${names.join(', ') || 'there are none'}`;
    }
    for (const name of ['symbol', 'meaning'] as const) {
      if (typeof number[name] !== 'string' || number[name] === '') return `${name} is missing`;
    }
    if (typeof number.countsSteps !== 'boolean')
      return `countsSteps is ${show(number.countsSteps)}`;
    const [least, greatest] = number.trained ?? [];
    if (!(Number.isFinite(least) && Number.isFinite(greatest) && least! <= greatest!)) {
      return `trained is from ${show(least)} to ${show(greatest)}`;
    }
    return number.maxReward > 0 && Number.isFinite(number.maxReward)
      ? undefined
      : `maxReward is ${show(number.maxReward)}`;
  },
};

export const accepted: Rule = {
  id: 'number-accepted',
  says: 'reset takes every number of the trained range',
  advice: 'widen what the option of resetOptions takes, or narrow number.trained',
  needs: ['number-declared'],
  check(subject) {
    const { world } = subject.begun();
    const { number } = world;
    if (number === undefined) return undefined;
    for (const value of number.trained) {
      const problem = refuses([], () => world.reset({ seed: 7, options: fixing(world, value) }));
      if (problem !== ACCEPTED) return `${number.symbol} = ${value}: reset ${problem}`;
    }
    return undefined;
  },
};

export const matters: Rule = {
  id: 'number-matters',
  says: 'fixing the number matters: the same number gives the same episode, another number another episode',
  advice: 'let reset use the option that number.option names instead of drawing the number',
  needs: ['number-accepted', 'same-seed'],
  check(subject) {
    const { number } = subject.make().world;
    if (number === undefined || number.trained[0] === number.trained[1]) return undefined;
    const [least, greatest] = number.trained;
    const play = (a: number, b: number) => {
      const [one, two] = [subject.make(), subject.make()];
      return (
        atFirst(number, one, two, a, b) ??
        alongside(subject.actions(one), one, two, subject.longest)
      );
    };
    const same = play(least, least);
    if (same !== undefined) return `${number.symbol} = ${least} twice from the same seed: ${same}`;
    if (play(least, greatest) !== undefined) return undefined;
    return `${number.symbol} = ${least} and ${number.symbol} = ${greatest} give the same episode`;
  },
};

export const metrics: Rule = {
  id: 'number-metrics',
  says: "at an episode's end, info.metrics says exact and arrived, 0 or 1, and error where it arrived: 0 where exact",
  advice: 'hand { exact, arrived, error } to termination and truncation, as env/number.ts says',
  needs: ['number-declared'],
  check(subject) {
    const trial = subject.make();
    if (trial.world.number === undefined) return undefined;
    for (let episode = 0; episode < EPISODES; episode++) {
      trial.reset({ seed: episode });
      const given = subject.end(trial).info.metrics ?? {};
      for (const name of ['exact', 'arrived']) {
        if (given[name] !== 0 && given[name] !== 1)
          return `${name} is ${show(given[name])} (${trial.place})`;
      }
      const { exact, arrived, error } = given as Record<string, number | undefined>;
      if (exact === 1 && arrived === 0) return `exact is 1 and arrived 0 (${trial.place})`;
      if (arrived === 1 && error === undefined)
        return `arrived is 1 without an error (${trial.place})`;
      if (exact === 1 && error !== 0) return `exact is 1 and error ${error} (${trial.place})`;
    }
    return undefined;
  },
};

export const maxReward: Rule = {
  id: 'number-max-reward',
  says: 'no episode is worth more than number.maxReward',
  advice: 'set maxReward to what an episode that does exactly what the number says is worth',
  needs: ['number-declared'],
  check(subject) {
    const trial = subject.make();
    const { number } = trial.world;
    if (number === undefined) return undefined;
    const action = subject.actions(trial);
    for (let episode = 0; episode < EPISODES; episode++) {
      trial.reset({ seed: episode });
      let sum = 0;
      subject.end(trial, action, ({ reward }) => {
        sum += reward;
      });
      if (sum > number.maxReward + ROUNDING) {
        return `an episode was worth ${sum}, more than ${number.maxReward} (${trial.place})`;
      }
    }
    return undefined;
  },
};

function atFirst(
  number: InstructedNumber,
  one: JudgedWorld,
  two: JudgedWorld,
  a: number,
  b: number,
) {
  const begin = (trial: JudgedWorld, value: number) =>
    trial.reset({ seed: 7, options: { [number.option]: value } });
  return differing(begin(one, a), begin(two, b));
}

/** Plays one episode of both. @returns where they differ, or that only one of them is over */
function alongside(action: () => number, one: JudgedWorld, two: JudgedWorld, longest: number) {
  for (let i = 0; i < longest && !one.over; i++) {
    const chosen = action();
    const differs = differing(one.step(chosen), two.step(chosen));
    if (differs !== undefined) return differs;
  }
  return undefined;
}
