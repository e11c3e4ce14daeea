import { expect, test } from 'vitest';
import { AdaptiveEncoder } from '../../../agent/encoder/adaptive-encoder.ts';
import { numbers } from '../engines/engines-at-work.ts';
import { tinyRecipe } from '../tiny.ts';
import { encodeAndLearn, encoderMaterial, plainEncoder, sharedEncoder } from './encoder-at-work.ts';

const recipe = tinyRecipe(
  { convolutions: [{ filters: 4, size: 8, stride: 4 }] },
  { height: 40, width: 40 },
);
const frameSize = 40 * 40 * 3;
const noise = (seed: string, n = 4) => numbers(seed).bytes(n * frameSize);
/** Frames of one colour, but for a bar of another. */
const bars = (first: number, n = 4) =>
  Uint8Array.from({ length: n * frameSize }, (_, i) => {
    const row = Math.floor((i % frameSize) / (40 * 3));
    return Math.floor(row / 8) === (first + Math.floor(i / frameSize)) % 5 ? 200 : 7;
  });

async function adaptive() {
  const material = encoderMaterial(recipe, 3);
  const plain = await plainEncoder(material, 'onnx');
  let loaded = 0;
  const loadPlain = async () => {
    loaded += 1;
    return plain;
  };
  const shared = await sharedEncoder(material, 'onnx');
  const encoder = new AdaptiveEncoder(material.shapes, shared, loadPlain);
  const learn = (of: Parameters<typeof encodeAndLearn>[0], ...batches: Uint8Array[]) =>
    encodeAndLearn(of, material, batches);
  return { encoder, plain, shared, learn, loaded: () => loaded };
}

test('shares where pictures repeat, and never loads what it does not need', async () => {
  const { encoder, learn, loaded, plain, shared } = await adaptive();
  const learned = await learn(encoder, bars(0), bars(2));
  expect(await learn(shared, bars(0), bars(2))).toEqual(learned);
  expect(plain.count).toBe(0);
  expect(loaded()).toBe(0);
});

test('encodes whole frames where they do not repeat', async () => {
  const { encoder, learn, loaded, plain, shared } = await adaptive();
  for (const seed of ['a', 'b']) {
    const learned = await learn(encoder, noise(seed), noise(seed), noise(`more ${seed}`));
    expect(learned.indices).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7]);
    expect(shared.count).toBe(0);
    expect(await learn(plain, noise(seed), noise(`more ${seed}`))).toEqual({
      ...learned,
      indices: [0, 1, 2, 3, 4, 5, 6, 7],
    });
  }
  expect(loaded()).toBe(1);
});

test('decides for each update by what its first call shows, whatever came before', async () => {
  const used = await adaptive();
  const updates = [
    [bars(0)],
    [noise('a'), bars(1)],
    [bars(1), noise('b')],
    [noise('c'), noise('b')],
  ];
  for (const batches of [...updates, ...updates.toReversed()]) {
    const fresh = await adaptive();
    expect(await used.learn(used.encoder, ...batches)).toEqual(
      await fresh.learn(fresh.encoder, ...batches),
    );
    const isShared = batches[0]![0] === 200 || batches[0]![0] === 7;
    expect(used.shared.count > 0).toBe(isShared);
    expect(used.plain.count > 0).toBe(!isShared);
    used.encoder.forget();
    expect([used.encoder.count, used.shared.count, used.plain.count]).toEqual([0, 0, 0]);
  }
});

test('a picture that no other is like does not repeat; copies of it do not change that', async () => {
  const { encoder, learn, shared } = await adaptive();
  const one = noise('one', 1);
  const copies = Uint8Array.from([...one, ...one, ...one, ...one]);
  await learn(encoder, copies);
  expect(shared.count).toBe(0);
  // Such as differ from it in a corner share nearly all.
  const others = [1, 2].map((corner) => one.map((value, i) => (i === 0 ? value ^ corner : value)));
  await learn(encoder, Uint8Array.from([...one, ...others[0]!, ...others[1]!]));
  expect(shared.count).toBe(3);
});
