import { expect, test } from 'vitest';
import { checkEnv } from '../../../env/conformance/index.ts';
import { findSpec, wrapSpec } from '../../../env/index.ts';
import { wrappedSpecs, wrappers } from './wrapped.ts';

/** Of a world with a number too. */
const grids = Object.entries(wrappers).map(([name, wrap]) =>
  wrapSpec(findSpec('TimedGrid-3x3-v0'), `${name}Grid-v0`, wrap),
);

test.each([...wrappedSpecs, ...grids].map((spec) => [spec.id, spec] as const))(
  '%s keeps every rule',
  (_, spec) => {
    const { rules } = checkEnv(spec, { steps: 20, speed: false });
    expect(rules.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
  },
);
