import type { EnvSpec } from '../../contract.ts';
import { type DrawGrid, gridDrawer, type Rgb } from './drawing.ts';
import type { TimedOptions } from './grid-options.ts';
import type { EpisodeShape } from './grid-world.ts';
import { TimedWorld } from './timed-world.ts';

interface TargetOptions extends TimedOptions {
  readonly groundColour: Rgb;
  readonly targetColour: Rgb;
  readonly agentColour: Rgb;
}

/** A world that shows a target and an agent, and nothing else. The agent should be where the target is at exactly step `t`. */
export abstract class TargetWorld<
  Options extends TargetOptions,
  Episode extends object,
> extends TimedWorld<Options, Episode> {
  protected target = 0;
  protected override agent = 0;
  readonly #draw: DrawGrid;
  /** Of the target and the agent, in the order in which they are drawn. */
  readonly #cells = new Int32Array(2);

  constructor(spec: EnvSpec, options: unknown, shape: EpisodeShape) {
    super(spec, options, shape);
    const { size, pixels, groundColour, targetColour, agentColour } = this.options;
    const things = [targetColour, agentColour];
    this.#draw = gridDrawer({ size, pixels, ground: groundColour, things });
  }

  protected override get isDone(): boolean {
    return this.agent === this.target;
  }

  protected override draw(pixels: Uint8Array): void {
    this.#cells[0] = this.target;
    this.#cells[1] = this.agent;
    this.#draw(this.#cells, pixels);
  }
}
