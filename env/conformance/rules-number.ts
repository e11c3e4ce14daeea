/** The numbers of a world, where it has any. */

import type { Env } from '../contract.ts';
import { show } from '../guard/answer-rules.ts';
import { episodeRules } from '../guard/episode-rules.ts';
import { numbersOf, type OtherNumber } from '../number.ts';
import { differing } from './difference.ts';
import { ACCEPTED, type Rule, refuses } from './rule.ts';
import type { JudgedWorld } from './trial.ts';

/** Episodes that are played to their end. */
const EPISODES = 20;

export const declared: Rule = {
  id: 'number-declared',
  says: 'a number has an option of reset, a symbol, a meaning, a place in the instruction and a trained range, each number its own; the main one also states the greatest reward',
  advice:
    'set number = { option, symbol, meaning, countsSteps, trained: [least, greatest], maxReward }, and otherNumbers = [{ option, symbol, meaning, place, countsSteps, trained }, …] where the world tells several',
  needs: ['spec-complete'],
  check(subject) {
    const { world } = subject.make();
    const { number, otherNumbers } = world as Env;
    if (otherNumbers !== undefined && !Array.isArray(otherNumbers)) {
      return `otherNumbers is ${show(otherNumbers)}, not a list`;
    }
    if (number === undefined) {
      return otherNumbers?.length ? 'there are otherNumbers, but no number' : undefined;
    }
    const all = numbersOf(world);
    for (const [i, one] of all.entries()) {
      const problem = declarationProblem(world, one) ?? sharedProblem(one, all.slice(0, i));
      if (problem === undefined) continue;
      return i === 0 ? problem : `otherNumbers[${i - 1}]: ${problem}`;
    }
    const { stepsEach } = number;
    if (stepsEach !== undefined && !all.slice(1).some(({ option }) => option === stepsEach)) {
      return `stepsEach is ${show(stepsEach)}, the option of no other number`;
    }
    return number.maxReward > 0 && Number.isFinite(number.maxReward)
      ? undefined
      : `maxReward is ${show(number.maxReward)}`;
  },
};

function declarationProblem({ spec, observationSpace }: Env, number: OtherNumber) {
  const names = Object.keys(spec.resetOptions.shape);
  if (!names.includes(number.option)) {
    return `its option ${show(number.option)} is none of reset's: ${names.join(', ') || 'there are none'}`;
  }
  for (const name of ['symbol', 'meaning'] as const) {
    if (typeof number[name] !== 'string' || number[name] === '') return `${name} is missing`;
  }
  const { place = 0, countsSteps } = number;
  if (typeof countsSteps !== 'boolean') return `countsSteps is ${show(countsSteps)}`;
  const k = observationSpace.instruction.length;
  // One that is told in the picture has no place.
  const isPlaced = k > 0 || number.place !== undefined;
  if (isPlaced && !(Number.isInteger(place) && place >= 0 && place < k)) {
    return `place is ${show(place)}, where the instruction has ${k} elements, numbered from 0`;
  }
  const [least, greatest] = number.trained ?? [];
  const isRange = Number.isFinite(least) && Number.isFinite(greatest) && least! <= greatest!;
  return isRange ? undefined : `trained is from ${show(least)} to ${show(greatest)}`;
}

/** What a number shares with one before it. */
function sharedProblem(number: OtherNumber, before: readonly OtherNumber[]): string | undefined {
  for (const name of ['option', 'symbol', 'place'] as const) {
    const own = number[name] ?? 0;
    const other = before.find((one) => (one[name] ?? 0) === own);
    if (other !== undefined) return `its ${name}, ${own}, is that of ${other.symbol} too`;
  }
  return undefined;
}

export const named: Rule = {
  id: 'number-each-named',
  says: 'a world names each number that it tells, so that it can be shown, fixed and varied',
  advice: 'add the missing ones to otherNumbers, each with its place in the instruction',
  needs: ['number-declared'],
  gentle: true,
  check(subject) {
    const { world } = subject.make();
    const places = numbersOf(world).map(({ place = 0 }) => place);
    if (places.length === 0) return undefined;
    const elements = [...Array(world.observationSpace.instruction.length).keys()];
    const missing = elements.filter((place) => !places.includes(place));
    if (missing.length === 0) return undefined;
    return `the instruction has ${elements.length} elements, and no number stands at ${missing.join(', ')}`;
  },
};

export const accepted: Rule = {
  id: 'number-accepted',
  says: 'reset takes every number of the trained range',
  advice: 'widen what the option of resetOptions takes, or narrow number.trained',
  needs: ['number-declared'],
  check(subject) {
    const { world } = subject.begun();
    for (const { option, symbol, trained } of numbersOf(world)) {
      for (const value of trained) {
        const options = { [option]: value };
        const problem = refuses([], () => world.reset({ seed: 7, options }));
        if (problem !== ACCEPTED) return `${symbol} = ${value}: reset ${problem}`;
      }
    }
    return undefined;
  },
};

export const matters: Rule = {
  id: 'number-matters',
  says: 'fixing a number matters: the same number gives the same episode, another number another episode',
  advice: 'let reset use the option that number.option names instead of drawing the number',
  needs: ['number-accepted', 'same-seed'],
  check(subject) {
    for (const number of numbersOf(subject.make().world)) {
      const [least, greatest] = number.trained;
      if (least === greatest) continue;
      const play = (a: number, b: number) => {
        const [one, two] = [subject.make(), subject.make()];
        return (
          atFirst(number, one, two, a, b) ??
          alongside(subject.actions(one), one, two, subject.longest)
        );
      };
      const { symbol } = number;
      const same = play(least, least);
      if (same !== undefined) return `${symbol} = ${least} twice from the same seed: ${same}`;
      if (play(least, greatest) !== undefined) continue;
      return `${symbol} = ${least} and ${symbol} = ${greatest} give the same episode`;
    }
    return undefined;
  },
};

/** The rules for whole episodes, judged in several. */
export const wholeEpisodes: readonly Rule[] = episodeRules.map(
  ({ id, says, advice, binds, problem }) => ({
    ...{ id, says, advice },
    needs: ['number-declared'],
    check(subject) {
      const trial = subject.make();
      if (!binds(trial.world)) return undefined;
      const action = subject.actions(trial);
      for (let episode = 0; episode < EPISODES; episode++) {
        const { canBeExact } = trial.reset({ seed: episode }).info;
        let sum = 0;
        const { info } = subject.end(trial, action, ({ reward }) => {
          sum += reward;
        });
        const found = problem({ canBeExact, metrics: info.metrics, return: sum }, trial.world);
        if (found !== undefined) return `${found} (${trial.place})`;
      }
      return undefined;
    },
  }),
);

function atFirst(
  { option }: OtherNumber,
  one: JudgedWorld,
  two: JudgedWorld,
  a: number,
  b: number,
) {
  const begin = (trial: JudgedWorld, value: number) =>
    trial.reset({ seed: 7, options: { [option]: value } });
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
