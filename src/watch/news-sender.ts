import type { EpisodeSource, SourceNews, TrainingCurve } from './episode-source.ts';
import type { NumberRows } from './number-rows.ts';
import type { PacedSocket } from './paced-socket.ts';
import type { OutcomeRow, RewardRow } from './protocol.ts';

/** Tells one page what has changed since it was last informed: first everything. */
export class NewsSender {
  readonly #source: EpisodeSource;
  #agentsChanged = false;
  #studyChanged: boolean;
  /** Agents of which the page may lack something. */
  readonly #rowsChanged: Set<number>;
  readonly #curvesChanged: Set<number>;
  readonly #outcomesChanged: Set<number>;
  /** What the page has of the rows and outcomes of an agent and policy. */
  readonly #had = new Map<string, { readonly of: object; readonly change: number }>();
  /** How much of each curve the page has. */
  readonly #curves = new Map<number, { edition: number; points: number }>();

  constructor(source: EpisodeSource) {
    this.#source = source;
    this.#studyChanged = source.study !== undefined;
    this.#rowsChanged = new Set(source.agents.keys());
    this.#outcomesChanged = new Set(source.agents.keys());
    this.#curvesChanged = new Set(source.agents.keys());
  }

  note(news: readonly SourceNews[]): void {
    for (const item of news) {
      if (item === 'agents') this.#agentsChanged = true;
      else if (item === 'study') this.#studyChanged = true;
      else if ('rows' in item) {
        this.#rowsChanged.add(item.rows);
        this.#outcomesChanged.add(item.rows);
      } else this.#curvesChanged.add(item.curve);
    }
  }

  /** Sends one thing that has changed. @returns whether there was any */
  sendSome(socket: PacedSocket): boolean {
    if (this.#agentsChanged) {
      this.#agentsChanged = false;
      socket.send({ kind: 'agents', agents: [...this.#source.agents] });
      return true;
    }
    if (this.#studyChanged && this.#source.study) {
      this.#studyChanged = false;
      socket.send({ kind: 'study', ...this.#source.study });
      return true;
    }
    const [agent] = this.#rowsChanged;
    if (agent !== undefined) {
      this.#rowsChanged.delete(agent);
      if (this.#sendRows(socket, 'rows', agent)) this.#rowsChanged.add(agent);
      return true;
    }
    const [learner] = this.#curvesChanged;
    if (learner !== undefined) {
      this.#curvesChanged.delete(learner);
      const curve = this.#source.curve(learner);
      if (curve) socket.sendText(this.#written(learner, curve));
      return true;
    }
    const [player] = this.#outcomesChanged;
    if (player === undefined) return false;
    this.#outcomesChanged.delete(player);
    if (this.#sendRows(socket, 'outcomes', player)) this.#outcomesChanged.add(player);
    return true;
  }

  /** Sends some of the rows that the page lacks, of both policies. @returns whether there are more */
  #sendRows(socket: PacedSocket, kind: 'rows' | 'outcomes', agent: number): boolean {
    const isMore = (['greedy', 'sample'] as const).map((policy) => {
      const now: NumberRows<RewardRow | OutcomeRow> | null = this.#source[kind](agent, policy);
      const key = `${kind} ${agent} ${policy}`;
      const had = this.#had.get(key);
      const replaces = had !== undefined && had.of !== now;
      const known = replaces || had === undefined ? 0 : had.change;
      if (now === null || (!replaces && !now.isMore(known))) return false;
      const { rows, change } = now.since(known);
      this.#had.set(key, { of: now, change });
      socket.sendText(JSON.stringify({ kind, agent, policy, replaces, rows }));
      return now.isMore(change);
    });
    return isMore.includes(true);
  }

  /** What the page lacks of a curve, as JSON. */
  #written(agent: number, curve: TrainingCurve): string {
    const has = this.#curves.get(agent);
    const from = has?.edition === curve.edition ? has.points : 0;
    const { edition, frames } = curve;
    this.#curves.set(agent, { edition, points: frames.length });
    const facts = `"kind":"curve","agent":${agent},"from":${from}`;
    return `{${facts},${from === 0 ? wholeCurve(curve) : pointsFrom(curve, from)}}`;
  }
}

function pointsFrom({ frames, reward, exact }: TrainingCurve, from: number): string {
  const points = [frames, reward, exact].map((values) => JSON.stringify(values.slice(from)));
  return `"frames":${points[0]},"reward":${points[1]},"exact":${points[2]}`;
}

const curves = new WeakMap<TrainingCurve, { key: string; text: string }>();

/** All points of a curve as JSON, written once for all pages. */
function wholeCurve(curve: TrainingCurve): string {
  const key = `${curve.edition} ${curve.frames.length}`;
  let known = curves.get(curve);
  if (known?.key !== key) {
    known = { key, text: pointsFrom(curve, 0) };
    curves.set(curve, known);
  }
  return known.text;
}
