import type { Policy } from '../play/episodes.ts';
import type { EpisodeSource, SourceNews, TrainingCurve } from './episode-source.ts';
import type { OutcomeRows } from './outcome-rows.ts';
import type { PacedSocket } from './paced-socket.ts';
import type { RewardRow } from './protocol.ts';

/** Tells one page what has changed since it was last informed: first everything. */
export class NewsSender {
  readonly #source: EpisodeSource;
  #agentsChanged = false;
  #studyChanged: boolean;
  readonly #rowsChanged: Set<number>;
  readonly #curvesChanged: Set<number>;
  /** Agents whose episodes may have outcomes that the page lacks, and by agent and policy what it has. */
  readonly #outcomesChanged: Set<number>;
  readonly #outcomes = new Map<string, { readonly of: OutcomeRows; readonly change: number }>();
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
      for (const policy of ['greedy', 'sample'] as const) {
        const rows = this.#source.rows(agent, policy);
        if (policy === 'sample' && rows.length === 0) continue;
        const facts = `"kind":"rows","agent":${agent},"policy":"${policy}"`;
        socket.sendText(`{${facts},"rows":${writtenRows(rows)}}`);
      }
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
    const sent = (['greedy', 'sample'] as const).map((policy) =>
      this.#sendOutcomes(socket, player, policy),
    );
    if (!sent.includes(true)) this.#outcomesChanged.delete(player);
    return true;
  }

  /** Sends some of the outcomes that the page lacks. @returns whether there were any */
  #sendOutcomes(socket: PacedSocket, agent: number, policy: Policy): boolean {
    const now = this.#source.outcomes(agent, policy);
    const key = `${agent} ${policy}`;
    const has = this.#outcomes.get(key);
    const replaces = has !== undefined && has.of !== now;
    const known = replaces || has === undefined ? 0 : has.change;
    if (!now || (!replaces && !now.isMore(known))) return false;
    const { rows, change } = now.since(known);
    this.#outcomes.set(key, { of: now, change });
    socket.send({ kind: 'outcomes', agent, policy, replaces, rows });
    return true;
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

const written = new WeakMap<readonly RewardRow[], string>();

/** Rows as JSON, written once for all pages. */
function writtenRows(rows: readonly RewardRow[]): string {
  const text = written.get(rows) ?? JSON.stringify(rows);
  written.set(rows, text);
  return text;
}
