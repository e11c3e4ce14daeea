/** A canvas to draw on in CSS pixels, as sharp as the screen. Its size is watched, so that drawing need not lay out the page to know it. */
export class SizedCanvas {
  readonly canvas: HTMLCanvasElement;
  width = 0;
  height = 0;

  /** @param onResize called whenever the canvas has another size and is empty */
  constructor(canvas: HTMLCanvasElement, onResize: () => void) {
    this.canvas = canvas;
    new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      this.width = width;
      this.height = height;
      onResize();
    }).observe(canvas);
  }

  /** The canvas, empty. */
  clear(): CanvasRenderingContext2D {
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
    }
    const context = this.canvas.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    return context;
  }
}
