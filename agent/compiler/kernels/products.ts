import { sizeOf } from '../graph.ts';
import { broadcastShape, reshape, transpose } from '../layout.ts';
import type { Kernels } from './kernel.ts';

export const products: Kernels = {
  BatchMatMul: ({ graph, inputs: { a, b }, attrs: { transposeA, transposeB } }) => {
    const m = a.shape.at(transposeA ? -1 : -2)!;
    const n = b.shape.at(transposeB ? -2 : -1)!;
    const [batch, other] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    // One product of matrices is a Gemm, which reads its operands transposed without copying them.
    if (sizeOf(batch) === 1 && sizeOf(other) === 1) {
      const [left, right] = [a, b].map((v) => reshape(graph, v, v.shape.slice(-2)));
      const flags = { transA: Number(transposeA), transB: Number(transposeB) };
      const like = { dtype: 'float32', shape: [m, n] } as const;
      const product = graph.add('Gemm', [left!, right!], like, flags);
      return reshape(graph, product, [...(batch.length > other.length ? batch : other), m, n]);
    }
    const [left, right] = [
      [a, transposeA],
      [b, transposeB],
    ].map(([v, isTransposed]) => {
      if (!isTransposed) return v;
      const rank = v.shape.length;
      return transpose(graph, v, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
    });
    const shape = [...broadcastShape(batch, other), m, n];
    return graph.add('MatMul', [left, right], { dtype: 'float32', shape });
  },
  Einsum: ({ graph, list, attrs }) => {
    const equation: string = attrs.equation.replaceAll(' ', '');
    const [terms, result] = equation.split('->') as [string, string];
    const sizes = new Map<string, number>();
    for (const [i, term] of terms.split(',').entries()) {
      for (const [axis, letter] of [...term].entries()) sizes.set(letter, list[i]!.shape[axis]!);
    }
    const shape = [...result].map((letter) => sizes.get(letter)!);
    return graph.add('Einsum', list, { dtype: list[0]!.dtype, shape }, { equation });
  },
};
