import { expect, test } from 'vitest';
import { type AvailableRoom, layOutPanes } from '../../viewer/panels/pane-layout.ts';

const PICTURE = { width: 56, height: 56 };

/** The room on 1280 × 800. */
const roomOf = (panes: number): AvailableRoom => ({
  ...{ width: 1280 - 32, height: 800 - 137 - 15 * panes, ratio: 1 },
  ...{ isPhone: false, charts: true, readouts: 4 },
});

test.each([
  [1, 'tall', 1, 348, 392],
  [2, 'tall', 2, 348, 392],
  [3, 'tall', 3, 290, 280],
  [4, 'wide', 2, 290, 280],
  [5, 'wide', 3, 0, 224],
  [6, 'wide', 3, 0, 224],
  [8, 'wide', 4, 0, 168],
])(
  '%d panes on 1280 × 800 are %s, in %d columns, with charts %d wide and pictures of %d',
  (panes, form, columns, charts, side) => {
    const layout = layOutPanes(panes, PICTURE, roomOf(panes));
    expect(layout).toMatchObject({ form, columns, charts });
    expect(layout.picture).toEqual({ width: side, height: side });
  },
);

test('pictures keep their shape and are whole multiples of their pixels, at any pixel ratio', () => {
  for (const ratio of [1, 1.25, 1.5, 2, 3]) {
    for (const picture of [PICTURE, { width: 84, height: 84 }, { width: 90, height: 30 }]) {
      for (const panes of [1, 2, 3, 4, 6]) {
        const { picture: size } = layOutPanes(panes, picture, { ...roomOf(panes), ratio });
        const scale = (size.width / picture.width) * ratio;
        expect(scale).toBeCloseTo(Math.round(scale));
        expect(size.height / picture.height).toBeCloseTo(size.width / picture.width);
        expect(scale).toBeGreaterThanOrEqual(1);
      }
    }
  }
});

test('hidden charts take no room, and a fifth readout makes no picture smaller', () => {
  expect(layOutPanes(2, PICTURE, { ...roomOf(2), charts: false }).charts).toBe(0);
  for (const panes of [2, 3, 4]) {
    const four = layOutPanes(panes, PICTURE, roomOf(panes));
    const five = layOutPanes(panes, PICTURE, { ...roomOf(panes), readouts: 5 });
    expect(five.picture).toEqual(four.picture);
  }
});

test('on a phone held sideways, a whole world with its head fits between header and controls', () => {
  const phone = {
    width: 844 - 16,
    height: 390,
    ratio: 3,
    isPhone: true,
    charts: true,
    readouts: 1,
  };
  for (const panes of [1, 2, 3, 4, 8]) {
    const { columns, picture } = layOutPanes(panes, PICTURE, phone);
    expect(columns).toBe(Math.min(4, panes));
    expect(picture.height).toBeGreaterThan(150);
    expect(picture.height).toBeLessThanOrEqual(390 - 214);
  }
  const upright = { ...phone, width: 390 - 16, height: 844 };
  expect(layOutPanes(3, PICTURE, upright)).toMatchObject({ form: 'stacked', columns: 2 });
});
