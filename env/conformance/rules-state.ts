/** Saving and restoring worlds. */

import type { Json } from '../contract.ts';
import { difference, unlike } from './difference.ts';
import { ENV_ERRORS, type Rule, refuses } from './rule.ts';

/** Moments at which the state is saved and restored. */
const MOMENTS = 10;

export const stateKept: Rule = {
  id: 'state-changes-nothing',
  says: 'taking the state changes nothing, and a saved state never changes',
  advice: 'copy what changes into the state, [...array], and draw no random number for it',
  needs: ['same-seed'],
  check(subject) {
    const [one, two] = [subject.begun(), subject.begun()];
    let kept: { state: Json; text: string } | undefined;
    let problem: string | undefined;
    const differs = difference(subject, one, two, {
      before() {
        if (kept !== undefined && JSON.stringify(kept.state) !== kept.text) {
          problem ??= `a saved state changed afterwards (${one.place})`;
        }
        const state = one.state();
        kept = { state, text: JSON.stringify(state) };
      },
    });
    return problem ?? (differs && `after its state was taken, ${differs}`);
  },
};

export const restores: Rule = {
  id: 'state-restores',
  says: 'a restored world continues exactly as the saved one would have, generator included',
  advice:
    "put everything that decides what comes next into the state: the generator's state, counters, limits",
  needs: ['same-seed', 'state-changes-nothing', 'observation-fresh', 'render-changes-nothing'],
  check(subject) {
    const original = subject.begun();
    const action = subject.actions(original);
    let seen = original.advance(action());
    for (let moment = 0; moment < MOMENTS; moment++) {
      const where = original.place;
      const state = JSON.parse(JSON.stringify(original.state())) as Json;
      const restored = subject.make();
      const shown = restored.restore(state, original.over, restored.blank(99));
      const unseen = unlike(seen.observation, shown);
      if (unseen !== undefined)
        return `restore after ${where} shows another observation: ${unseen}`;
      const pictures = [original, restored].map((trial) => String(trial.render().pixels));
      if (pictures[0] !== pictures[1]) return `restore after ${where} renders another picture`;
      const steps = Math.max(1, Math.ceil(subject.steps / MOMENTS));
      const differs = difference(subject, original, restored, { steps });
      if (differs !== undefined) return `continued from a state after ${where}, ${differs}`;
      seen = original.advance(action());
    }
    return undefined;
  },
};

export const refused: Rule = {
  id: 'state-refused',
  says: 'restore refuses anything but a state with an EnvError, and the world continues as before',
  advice: 'check a state as a whole, by a strict zod schema, before anything is set',
  needs: ['same-seed'],
  check(subject) {
    const [one, two] = [subject.begun(), subject.begun()];
    for (const nonsense of [null, {}, [], 'state', 42, { state: 1 }] as Json[]) {
      const problem = refuses(ENV_ERRORS, () => one.world.restore(nonsense));
      if (problem !== undefined) return `restore(${JSON.stringify(nonsense)}) ${problem}`;
    }
    const differs = difference(subject, one, two);
    return differs && `after a refused state, ${differs}`;
  },
};
