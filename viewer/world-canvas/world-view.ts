import { Container, Graphics, Sprite, Texture } from 'pixi.js';
import { THEMES, VERDICT_COLOURS } from '../../src/render/palette.ts';
import type { Verdict } from '../episode.ts';
import { fitWholePixels } from '../panels/pane-layout.ts';
import { drawPath, type Point, type Rectangle } from './draw-path.ts';

/** Seconds that the rings of an arrival last. */
const ARRIVAL = 1.1;
const FRAME = 3;
/** The world's colours are multiplied by this if the player never arrived. */
const DARKENED = 0x707070;

/** Over a world, which is mostly dark. */
const tintOf = ({ kind }: Verdict): string => THEMES.dark[`${VERDICT_COLOURS[kind]}-bright`];

/** One player's world on the canvas: the picture, the path, and how it ended. */
export class WorldView extends Container {
  readonly #picture = new Sprite();
  readonly #path = new Graphics();
  readonly #frame = new Graphics();
  readonly #burst = new Graphics();
  /** Keeps the burst within the picture. */
  readonly #within = new Graphics();
  /** Where the picture is on the canvas. */
  place: Rectangle = { x: 0, y: 0, width: 0, height: 0 };
  #verdict: Verdict | null = null;
  #centre: Point | null = null;
  #since = ARRIVAL;

  constructor() {
    super();
    this.addChild(this.#picture, this.#path, this.#burst, this.#frame, this.#within);
    this.#burst.mask = this.#within;
  }

  /** Shows the picture in the middle of a box, as large as whole device pixels allow. */
  show(texture: Texture, box: Rectangle, ratio: number): void {
    const { width, height } = fitWholePixels(texture, box.width, box.height, ratio);
    const snap = (value: number) => Math.round(value * ratio) / ratio;
    const x = snap(box.x + (box.width - width) / 2);
    const y = snap(box.y + (box.height - height) / 2);
    this.place = { x, y, width, height };
    this.#picture.texture = texture;
    this.#picture.position.set(x, y);
    this.#picture.setSize(width, height);
    this.#drawFrame();
  }

  clear(): void {
    this.#picture.texture = Texture.EMPTY;
    for (const part of [this.#path, this.#frame, this.#burst]) part.clear();
  }

  /** @param points where the player was at each moment so far, in fractions of the picture */
  walk(points: readonly Point[], colour: string): void {
    this.#path.clear();
    if (points.length > 0) drawPath(this.#path, points, colour, this.place);
  }

  /**
   * @param verdict null until the episode ends
   * @param at where it ended, in fractions of the picture
   * @param celebrates whether the end has just come on screen
   */
  end(verdict: Verdict | null, at: Point | null, celebrates: boolean): void {
    if (verdict === null || this.#verdict === null) this.#since = celebrates ? 0 : ARRIVAL;
    this.#verdict = verdict;
    this.#centre = at;
    this.#picture.tint = verdict?.kind === 'never' ? DARKENED : 0xffffff;
    this.#path.alpha = verdict?.kind === 'never' ? 0.6 : 1;
    this.#drawFrame();
    this.#drawBurst();
  }

  /** Lets time pass. @returns whether anything moves */
  pass(seconds: number): boolean {
    if (this.#since >= ARRIVAL) return false;
    this.#since = Math.min(ARRIVAL, this.#since + seconds);
    this.#drawBurst();
    return true;
  }

  #drawFrame(): void {
    const { x, y, width, height } = this.place;
    this.#within.clear().rect(x, y, width, height).fill(0xffffff);
    this.#frame.clear();
    // The head says how it ended; only what was asked for is framed.
    if (this.#verdict?.kind !== 'exact') return;
    this.#frame
      .rect(x - FRAME / 2, y - FRAME / 2, width + FRAME, height + FRAME)
      .stroke({ width: FRAME, color: tintOf(this.#verdict) });
  }

  #drawBurst(): void {
    this.#burst.clear();
    const verdict = this.#verdict;
    if (verdict === null || this.#centre === null || this.#since >= ARRIVAL) return;
    if (verdict.kind === 'never' || verdict.kind === 'over') return;
    const { x, y, width, height } = this.place;
    const [centreX, centreY] = [x + this.#centre[0] * width, y + this.#centre[1] * height];
    const color = tintOf(verdict);
    const rings = verdict.kind === 'exact' ? 3 : 1;
    for (let ring = 0; ring < rings; ring++) {
      const share = (this.#since / ARRIVAL) * 1.3 - ring * 0.15;
      if (share <= 0 || share >= 1) continue;
      const radius = width * (0.06 + 0.34 * (1 - (1 - share) ** 3));
      this.#burst.circle(centreX, centreY, radius).stroke({
        width: width * 0.022 * (1 - share),
        color,
        alpha: 1 - share,
      });
    }
    if (verdict.kind !== 'exact') return;
    const share = this.#since / ARRIVAL;
    for (let ray = 0; ray < 12; ray++) {
      const angle = (ray / 12) * 2 * Math.PI;
      const out = width * (0.1 + 0.3 * (1 - (1 - share) ** 2));
      this.#burst
        .circle(
          centreX + Math.cos(angle) * out,
          centreY + Math.sin(angle) * out,
          width * 0.012 * (1 - share),
        )
        .fill({ color, alpha: 1 - share });
    }
  }
}
