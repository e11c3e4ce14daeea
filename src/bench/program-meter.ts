import { compile } from '../../agent/compiler/compile.ts';
import { type Flops, flopsAt } from '../../agent/compiler/flops.ts';
import { DYNAMIC, type Program } from '../../agent/compiler/program.ts';
import type { Engine, Feeds, Runner } from '../../agent/engines/engine.ts';

/** What the calls of one program were, all together. */
export interface ProgramUse {
  readonly calls: number;
  readonly milliseconds: number;
  /** Floating-point operations. */
  readonly flops: number;
}

/** An engine that counts and times every call of the programs that it loads. */
export class ProgramMeter {
  /** Loads and runs as the one that it is made of. */
  readonly engine: Engine;
  readonly #now: () => number;
  readonly #loaded: { readonly runner: Runner; calls: number }[] = [];
  #uses = new Map<string, ProgramUse>();

  /** @param now the time in milliseconds */
  constructor(engine: Engine, now: () => number = () => performance.now()) {
    this.#now = now;
    this.engine =
      engine.kind === 'graph'
        ? {
            kind: 'graph',
            load: async (program) =>
              this.#measured(program, program.flops, await engine.load(program)),
          }
        : {
            kind: 'eager',
            load: async (program) =>
              this.#measured(program, compile(program).flops, await engine.load(program)),
          };
  }

  /** What was called since this was last asked, by the programs' names. Programs of one name count as one. */
  take(): ReadonlyMap<string, ProgramUse> {
    const uses = this.#uses;
    this.#uses = new Map();
    return uses;
  }

  /** The calls so far of each program that was loaded, in that order. */
  get callsOfEach(): number[] {
    return this.#loaded.map(({ calls }) => calls);
  }

  /** Lets go of every program that was loaded. */
  async dispose(): Promise<void> {
    for (const { runner } of this.#loaded.splice(0)) await runner.dispose();
  }

  #measured({ name, inputs }: Pick<Program, 'name' | 'inputs'>, of: Flops, runner: Runner): Runner {
    const loaded = { runner, calls: 0 };
    this.#loaded.push(loaded);
    return {
      run: async (feeds, into) => {
        const start = this.#now();
        const results = await runner.run(feeds, into);
        const milliseconds = this.#now() - start;
        loaded.calls += 1;
        const before = this.#uses.get(name) ?? { calls: 0, milliseconds: 0, flops: 0 };
        this.#uses.set(name, {
          calls: before.calls + 1,
          milliseconds: before.milliseconds + milliseconds,
          flops: before.flops + flopsAt(of, dynamicSize(inputs, feeds)),
        });
        return results;
      },
      dispose: () => runner.dispose(),
    };
  }
}

/** What the dynamic dimension is in this call; undefined for a program without one. */
function dynamicSize(inputs: Program['inputs'], feeds: Feeds): number | undefined {
  for (const [name, { shape }] of Object.entries(inputs)) {
    if (!shape.includes(DYNAMIC)) continue;
    let [fixed, times] = [1, 0];
    for (const size of shape) {
      if (size === DYNAMIC) times += 1;
      else if (typeof size === 'number') fixed *= size;
    }
    if (fixed > 0) return (feeds[name]!.length / fixed) ** (1 / times);
  }
  return undefined;
}
