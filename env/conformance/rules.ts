import { answerRules } from '../guard/answer-rules.ts';
import type { Rule } from './rule.ts';
import {
  optionDefaults,
  optionRefused,
  resetOptionRefused,
  spaces,
  spec,
} from './rules-declared.ts';
import {
  actionRefused,
  answers,
  closing,
  endRefuses,
  ends,
  resetFirst,
  vector,
} from './rules-episodes.ts';
import { accepted, declared, matters, named, wholeEpisodes } from './rules-number.ts';
import { apart, fresh, intoWritten, notKept, renderPure } from './rules-observations.ts';
import { firstReset, otherSeed, resetGoesOn, sameSeed } from './rules-seeds.ts';
import { refused, restores, stateKept } from './rules-state.ts';
import { MADE } from './trial.ts';

const made: Rule = {
  id: MADE,
  says: 'a world is made at once, with every method of the contract',
  advice: 'return from create a world that has reset, step, render, close, state and restore',
  check(subject) {
    subject.make();
    return undefined;
  },
};

/** Shown by every other rule, and judged by `throws-nothing`, which plays through everything. */
const answered: readonly Rule[] = answerRules.map(({ id, says, advice }) => ({
  ...{ id, says, advice },
  needs: [answers.id],
  check: () => undefined,
}));

/** Every rule, in the order in which they are judged. */
export const rules: readonly Rule[] = [
  made,
  spec,
  spaces,
  answers,
  ...answered,
  sameSeed,
  otherSeed,
  firstReset,
  resetGoesOn,
  intoWritten,
  fresh,
  notKept,
  apart,
  resetFirst,
  endRefuses,
  actionRefused,
  ends,
  optionDefaults,
  optionRefused,
  resetOptionRefused,
  declared,
  named,
  accepted,
  matters,
  ...wholeEpisodes,
  renderPure,
  stateKept,
  restores,
  refused,
  closing,
  vector,
];

/** Without these nothing else can be said of a world. */
export const foundations: readonly string[] = [made.id, spaces.id];
