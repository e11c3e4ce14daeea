import { cellOf } from '../../agent/cells/nac.ts';
import type { Feeds, Results } from '../../agent/engines/engine.ts';
import type { SubjectRule } from './judge.ts';
import { near } from './near.ts';
import { B, type PathwaySubject } from './pathway-subject.ts';

/** Prefixes of the network's own parameters. */
const TAKEN = /^(conv\d+|dense|lstm|policy|value)\//;

/** What the agent's programs are fed besides parameters, by the same kind of names. */
const FED =
  /^(pixels|drive|instruction|start|dropped|entropyBonus|pull|states?|action|advantage|return|rewarded|rows|driveGradient)$/;

/** The first number in which two results differ. */
function difference(one: Results, other: Results, tolerance: number): string | undefined {
  for (const [name, values] of Object.entries(one)) {
    const at = values.findIndex((value, i) => !near(value, other[name]![i]!, tolerance));
    if (at < 0) continue;
    const output = name === 'next' ? 'the next state' : 'the features';
    return `number ${at} of ${output} is ${values[at]} and ${other[name]![at]}`;
  }
  return undefined;
}

const rowOf = (all: Feeds | Results, row: number): Feeds =>
  Object.fromEntries(
    Object.entries(all).map(([name, values]) => {
      const size = values.length / B;
      return [name, values.slice(row * size, (row + 1) * size)];
    }),
  );

/** What every pathway must keep to. */
export const pathwayRules: readonly SubjectRule<PathwaySubject>[] = [
  {
    id: 'parameters',
    says: 'parameters have names of their own, sizes of at least 1 and finite first values',
    advice:
      'give each parameter a name such as my-cell/kernel, and an initial that fills its shape',
    check(subject) {
      const { pathway } = subject;
      const names = pathway.parameters.map(({ name }) => name);
      const twice = names.find((name, i) => names.indexOf(name) < i);
      if (twice !== undefined) return `two parameters are called ${twice}`;
      for (const { name, shape, initial } of pathway.parameters) {
        if (TAKEN.test(name)) return `${name} has the name of a parameter of the network`;
        if (FED.test(name)) return `${name} has the name of something else that programs are fed`;
        if (shape.some((size) => !Number.isInteger(size) || size < 1)) {
          return `${name} has the shape [${shape}]`;
        }
        const size = shape.reduce((a, b) => a * b, 1);
        const { length } = initial(shape, () => 0.3);
        if (length !== size) return `initial gives ${length} values of ${name}, not ${size}`;
      }
      for (const { name } of pathway.parameters) {
        const wrong = (subject.parameters[name] as Float32Array).find(
          (value) => !Number.isFinite(value),
        );
        if (wrong !== undefined) return `${name} has the first value ${wrong}`;
      }
      return undefined;
    },
  },
  {
    id: 'accumulators',
    says: 'an accumulator has the parameters of its cell, and its inputs and what it keeps have known names',
    advice:
      'make its parameters with nacParameters or with the parameters of its cell, and name in state what it keeps',
    needs: ['parameters'],
    check({ pathway: { accumulators, parameters, state, events = [] }, instructionNames }) {
      const known = new Set([...instructionNames, ...state, ...events, '1']);
      for (const accumulator of accumulators) {
        const { name, inputs, outputs, keeps } = accumulator;
        for (const part of cellOf(accumulator).parameters(name, inputs.length, outputs.length)) {
          const { shape } = parameters.find((one) => one.name === part.name) ?? {};
          if (`${shape}` !== `${part.shape}`) {
            return `${part.name} is ${shape ? `[${shape}]` : 'missing'}, not [${part.shape}]`;
          }
        }
        const unknown = inputs.find((input) => !known.has(input));
        if (unknown !== undefined) return `nothing that ${name} could read is called ${unknown}`;
        const lost = keeps === 'nothing' ? undefined : outputs.find((one) => !state.includes(one));
        if (lost !== undefined) return `${name} keeps ${lost}, which is not in the state`;
        for (const output of outputs) known.add(output);
      }
      return undefined;
    },
  },
  {
    id: 'sizes',
    says: 'features and state are [batch, featureSize] and [batch, state.length], null where that is zero',
    advice: 'compare featureSize and state with what apply returns',
    needs: ['parameters'],
    async check(subject) {
      for (const rows of [1, B]) await subject.step(subject.inputs(rows), rows);
      return undefined;
    },
  },
  {
    id: 'pure',
    says: 'the same input gives the same output, whatever came before',
    advice: 'draw nothing at random in apply, and keep nothing between two calls but the state',
    needs: ['sizes'],
    async check(subject) {
      const runner = await subject.load('cpu');
      const inputs = { ...subject.parameters, ...subject.inputs() };
      const first = await runner.run(inputs);
      return difference(first, await runner.run(inputs), 0);
    },
  },
  {
    id: 'reset',
    says: 'a state of zeros starts an episode afresh',
    advice: 'carry everything from step to step in the state that apply returns',
    needs: ['pure'],
    async check(subject) {
      const state = new Float32Array(B * subject.pathway.state.length);
      const start = { ...subject.inputs(), state };
      const fresh = await subject.step(start);
      let current = fresh.next ?? state;
      for (let step = 0; step < 5; step++) {
        const next = await subject.step({ ...subject.inputs(), state: current });
        current = next.next ?? state;
      }
      return difference(fresh, await subject.step(start), 0);
    },
  },
  {
    id: 'rows-apart',
    says: 'each row of a batch is a world of its own: a batch of one gives what that row gives',
    advice: 'look for an operation over the first axis, such as a mean over the batch',
    needs: ['pure'],
    async check(subject) {
      const inputs = subject.inputs();
      const together = await subject.step(inputs);
      for (let row = 0; row < B; row++) {
        const alone = await subject.step(rowOf(inputs, row), 1);
        const found = difference(rowOf(together, row) as Results, alone, 1e-6);
        if (found) return `${found}, in a batch of ${B} and alone`;
      }
      return undefined;
    },
  },
  {
    id: 'finite',
    says: 'features and state stay finite for numbers far beyond training',
    advice: 'bound what grows faster than the number, such as an exponential',
    needs: ['sizes'],
    async check(subject) {
      for (const value of [0, 1, 1e6, -1e6]) {
        let state = new Float32Array(B * subject.pathway.state.length);
        for (let step = 1; step <= 10; step++) {
          const instruction = new Float32Array(B * subject.k).fill(value);
          const { features, next } = await subject.step({
            ...subject.inputs(),
            instruction,
            state,
          });
          const wrong = [...(features ?? []), ...(next ?? [])].find((x) => !Number.isFinite(x));
          if (wrong !== undefined) return `told ${value}, it gives ${wrong} at step ${step}`;
          state = (next ?? state) as typeof state;
        }
      }
      return undefined;
    },
  },
  {
    id: 'gradients',
    says: 'gradients are what finite differences say, and every parameter has one',
    advice:
      'use operations of TensorFlow.js with a gradient, correct any customGrad, and drop parameters without effect',
    needs: ['pure'],
    check: gradientProblem,
  },
  {
    id: 'compiled',
    says: 'it compiles to a static graph, which gives what the reference engine gives',
    advice: 'use tensor operations alone: no dataSync, and nothing that depends on a value',
    needs: ['pure'],
    async check(subject) {
      const { featureSize, state } = subject.pathway;
      if (featureSize + state.length === 0) return undefined; // there is nothing to compile
      const inputs = { ...subject.parameters, ...subject.inputs() };
      const reference = await (await subject.load('cpu')).run(inputs);
      const compiled = await subject.load('onnx');
      try {
        const found = difference(reference, await compiled.run(inputs), 1e-4);
        return found && `${found}, on the engines cpu and onnx`;
      } finally {
        await compiled.dispose();
      }
    },
  },
];

