/** What a world declares: its spec, its spaces, its options. */

import type { EnvSpec } from '../contract.ts';
import { show } from '../guard/answer-rules.ts';
import { spacesProblem } from '../guard/space-rules.ts';
import { describeOptions } from '../options.ts';
import { ID } from '../registry.ts';
import { type Rule, refuses } from './rule.ts';

const NONSENSE = 'noSuchOption';

export const spec: Rule = {
  id: 'spec-complete',
  says: 'a world has its spec: an id with a version, a summary, and the options of worlds and of episodes',
  advice: 'set spec = { id: "Name-v0", summary, options, resetOptions, create } in the world',
  check(subject) {
    const given = subject.make().world.spec as Partial<EnvSpec> | undefined;
    if (typeof given !== 'object' || given === null) return `spec is ${show(given)}`;
    if (!ID.test(given.id ?? '')) return `the id is ${show(given.id)}`;
    if (typeof given.summary !== 'string' || given.summary === '') return 'there is no summary';
    for (const name of ['options', 'resetOptions'] as const) {
      if (typeof given[name]?.safeParse !== 'function') return `${name} is ${show(given[name])}`;
    }
    const { metrics } = given;
    const isList = metrics === undefined || Array.isArray(metrics);
    if (!isList) return `metrics is ${show(metrics)}, not a list of names`;
    return typeof given.create === 'function' ? undefined : `create is ${show(given.create)}`;
  },
};

export const spaces: Rule = {
  id: 'spaces-well-formed',
  says: 'pixels is a uint8 Box of [height, width, channels], instruction a float32 Box of [k], and every action has a name',
  advice:
    'make them by new Box(shape, dtype, low, high) and new Discrete(names), both of timegrid/env',
  check: (subject) => spacesProblem(subject.make().world),
};

export const optionDefaults: Rule = {
  id: 'options-default',
  says: 'every option has a description and can be left out, and a world reports the options it was made with',
  advice:
    'give each option .describe(…) and .default(…), and keep what parseOptions returns as options',
  needs: ['spec-complete'],
  check(subject) {
    const { world } = subject.make();
    const schema = world.spec.options;
    const defaults = schema.safeParse({});
    if (!defaults.success)
      return `the schema refuses its defaults: ${defaults.error.issues[0]!.message}`;
    for (const part of [schema, world.spec.resetOptions]) {
      const bare = describeOptions(part).find(({ description }) => description === '');
      if (bare !== undefined) return `option "${bare.name}" has no description`;
    }
    const again = schema.safeParse(world.options);
    if (!again.success) return `the world's options are refused: ${again.error.issues[0]!.message}`;
    const [told, meant] = [world.options, again.data].map((options) => JSON.stringify(options));
    return told === meant ? undefined : `the world has the options ${told}, not ${meant}`;
  },
};

export const optionRefused: Rule = {
  id: 'options-refused',
  says: 'an unknown option of a world is refused with an OptionError that names it',
  advice:
    'make the schema by z.strictObject, and read the options by parseOptions(id, schema, given)',
  needs: ['spec-complete'],
  check(subject) {
    const { create } = subject.make().world.spec;
    return namedRefusal(() => create({ [NONSENSE]: 1 }));
  },
};

export const resetOptionRefused: Rule = {
  id: 'reset-options-refused',
  says: 'an unknown option of an episode is refused with an OptionError that names it',
  advice: 'make resetOptions by z.strictObject, and read what reset is given by parseOptions',
  needs: ['spec-complete'],
  check(subject) {
    const { world } = subject.begun();
    return namedRefusal(() => world.reset({ seed: 7, options: { [NONSENSE]: 1 } }));
  },
};

function namedRefusal(call: () => unknown): string | undefined {
  let message = '';
  const problem = refuses(['OptionError'], () => {
    try {
      return call();
    } catch (error) {
      message = String((error as Error).message);
      throw error;
    }
  });
  if (problem !== undefined) return `the option "${NONSENSE}" ${problem}`;
  return message.includes(NONSENSE) ? undefined : `the refusal does not name it: “${message}”`;
}
