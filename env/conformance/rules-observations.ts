/** Who owns the arrays of an observation. */

import { copyOf, difference, differing, unlike } from './difference.ts';
import type { Rule } from './rule.ts';

/** What an observation holds before a world writes into it. */
const GARBAGE = [77, 200] as const;

export const intoWritten: Rule = {
  id: 'into-written',
  says: 'every element of `into` is written, whatever it held',
  advice:
    'write the whole of `into`: fill the ground first, and set every instruction, zero or not',
  needs: ['same-seed'],
  check(subject) {
    const [one, two, fresh] = [subject.make(), subject.make(), subject.make()];
    const action = subject.actions(one);
    const [a, b] = GARBAGE;
    const compare = (
      ask: (trial: typeof one, fill?: number) => Parameters<typeof differing>[0],
    ) => {
      const right = ask(fresh);
      return differing(right, ask(one, a)) ?? differing(right, ask(two, b));
    };
    const blank = (trial: typeof one, fill?: number) =>
      fill === undefined ? undefined : trial.blank(fill);
    const first = compare((trial, fill) => trial.reset({ seed: 7 }, blank(trial, fill)));
    if (first !== undefined) return `after reset with and without \`into\`, ${first}`;
    for (let i = 0; i < subject.steps; i++) {
      const chosen = action();
      const differs = compare((trial, fill) => trial.advance(chosen, blank(trial, fill)));
      if (differs !== undefined) return `with and without \`into\`, ${differs} (${one.place})`;
    }
    return undefined;
  },
};

export const fresh: Rule = {
  id: 'observation-fresh',
  says: 'without `into`, every observation is in new arrays, which the world never writes to again',
  advice: 'allocate new arrays whenever no `into` is given; keep no reference to a returned array',
  needs: ['same-seed'],
  check(subject) {
    const [one, two] = [subject.make(), subject.make()];
    const action = subject.actions(one);
    let last = one.reset({ seed: 7 }).observation;
    if (last.pixels === two.reset({ seed: 8 }).observation.pixels) {
      return 'two worlds returned the same array of pixels';
    }
    let kept = copyOf(last);
    for (let i = 0; i < subject.steps; i++) {
      const next = one.advance(action()).observation;
      two.advance(action());
      if (next === last || next.pixels === last.pixels)
        return `the same array came back (${one.place})`;
      const changed = unlike(last, kept);
      if (changed !== undefined)
        return `an earlier observation was written to: ${changed} (${one.place})`;
      last = next;
      kept = copyOf(next);
    }
    return undefined;
  },
};

export const notKept: Rule = {
  id: 'observation-not-kept',
  says: 'writing to an observation that a world returned or was passed does not change what the world does next',
  advice:
    'draw from the state of the world, not from the last observation; keep no reference to `into`',
  needs: ['same-seed', 'into-written'],
  check(subject) {
    const [one, two] = [subject.make(), subject.make()];
    const scribbled = [one.blank(), one.blank()];
    one.reset({ seed: 7 }, scribbled[0]!);
    two.reset({ seed: 7 });
    const action = subject.actions(one);
    for (let i = 1; i <= subject.steps; i++) {
      const [before, into] = [scribbled[(i + 1) % 2]!, scribbled[i % 2]!];
      before.pixels.fill(91);
      before.instruction.fill(91);
      const chosen = action();
      const differs = differing(one.advance(chosen, into), two.advance(chosen));
      if (differs !== undefined)
        return `after the observation before was written to, ${differs} (${one.place})`;
      if (!before.pixels.every((value) => value === 91)) {
        return `the observation passed a step before was written to again (${one.place})`;
      }
    }
    return undefined;
  },
};

export const apart: Rule = {
  id: 'worlds-apart',
  says: 'a world does not depend on what other worlds do',
  advice: 'keep what changes in fields of the world, not in variables of its file',
  needs: ['same-seed'],
  check(subject) {
    const [one, two] = [subject.begun(), subject.make()];
    // Everything that the first does is over before the second begins.
    const seen: ReturnType<typeof one.advance>[] = [];
    const action = subject.actions(one);
    const steps = Math.min(subject.steps, 50);
    for (let i = 0; i < steps; i++) {
      const result = one.advance(action());
      seen.push({ ...result, observation: copyOf(result.observation) });
    }
    two.reset({ seed: 7 });
    const other = subject.begun(8);
    const again = subject.actions(two);
    for (let i = 0; i < steps; i++) {
      other.advance(i % other.world.actionSpace.n);
      if (other.over) other.reset();
      const differs = differing(seen[i]!, two.advance(again()));
      if (differs !== undefined)
        return `alone and alongside another world, ${differs} (${two.place})`;
    }
    return undefined;
  },
};

export const renderPure: Rule = {
  id: 'render-changes-nothing',
  says: 'render and position change nothing, and a returned picture never changes',
  advice: 'draw a picture from the state into new pixels; draw no random number for it',
  needs: ['same-seed'],
  check(subject) {
    const [one, two] = [subject.begun(), subject.begun()];
    let kept: { pixels: Uint8Array; copy: Uint8Array } | undefined;
    let problem: string | undefined;
    const differs = difference(subject, one, two, {
      before() {
        const { pixels } = one.render();
        one.position();
        const again = one.render();
        if (!equal(pixels, again.pixels))
          problem ??= `two pictures of one state differ (${one.place})`;
        if (kept !== undefined && !equal(kept.pixels, kept.copy)) {
          problem ??= `an earlier picture was written to (${one.place})`;
        }
        kept = { pixels, copy: pixels.slice() };
      },
    });
    return problem ?? (differs && `rendered and not rendered, ${differs}`);
  },
};

function equal(one: Uint8Array, two: Uint8Array): boolean {
  return one.length === two.length && one.every((value, i) => value === two[i]);
}
