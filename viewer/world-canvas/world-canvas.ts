import { Application, BufferImageSource, Texture } from 'pixi.js';
import type { RgbaImage } from '../pictures.ts';
import type { Rectangle } from './draw-path.ts';
import { WorldView } from './world-view.ts';

/** One canvas over all panes, drawn only when something has changed or moves. */
export class WorldCanvas {
  readonly #app: Application;
  readonly #parent: HTMLElement;
  readonly #views = new Map<string, WorldView>();
  readonly #textures = new WeakMap<RgbaImage, Texture>();
  #idle = true;
  #before = 0;

  private constructor(app: Application, parent: HTMLElement) {
    this.#app = app;
    this.#parent = parent;
  }

  /** @throws Error if the browser can draw with neither WebGL, WebGPU nor a plain canvas */
  static async create(parent: HTMLElement): Promise<WorldCanvas> {
    const app = new Application();
    await app.init({
      backgroundAlpha: 0,
      antialias: true,
      autoStart: false,
      autoDensity: true,
      resolution: window.devicePixelRatio || 1,
      preference: 'webgl',
    });
    app.canvas.setAttribute('aria-hidden', 'true');
    parent.append(app.canvas);
    return new WorldCanvas(app, parent);
  }

  get ratio(): number {
    return this.#app.renderer.resolution;
  }

  /** Fits the canvas to its parent, which empties it: call `drawNow` in the same frame, so that nothing flickers. */
  fit(): void {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth, clientHeight } = this.#parent;
    this.#app.renderer.resize(clientWidth, clientHeight, ratio);
  }

  drawNow(): void {
    this.#app.renderer.render(this.#app.stage);
  }

  /** The view of that name, created if there is none. */
  view(name: string): WorldView {
    let view = this.#views.get(name);
    if (view === undefined) {
      view = new WorldView();
      this.#views.set(name, view);
      this.#app.stage.addChild(view);
    }
    return view;
  }

  keepOnly(names: ReadonlySet<string>): void {
    for (const [name, view] of this.#views) {
      if (names.has(name)) continue;
      view.destroy({ children: true });
      this.#views.delete(name);
    }
    this.draw();
  }

  /** Where an element is on the canvas. */
  placeOf(target: HTMLElement): Rectangle {
    const own = this.#parent.getBoundingClientRect();
    const { left, top, width, height } = target.getBoundingClientRect();
    return { x: left - own.left, y: top - own.top, width, height };
  }

  texture(image: RgbaImage): Texture {
    let texture = this.#textures.get(image);
    if (texture === undefined) {
      const { rgba, width, height } = image;
      const source = new BufferImageSource({
        resource: new Uint8Array(rgba.buffer),
        width,
        height,
        format: 'rgba8unorm',
        scaleMode: 'nearest',
        alphaMode: 'no-premultiply-alpha',
      });
      texture = new Texture({ source });
      this.#textures.set(image, texture);
    }
    return texture;
  }

  /** Draws in the next frame, and keeps drawing while something moves. */
  draw(): void {
    if (!this.#idle) return;
    this.#idle = false;
    this.#before = performance.now();
    requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now: number): void {
    const seconds = Math.min(0.1, Math.max(0, now - this.#before) / 1000);
    let moving = false;
    for (const view of this.#views.values()) moving = view.pass(seconds) || moving;
    this.#app.renderer.render(this.#app.stage);
    this.#idle = true;
    if (moving) this.draw();
  }
}
