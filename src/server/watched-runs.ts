import { basename } from 'node:path';
import type { EngineName } from '../../agent/engines/engine.ts';
import { UsageError } from '../common/errors.ts';
import type { WorkerClient } from '../common/worker-client.ts';
import { agentLabels } from '../evaluate/labels.ts';
import { findPluginsOfRun, type PluginOptions, requireOwnPathway } from '../plugins/of-run.ts';
import type { CheckpointName } from '../run/checkpoint-names.ts';
import { descriptionOf, type RunDescription } from '../run/description.ts';
import { holdsRun, incompleteCurve, metricsChange, openRun } from '../run/folder.ts';
import { listKept, spread } from '../run/kept-checkpoints.ts';
import { readNames } from '../run/named-checkpoints.ts';
import type { AgentChanges, FollowedAgents } from '../watch/live-source.ts';
import { pathwayInfo } from '../watch/pathway-info.ts';
import type { AgentInfo } from '../watch/protocol.ts';
import type { AgentsHandlers, LoadedAgent } from './agents-worker.ts';
import { FollowedCurve } from './learning-curve.ts';

/** Which checkpoints are watched, and how they act. */
export interface WatchedRunsOptions extends PluginOptions {
  readonly checkpoint: CheckpointName;
  readonly engine: EngineName;
  /** Whether a run may have no folder or no checkpoint yet. */
  readonly wait: boolean;
  /** The most of each run's kept checkpoints that are shown, spread over its training; all by default. */
  readonly mostKept?: number;
}

interface WatchedRun {
  readonly path: string;
  readonly curve: FollowedCurve;
  description: RunDescription | null;
  loaded: LoadedAgent | null;
  /** Names the checkpoint that was loaded last. */
  sha256: string | null;
  /** Why the last look failed, if it did. */
  failure: string | null;
}

/** The runs that are watched, followed as they train. Their folders are only read. */
export class WatchedRuns implements FollowedAgents {
  readonly #entries: readonly WatchedRun[];
  readonly #options: WatchedRunsOptions;
  readonly #thread: WorkerClient<AgentsHandlers>;
  readonly #noted = new Set<string>();
  #infos: readonly AgentInfo[] = [];

