type Draw = (context: CanvasRenderingContext2D, width: number, height: number) => void;

/** A canvas that is drawn on in CSS pixels and is as sharp as the screen. It draws again whenever its size changes. */
export class SizedCanvas {
  readonly canvas: HTMLCanvasElement;
  width = 0;
  height = 0;
  #draw: Draw = () => {};

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    // Watching the size saves a layout of the page at every drawing.
    new ResizeObserver(([entry]) => {
      ({ width: this.width, height: this.height } = entry!.contentRect);
      this.#drawNow();
    }).observe(canvas);
  }

  /** Draws now and after every change of size, until it is given something else. The canvas is empty each time. */
  draw(draw: Draw): void {
    this.#draw = draw;
    this.#drawNow();
  }

  #drawNow(): void {
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high)
      Object.assign(this.canvas, { width: wide, height: high });
    const context = this.canvas.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.#draw(context, this.width, this.height);
  }
}
