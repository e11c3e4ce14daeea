import {
  type EnvSpec,
  findSpec,
  make,
  type Observation,
  type StepResult,
  Wrapper,
  z,
} from 'timegrid/env';

const settings = z.strictObject({
  trouble: z
    .enum(['none', 'throw', 'nan', 'promise', 'later', 'exit', 'function', 'close'])
    .default('none')
    .describe('what goes wrong'),
  after: z.int().default(60).describe('steps of each world before that'),
});
const grid = { size: 3, pixels: 24, timeMin: 3, timeMax: 6 };

/** A small timed grid, for worker threads, that breaks a rule as its option `trouble` says. */
class TroubledGrid extends Wrapper {
  override readonly options: z.infer<typeof settings>;
  #steps = 0;

  constructor(options: z.infer<typeof settings>) {
    super(make('TimedGrid-v0', grid), { spec });
    this.options = options;
  }

  override step(action: number, into?: Observation): StepResult {
    const result = super.step(action, into);
    const { trouble, after } = this.options;
    this.#steps += 1;
    if (this.#steps < after) return result;
    if (trouble === 'throw') throw new RangeError('the floor gave way');
    if (trouble === 'exit') process.exit(7);
    if (trouble === 'promise') return Promise.reject(new Error('nobody waits for this')) as never;
    if (trouble === 'later') {
      setImmediate(() => {
        throw new Error('the roof too');
      });
    }
    if (trouble === 'function') return { ...result, info: { tell: () => 'a secret' } as never };
    return trouble === 'nan' ? { ...result, reward: Number.NaN } : result;
  }

  override close(): void {
    super.close();
    if (this.options.trouble === 'close' && this.#steps > 0) throw new Error('the door is jammed');
  }
}

const spec: EnvSpec = {
  id: 'TroubledGrid-v0',
  summary: 'A timed grid that breaks rules.',
  options: settings,
  resetOptions: findSpec('TimedGrid-v0').resetOptions,
  create: (options) => new TroubledGrid(settings.parse(options ?? {})),
};

export default spec;