  constructor(
    paths: readonly string[],
    options: WatchedRunsOptions,
    thread: WorkerClient<AgentsHandlers>,
  ) {
    this.#options = options;
    this.#thread = thread;
    this.#entries = paths.map((path) => ({
      ...{ path, curve: new FollowedCurve(path) },
      ...{ description: null, loaded: null, sha256: null, failure: null },
    }));
  }

  /** In the order of the runs. */
  get infos(): readonly AgentInfo[] {
    return this.#infos;
  }

  /** Whether one of them is there. */
  get isThere(): boolean {
    return this.#entries.some(({ description }) => description);
  }

  /** The world of the first run that is there; one must be. */
  get env(): RunDescription['settings']['env'] {
    return this.#entries.find(({ description }) => description)!.description!.settings.env;
  }

  curve(agent: number): FollowedCurve {
    return this.#entries[agent]!.curve;
  }

  /**
   * Looks at the disk for the first time.
   * @throws UsageError or Failure for a run that cannot be watched
   */
  async open(): Promise<void> {
    for (const [agent, entry] of this.#entries.entries()) await this.#lookAt(agent, entry);
    const found = this.#entries.flatMap(({ path, description }) =>
      description ? [{ path, config: description.settings.config }] : [],
    );
    if (found.length === this.#entries.length) requireOwnPathway(this.#options.agent, found);
    this.#infos = this.#describe();
  }

  /** Looks at the disk again. A run that cannot be read stays as it was. */
  async look(): Promise<AgentChanges> {
    const curves: number[] = [];
    for (const [agent, entry] of this.#entries.entries()) {
      try {
        if (await this.#lookAt(agent, entry)) curves.push(agent);
        entry.failure = null;
      } catch (error) {
        this.#noteIfRepeated(entry, (error as Error).message);
      }
    }
    const before = this.#infos.map((info) => JSON.stringify(info));
    this.#infos = this.#describe();
    const changed = this.#infos.map((info, agent) => JSON.stringify(info) !== before[agent]);
    return { agents: [...changed.keys()].filter((agent) => changed[agent]), curves };
  }

  /** @returns whether its curve has changed */
  async #lookAt(agent: number, entry: WatchedRun): Promise<boolean> {
    if (this.#options.wait && !holdsRun(entry.path)) return false;
    if (entry.description === null) {
      const description = descriptionOf(openRun(entry.path));
      this.#requireSameWorld(entry.path, description);
      await findPluginsOfRun(entry.path, description, this.#options);
      entry.description = description;
    }
    const isNew = await this.#loadNewest(agent, entry);
    const isCurveNew = entry.curve.follow();
    const problem = entry.curve.problem ?? (isNew ? metricsChange(entry.path) : null);
    if (problem) this.#note(incompleteCurve(entry.path, problem));
    return isCurveNew;
  }

  /** @returns whether there was another checkpoint to load */
  async #loadNewest(agent: number, entry: WatchedRun): Promise<boolean> {
    const { checkpoint: which, engine, wait, env, agent: pathway, allowCode } = this.#options;
    const { sha256 = null } =
      readNames(entry.path, (sentence) => this.#note(sentence))[which] ?? {};
    if (sha256 === null && wait) return false;
    if (sha256 !== null && sha256 === entry.sha256) return false;
    entry.loaded = await this.#thread.ask('load', {
      ...{ agent, path: entry.path, which, engine, env, pathway, allowCode },
    });
    entry.sha256 = sha256;
    return true;
  }

  /** What fails once may be a run that is being replaced; what fails again is said. */
  #noteIfRepeated(entry: WatchedRun, failure: string): void {
    if (failure === entry.failure)
      this.#note(`${failure}; the page shows what it has loaded before`);
    entry.failure = failure;
  }

  /** Says once what is damaged. */
  #note(sentence: string): void {
    if (this.#noted.has(sentence)) return;
    this.#noted.add(sentence);
    this.#options.onNote?.(sentence);
  }

  #requireSameWorld(path: string, { settings }: RunDescription): void {
    const first = this.#entries.find((entry) => entry.description);
    if (!first) return;
    const [mine, its] = [settings.env, first.description!.settings.env];
    const differing = [
      ...new Set([...Object.keys(mine.options), ...Object.keys(its.options)]),
    ].filter((name) => JSON.stringify(mine.options[name]) !== JSON.stringify(its.options[name]));
    if (mine.id === its.id && differing.length === 0) return;
    const how =
      mine.id === its.id
        ? `with another ${differing.join(' and ')}`
        : `in ${mine.id} instead of ${its.id}`;
    throw new UsageError(
      `${path} was trained ${how} than ${first.path}: agents are watched side by side in one world`,
    );
  }

  #describe(): AgentInfo[] {
    const names = this.#names();
    return this.#entries.map(({ path, description, loaded }, agent) => ({
      name: names[agent]!,
      path,
      person: false,
      ...pathwayInfo(description?.settings.config.pathway ?? null),
      seed: description?.settings.seed ?? null,
      frames: loaded?.frames ?? 0,
      totalFrames: description?.settings.totalFrames ?? null,
      checkpoint: loaded?.checkpoint ?? null,
      discount: description?.settings.config.discount ?? 1,
      lstm: description?.settings.config.lstm ?? 0,
      nac: loaded?.nac ?? null,
      ...this.#keptOf(path),
    }));
  }

  #keptOf(path: string): Pick<AgentInfo, 'kept'> {
    try {
      const chosen = spread(listKept(path), this.#options.mostKept);
      const kept = chosen.map(({ frames, id }) => ({ frames, checkpoint: id }));
      return kept.length === 0 ? {} : { kept };
    } catch (error) {
      this.#note((error as Error).message);
      return {};
    }
  }

  /** Distinct names: pathway and settings, and where needed the seed or the folder. */
  #names(): string[] {
    const described = this.#entries.filter(({ description }) => description);
    const labels = agentLabels(described.map(({ description }) => description!));
    const additions: ((entry: WatchedRun) => string)[] = [
      ({ description }) => (description ? ` ${description.settings.seed}` : ''),
      ({ path }) => ` (${path})`,
    ];
    let names = this.#entries.map(
      (entry) => labels[described.indexOf(entry)] ?? basename(entry.path),
    );
    for (const addition of additions) {
      names = names.map((name, i) => {
        const rivals = this.#entries.filter((_, j) => names[j] === name);
        const isDistinct = new Set(rivals.map(addition)).size > 1;
        return isDistinct ? name + addition(this.#entries[i]!) : name;
      });
    }
    return names;
  }
}
