import type { Samples } from '../../../agent/second-order/branches.ts';
import {
  type BranchReading,
  firstParameters,
  readBranch,
  SumOrProduct,
} from '../../../agent/second-order/sum-or-product.ts';
import { bitsOf, fromBits } from '../float64.ts';
import type { TaskTraining, Tensors32 } from '../task.ts';
import {
  byInput,
  drawInputs,
  FORMS,
  type FormName,
  type Operation,
  type SampleForm,
  slicesOf,
  TRAINING_RANGE,
  truthOf,
} from './problem.ts';

export interface SelectorTraining {
  readonly operation: Operation;
  readonly form: FormName;
  readonly seeds: readonly number[];
  /** Of training, and how many more are kept back for the gate. */
  readonly samples: number;
  readonly kept: number;
  /** The most steps. */
  readonly steps: number;
}

/** Trains copies of the cell that is a sum or a product of powers, by second-order steps. */
export async function trainSelector(settings: SelectorTraining): Promise<TaskTraining> {
  const { operation, seeds, samples, kept, steps } = settings;
  const form = FORMS[settings.form];
  const dataOf = (seed: number) =>
    [
      samplesOf(operation, form, seed, `arithmetic/samples/${seed}`, samples),
      samplesOf(operation, form, seed, `arithmetic/kept/${seed}`, kept),
    ] as const;
  let copies = seeds.map((seed) => new SumOrProduct(...dataOf(seed), { seed }));
  let solvedAt = new Float32Array(seeds.length);
  return {
    steps,
    async step(i) {
      for (const [m, copy] of copies.entries()) {
        if (!copy.isExact) {
          copy.step();
          solvedAt[m] = i + 1;
        }
      }
      return Float32Array.from(copies, ({ error }) => error);
    },
    save: () => ({
      parameters: bitsOf(
        Float64Array.from(
          copies.flatMap(({ states }) => states.flatMap(({ parameters }) => [...parameters])),
        ),
      ),
      damping: bitsOf(
        Float64Array.from(copies.flatMap(({ states }) => states.map(({ damping }) => damping))),
      ),
      branch: Float32Array.from(copies, ({ best }) => best.branch),
      solvedAt: solvedAt.slice(),
    }),
    restore(saved) {
      const dampings = fromBits(saved.damping!);
      const all = branchParameters(saved, seeds.length, form.inputs);
      copies = seeds.map((seed, m) => {
        const states = all[m]!.map((parameters, k) => ({
          parameters,
          damping: dampings[m * all[m]!.length + k]!,
        }));
        return new SumOrProduct(...dataOf(seed), { seed }, states);
      });
      solvedAt = saved.solvedAt!.slice();
    },
    async dispose() {},
  };
}

function samplesOf(
  operation: Operation,
  form: SampleForm,
  seed: number,
  key: string,
  N: number,
): Samples {
  const x = drawInputs(key, N, form, form.steps, TRAINING_RANGE);
  return {
    x: byInput(x, form, form.steps),
    y: truthOf(operation, form, slicesOf(form, seed), x, form.steps),
  };
}

/** The parameters of each branch of each copy. */
function branchParameters({ parameters }: Tensors32, M: number, inputs: number): Float64Array[][] {
  const sizes = firstParameters(0, inputs).map(({ length }) => length);
  const all = fromBits(parameters!);
  let at = 0;
  return Array.from({ length: M }, () =>
    sizes.map((size) => {
      at += size;
      return all.slice(at - size, at);
    }),
  );
}

/** What each copy computes, by the branch that its gate took. */
export function readSelectors(
  trained: Tensors32,
  M: number,
  { inputs }: SampleForm,
): BranchReading[] {
  return branchParameters(trained, M, inputs).map((branches, m) => {
    const branch = trained.branch![m]!;
    return readBranch(branch, branches[branch]!, inputs);
  });
}
