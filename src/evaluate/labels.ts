import { PRESETS } from '../../agent/config.ts';
import { parseConfig } from '../../agent/pathways/configure.ts';
import { inspectWorld } from '../../env/index.ts';
import type { RunDescription } from '../run/description.ts';

/** One thing that was chosen for a training. */
interface Setting {
  readonly name: string;
  readonly value: unknown;
  /** What it is where nobody chooses; absent where there is no such thing. */
  readonly usual?: unknown;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Names each run's agent: by its pathway, and by what differs where agents share one. Runs that differ in nothing but their
 * seed get the same name: `nac`, `nac (a3c)`, `nac, lstm 256, discount 0.9`. The usual value goes without saying.
 */
export function agentLabels(runs: readonly RunDescription[]): string[] {
  const settings = runs.map(settingsOf);
  return runs.map((run, i) => {
    const { pathway } = run.settings.config;
    const rivals = settings.filter((_, j) => runs[j]!.settings.config.pathway === pathway);
    const telling = [...settings[i]!]
      .filter(([key, { value }]) => rivals.some((other) => !same(other.get(key)?.value, value)))
      .filter(([, { value, usual }]) => !same(value, usual));
    return labelOf(run, new Map(telling));
  });
}

/** Everything that makes an agent what it is, but for its pathway and its seed. */
function settingsOf({ settings }: RunDescription): Map<string, Setting> {
  const { config, env, totalFrames, initFrom } = settings;
  const { pathway, pathwaySource: _, ...agent } = config;
  return new Map([
    ...group('agent', agent, parseConfig({ pathway })),
    ...group('world', inspectWorld(env.id, env.options).options, inspectWorld(env.id).options),
    ['frames', { name: 'frames', value: totalFrames }],
    ['init-from', { name: 'from', value: initFrom?.run ?? null, usual: null }],
  ]);
}

function group(
  kind: string,
  values: Readonly<Record<string, unknown>>,
  usual: Readonly<Record<string, unknown>>,
): [string, Setting][] {
  return Object.entries(values).map(([name, value]) => [
    `${kind}/${name}`,
    { name, value, usual: usual[name] },
  ]);
}

function labelOf({ settings: { config } }: RunDescription, telling: Map<string, Setting>): string {
  let name: string = config.pathway;
  for (const [preset, sizes] of Object.entries(PRESETS)) {
    const keys = Object.keys(sizes).map((key) => `agent/${key}`);
    const isPreset = Object.entries(sizes).every(([key, size]) =>
      same(config[key as keyof typeof sizes], size),
    );
    if (!isPreset || !keys.some((key) => telling.has(key))) continue;
    name += ` (${preset})`;
    for (const key of keys) telling.delete(key);
  }
  return [name, ...[...telling].map(([key, setting]) => written(key, setting))].join(', ');
}

function written(key: string, { name, value }: Setting): string {
  if (key === 'frames') return `${frames(value as number)} frames`;
  return `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

/** Exact, since it tells agents apart. */
function frames(count: number): string {
  return count >= 1e6 && count % 1e4 === 0 ? `${count / 1e6} M` : `${count}`;
}
