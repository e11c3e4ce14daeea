/** The networks of a page that needs no server compute what they compute in Node: compared before anything is rounded. */

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makePage } from '../../dist/src/page/make-page.js';
import { writePageFolder } from '../../dist/src/page/write-page.js';
// Threads run the compiled code.
import { agentLoader } from '../../dist/src/play/agent-loader.js';
import { pretrainedRun } from '../../dist/src/run/pretrained.js';
import type { ActingAgent } from '../../src/play/acting-agent.ts';
import { onlyParameters } from '../../src/run/agent-parameters.ts';
import { openRun } from '../../src/run/folder.ts';
import { keep, listKept } from '../../src/run/kept-checkpoints.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { hasFirefox, openInFirefox } from './firefox.ts';
import { sharedBrowser } from './page-in-browser.ts';
import { type RawOrder, type RawStep, rawSteps } from './raw-outputs.ts';
import { hosted } from './static-host.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-raw-'));
const site = join(folder, 'site');
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Two agents that ship, and one of them with parameters of which it has kept others. */
const RUNS = [pretrainedRun('baseline'), join(folder, 'nac-clock')];

/** Greedy and sampled, short and long, branched and kept. */
const ORDERS: RawOrder[] = [
  { agent: 0, plan: { number: 16, seed: 2, policy: 'greedy' } },
  { agent: 0, plan: { number: 12, seed: 3, policy: 'sample', branch: { at: 5, number: 24 } } },
  { agent: 1, plan: { number: 300, seed: 1, policy: 'greedy' } },
  { agent: 1, plan: { number: 20, seed: 4, policy: 'sample' } },
];

beforeAll(async () => {
  const [, run] = RUNS;
  fs.cpSync(pretrainedRun('nac-clock'), run!, { recursive: true });
  const tensors = onlyParameters(loadCheckpoint(openRun(run!), 'last').tensors);
  const halved = Object.entries(tensors).map(([name, { shape, data }]) => {
    return [name, { shape, data: data.map((value) => value / 2) }] as const;
  });
  keep(run!, 1000, Object.fromEntries(halved));
  const [kept] = listKept(run!);
  ORDERS.push({ agent: 1, kept: kept!.id, plan: { number: 9, seed: 5, policy: 'sample' } });
  writePageFolder(await makePage(RUNS, { checkpoint: 'last', episodes: 1 }), site);
  const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  await build({
    configFile: at('../../viewer/worker.vite.config.ts'),
    build: {
      ...{ outDir: site, emptyOutDir: false },
      rolldownOptions: {
        input: at('raw-outputs.ts'),
        output: { entryFileNames: 'raw-outputs.js' },
      },
    },
  });
}, 120_000);

/** Runs in a browser. */
const PROBE = `
const worker = new Worker('raw-outputs.js', { type: 'module' });
const finish = (said) => fetch('done', { method: 'POST', body: JSON.stringify(said) });
worker.onmessage = ({ data }) => finish(data);
worker.onerror = ({ message }) => finish({ broken: String(message) });
worker.postMessage(await (await fetch('orders.json')).json());
`;

interface Said {
  readonly played?: readonly (readonly RawStep[])[];
  readonly broken?: string;
}

/** What the agents compute in a browser. @param open opens an address in it */
async function playedBy(open: (address: string) => Promise<unknown>) {
  let said: (what: Promise<Said>) => void;
  const done = new Promise<Said>((resolve) => {
    said = resolve;
  });
  const { address } = await hosted(site, (request, response) => {
    if (request.url === '/done') said(text(request).then((body) => JSON.parse(body)));
    else if (request.url === '/orders.json') return !response.end(JSON.stringify(ORDERS)).closed;
    else if (request.url !== '/probe.html') return false;
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>probe</title><script type="module">${PROBE}</script>`);
    return true;
  });
  await open(`${address}probe.html`);
  const { played, broken } = await done;
  expect(broken).toBeUndefined();
  return played!;
}

/** What they compute in Node, by the engine of `timegrid watch`. */
async function playedInNode(): Promise<RawStep[][]> {
  const loaders = RUNS.map((run) => agentLoader(run, 'last', 'onnx', {}));
  const newest: ActingAgent[] = [];
  for (const loader of loaders) newest.push(await loader.load());
  const played: RawStep[][] = [];
  for (const { agent, kept, plan } of ORDERS) {
    const acting = kept ? await loaders[agent]!.kept(kept) : newest[agent]!;
    played.push(await rawSteps(acting!, plan));
  }
  return played;
}

/** Below this a probability has no place left in which to be exact. */
const LEAST = 1e-12;
/** What float32 leaves of logits up to 20, added up in another order. */
const CLOSE = 1e-5;

/** The greatest difference of the logits, which are known up to a constant, the values and the states. */
function furthestOf(one: RawStep, other: RawStep): Record<'logits' | 'value' | 'state', number> {
  const most = (a: readonly number[], b: readonly number[]) =>
    Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
  const likely = one.probabilities.flatMap((p, i) => (p > LEAST ? [i] : []));
  const logits = (of: RawStep) => {
    const logs = likely.map((i) => Math.log(of.probabilities[i]!));
    return logs.map((log) => log - logs[0]!);
  };
  return {
    logits: most(logits(one), logits(other)),
    value: Math.abs(one.value - other.value),
    state: most(one.state, other.state),
  };
}

function expectSame(browser: readonly (readonly RawStep[])[], node: readonly RawStep[][]): void {
  const furthest = { logits: 0, value: 0, state: 0 };
  expect(browser).toHaveLength(ORDERS.length);
  for (const [order, steps] of browser.entries()) {
    const others = node[order]!;
    expect(steps.map(({ action }) => action)).toEqual(others.map(({ action }) => action));
    for (const [at, step] of steps.entries()) {
      const far = furthestOf(step, others[at]!);
      for (const name of ['logits', 'value', 'state'] as const)
        furthest[name] = Math.max(furthest[name], far[name]);
    }
  }
  for (const [what, far] of Object.entries(furthest)) expect(far, what).toBeLessThan(CLOSE);
}

test('in Chromium', async () => {
  const page = await (await sharedBrowser()).newPage();
  onTestFinished(() => page.close());
  expectSame(await playedBy((address) => page.goto(address)), await playedInNode());
});

test.skipIf(!hasFirefox)(
  'in Firefox',
  async () => {
    expectSame(await playedBy(openInFirefox), await playedInNode());
  },
  120_000,
);
