import type { TensorSpec } from '../../../agent/compiler/program.ts';
import * as tf from '../../../agent/tf.ts';

export type Shape = TensorSpec['shape'];
/** What operands are drawn from; `edges` and `pairs` are the numbers where operations differ or break. */
export type Draw = 'any' | 'positive' | 'steps' | 'indices' | 'truths' | 'edges' | 'pairs';

/** A kernel as some operation of TensorFlow.js reaches it, with operands of these shapes. */
export interface Case {
  readonly kernel: string;
  readonly shapes: readonly Shape[];
  readonly draw: Draw;
  run(...operands: Any[]): tf.Tensor | tf.Tensor[];
  /** The largest difference where the expected value is small; approximations of ONNX Runtime have one. */
  readonly absolute: number;
  /** The operands that TensorFlow.js has a gradient for; all where left out. */
  readonly wrt?: readonly number[];
}

// biome-ignore lint/suspicious/noExplicitAny: the operands of each case are of the rank that its shapes say
export type Any = any;

export const cases: Case[] = [];
export function check(
  kernel: string,
  shapes: readonly Shape[],
  run: Case['run'],
  draw: Draw = 'any',
  options: Partial<Case> = {},
): void {
  cases.push({ kernel, shapes, run, draw, absolute: 1e-9, ...options });
}
export const noGradient = { wrt: [] };

export const matrix: Shape = ['N', 3];
export const plain: Shape = [4, 3];
export const whole = (x: tf.Tensor) => tf.cast(x, 'int32');
export const truth = (x: tf.Tensor) => tf.cast(x, 'bool');