/** Half the distance at which differences are taken, and how far they may be from the derivative. */
const STEP = 0.01;
const TOLERANCE = 0.02;

/** Compares the derivative along one random direction of each parameter and of the state with a central difference. */
async function gradientProblem(subject: PathwaySubject): Promise<string | undefined> {
  const { pathway, parameters } = subject;
  const inputs = subject.inputs();
  const point: Feeds = { ...parameters, ...inputs };
  const { internal = [] } = pathway;
  const names = [...Object.keys(parameters), ...(pathway.state.length > 0 ? ['state'] : [])];
  const count = B * (pathway.featureSize + pathway.state.length);
  if (names.length === 0 || count === 0) return undefined;
  const weights = subject.floats(count, -1, 1);
  const gradients = await subject.gradients(inputs, weights);
  const runner = await subject.load('cpu');
  const loss = async (name: string, values: Float32Array): Promise<number> => {
    const { features = [], next = [] } = await runner.run({ ...point, [name]: values });
    return [...features, ...next].reduce((sum, value, i) => sum + value * weights[i]!, 0);
  };
  for (const name of names) {
    const at = point[name] as Float32Array;
    const direction = subject.floats(at.length, -1, 1);
    if (name === 'state') {
      const S = pathway.state.length;
      for (const [i, one] of pathway.state.entries()) {
        if (!internal.includes(one)) continue;
        for (let row = 0; row < B; row++) direction[row * S + i] = 0;
      }
    }
    const moved = (step: number) =>
      loss(
        name,
        at.map((value, i) => value + step * direction[i]!),
      );
    const measured = ((await moved(STEP)) - (await moved(-STEP))) / (2 * STEP);
    const computed = gradients[name]!.reduce((sum, value, i) => sum + value * direction[i]!, 0);
    if (near(measured, computed, TOLERANCE)) continue;
    return `along a direction of ${name} the gradient is ${computed.toPrecision(4)}, the finite difference ${measured.toPrecision(4)}`;
  }
  return undefined;
}
