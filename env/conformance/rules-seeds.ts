/** What seeds decide. */

import type { ResetResult } from '../contract.ts';
import { difference, differing } from './difference.ts';
import type { Rule } from './rule.ts';
import type { JudgedWorld, Subject } from './trial.ts';

/** Two seeds may begin alike by chance; this many do not. */
const SEEDS = 8;
const RESETS = 8;
const FEW_STEPS = 30;

export const sameSeed: Rule = {
  id: 'same-seed',
  says: 'the same seed and the same actions give the same observations, rewards, flags and metrics',
  advice:
    'draw all random values from one Random that reset makes from the seed; no Math.random, no clock',
  check(subject) {
    const [one, two] = [subject.make(), subject.make()];
    const first = differing(one.reset({ seed: 7 }), two.reset({ seed: '7' }));
    if (first !== undefined) return `${first}, after reset with the same seed`;
    return difference(subject, one, two);
  },
};

export const otherSeed: Rule = {
  id: 'other-seed',
  says: 'another seed gives other episodes',
  advice: 'let observations or rewards depend on the generator that reset makes from the seed',
  needs: ['same-seed'],
  check: (subject) =>
    variety(subject, (trial, i) => trial.reset({ seed: i }))
      ? undefined
      : `the seeds 0 to ${SEEDS - 1} all give the same episodes`,
};

export const firstReset: Rule = {
  id: 'first-reset-draws',
  says: 'a first reset without a seed draws one',
  advice: 'begin with `this.#random ??= new Random()` where reset was given no seed',
  needs: ['other-seed'],
  check: (subject) =>
    variety(subject, (trial) => trial.reset())
      ? undefined
      : `${SEEDS} new worlds, each reset without a seed, all give the same episodes`,
};

export const resetGoesOn: Rule = {
  id: 'reset-goes-on',
  says: 'a reset without a seed continues the generator and gives a new episode',
  advice: 'make a new Random only where reset is given a seed',
  needs: ['other-seed'],
  check(subject) {
    const [one, two] = [subject.begun(), subject.begun()];
    for (let i = 1; i <= RESETS; i++) {
      const differs = differing(one.reset(), two.reset());
      if (differs !== undefined) return `${differs}, after ${i} resets without a seed`;
    }
    const resetOften = variety(subject, (trial, i) => {
      let result = trial.reset({ seed: 7 });
      for (let k = 0; k < i; k++) result = trial.reset();
      return result;
    });
    return resetOften ? undefined : 'every reset without a seed begins the same episode again';
  },
};

/** Whether some of several worlds, begun in their ways, differ from the first. */
function variety(
  subject: Subject,
  begin: (trial: JudgedWorld, index: number) => ResetResult,
): boolean {
  for (let i = 1; i < SEEDS; i++) {
    const [one, two] = [subject.make(), subject.make()];
    const steps = Math.min(subject.steps, FEW_STEPS);
    const differs =
      differing(begin(one, 0), begin(two, i)) ?? difference(subject, one, two, { steps });
    if (differs !== undefined) return true;
  }
  return false;
}
