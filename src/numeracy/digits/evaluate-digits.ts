import type { Program } from '../../../agent/compiler/program.ts';
import type { Runner } from '../../../agent/engines/engine.ts';
import { loadOn } from '../../../agent/engines/index.ts';
import { answerProgram } from '../../../agent/model-batch.ts';
import { layoutOf, views } from '../../../agent/parameters.ts';
import * as tf from '../../../agent/tf.ts';
import type { MeasuringDigits } from './digit-data.ts';
import { type Digits, PIXELS } from './images.ts';
import { ENCODING, encode, type ModelChoice, parametersOf, QUESTIONS } from './model.ts';
import { recurrentCell } from './recurrent-cells.ts';
import { type DigitsResult, digitsRead, type LengthScore, scoreAnswers } from './score.ts';
import { accumulateRounded, drawStreams, type Streams, trueAnswers } from './streams.ts';

export interface DigitEvaluation extends ModelChoice {
  /** The longest sequences of the training. */
  readonly longest: number;
  /** Lengths of the test's sequences, and how many pictures all those of one length have together. */
  readonly lengths: readonly number[];
  readonly pictures: number;
}

/** Fewest and most sequences of one length. */
const SEQUENCES = [20, 1000] as const;
/** Pictures encoded at once. */
const CHUNK = 500;

/**
 * Measures one trained copy. Each picture is encoded once; sequences then pass its encodings through the cell.
 * @param parameters of the copy, all in one vector
 */
export async function evaluateCopy(
  parameters: Float32Array,
  { validation, test }: MeasuringDigits,
  { longest, lengths, pictures, ...choice }: DigitEvaluation,
): Promise<Omit<DigitsResult['copies'][number], 'seed'>> {
  const outputs = QUESTIONS[choice.question];
  const player = await Player.load(parameters, choice);
  try {
    const streams = (key: string, digits: Digits, length: number): Streams => {
      const [fewest, most] = SEQUENCES;
      const count = Math.max(fewest, Math.min(most, Math.ceil(pictures / length)));
      return drawStreams(`digits/${key}`, digits.labels.length, { length, count });
    };
    const trained = streams('validation', validation, longest);
    const answers = await player.answers(await player.encode(validation), trained);
    const checked = scoreAnswers(
      answers,
      trueAnswers(trained, validation.labels, outputs),
      outputs,
    );

    const encoded = await player.encode(test);
    const alone: Streams = { length: 1, pictures: Int32Array.from(test.labels.keys()) };
    const readings = await player.answers(encoded, alone);
    const read = digitsRead(readings, outputs);
    const right = read.filter((digit, i) => digit === test.labels[i]).length;
    const keep = keptByWholeWeights(parameters, choice);
    const tests: LengthScore[] = [];
    for (const length of lengths) {
      const tested = streams('test', test, length);
      const truth = trueAnswers(tested, test.labels, outputs);
      const score = scoreAnswers(await player.answers(encoded, tested), truth, outputs);
      const rounded =
        keep && scoreAnswers(accumulateRounded(tested, readings, keep), truth, outputs);
      const perfect = scoreAnswers(trueAnswers(tested, read, outputs), truth, outputs);
      tests.push({
        length,
        error: score?.error ?? null,
        right: score?.right ?? null,
        roundedError: rounded?.error ?? null,
        roundedRight: rounded?.right ?? null,
        perfectError: perfect?.error ?? null,
        perfectRight: perfect?.right ?? null,
      });
    }
    const diverged = checked === null || !readings.every(Number.isFinite);
    return diverged
      ? { diverged, read: null, validation: null, tests: [] }
      : { diverged, read: right / read.length, validation: checked.error, tests };
  } finally {
    await player.dispose();
  }
}

/** The weights from state to state of a cell that only adds, [O, O]. */
function keptByWholeWeights(parameters: Float32Array, choice: ModelChoice): Float32Array | null {
  const { arithmetic } = recurrentCell(choice.cell);
  const outputs = QUESTIONS[choice.question];
  const own = views(layoutOf(parametersOf(choice)), parameters);
  const { sums, powers } = arithmetic?.read(own, 'cell', ENCODING + outputs) ?? {};
  return sums && !powers ? sums.subarray(ENCODING * outputs) : null;
}

/** A trained model at work. */
class Player {
  readonly #parameters: Float32Array;
  readonly #runners: Record<'encode' | 'step' | 'answer', Runner>;
  readonly #width: number;

  private constructor(
    parameters: Float32Array,
    runners: Record<'encode' | 'step' | 'answer', Runner>,
    width: number,
  ) {
    this.#parameters = parameters;
    this.#runners = runners;
    this.#width = width;
  }

  static async load(parameters: Float32Array, choice: ModelChoice): Promise<Player> {
    const cell = recurrentCell(choice.cell);
    const width = cell.width(QUESTIONS[choice.question]);
    const program = (inputs: number, apply: Parameters<typeof answerProgram>[4]): Program =>
      answerProgram(`digits, ${choice.cell}`, parametersOf(choice), 1, inputs, apply);
    const load = (...given: Parameters<typeof program>): Promise<Runner> =>
      loadOn('onnx', program(...given));
    const runners = {
      encode: await load(PIXELS, encode),
      step: await load(ENCODING + width, (own, x) => {
        const [encoding, state] = tf.split(x, [ENCODING, width], -1);
        return cell.step(own, encoding!, state!);
      }),
      answer: await load(width, (own, state) => tf.add(cell.answer(own, state), 0)),
    };
    return new Player(parameters, runners, width);
  }

  async #run(name: 'encode' | 'step' | 'answer', x: Float32Array): Promise<Float32Array> {
    const { y } = await this.#runners[name].run({ parameters: this.#parameters, x });
    return y!;
  }

  /** @returns [N, 10] */
  async encode({ images, labels }: Digits): Promise<Float32Array> {
    const encoded = new Float32Array(labels.length * ENCODING);
    for (let from = 0; from < labels.length; from += CHUNK) {
      const to = Math.min(labels.length, from + CHUNK);
      const pixels = Float32Array.from(images.subarray(from * PIXELS, to * PIXELS));
      encoded.set(await this.#run('encode', pixels), from * ENCODING);
    }
    return encoded;
  }

  /** The answer after the last picture of each sequence. @param encoded of all pictures @returns [S, O] */
  async answers(encoded: Float32Array, { length, pictures }: Streams): Promise<Float32Array> {
    const S = pictures.length / length;
    const width = this.#width;
    const row = ENCODING + width;
    const x = new Float32Array(S * row);
    let state = new Float32Array(S * width);
    for (let t = 0; t < length; t += 1) {
      for (let s = 0; s < S; s += 1) {
        const from = pictures[s * length + t]! * ENCODING;
        x.set(encoded.subarray(from, from + ENCODING), s * row);
        x.set(state.subarray(s * width, (s + 1) * width), s * row + ENCODING);
      }
      state = (await this.#run('step', x)) as Float32Array<ArrayBuffer>;
    }
    return this.#run('answer', state);
  }

  async dispose(): Promise<void> {
    for (const runner of Object.values(this.#runners)) await runner.dispose();
  }
}
