/** The thread of a page that needs no server: it plays, and says what a server would, over messages that are posted. */

import * as z from 'zod';
import { parseJson } from '../../common/parse-json.ts';
import { ClientBudgets } from '../../watch/client-budget.ts';
import { Connection } from '../../watch/connection.ts';
import type { SourceNews } from '../../watch/episode-source.ts';
import { LiveSource } from '../../watch/live-source.ts';
import { Turns } from '../../watch/turns.ts';
import { agentsHere, type FileOf, followedAgents } from './page-agents.ts';
import { PAGE_FILE, type PageFile } from './page-file.ts';
import { PortWire } from './port-wire.ts';
import { type Beginning, type Posted, type ThreadFailure, versioned } from './posted.ts';
import { setWasm } from './wasm-file.ts';

// The page must not turn text into code: its content security policy forbids it.
z.config({ jitless: true });

interface WorkerScope {
  postMessage(message: Posted | ThreadFailure): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
const NEWS_EVERY = 500;
/** A page's agents do not change. */
const NEVER = 2 ** 31 - 1;
/** One page, in a thread of its own, may use all of it. */
const PLENTY = { perSecond: 1e9, most: 1e9 };
const LIMITS = { messages: PLENTY, computing: PLENTY, steps: PLENTY };

scope.onmessage = ({ data }) => {
  const early: Posted[] = [];
  scope.onmessage = ({ data: message }) => void early.push(message as Posted);
  begin(data as Beginning, early).catch((error: unknown) => {
    scope.postMessage({ broken: error instanceof Error ? error.message : String(error) });
  });
};

async function begin(
  { base, version, files, wasm }: Beginning,
  early: readonly Posted[],
): Promise<void> {
  const urlOf = (name: string) => new URL(versioned(name, version), base);
  const fileOf: FileOf = async (name) => {
    const held = files?.[name];
    if (held) return held;
    const response = await fetch(urlOf(name));
    if (!response.ok) throw new Error(`${name} cannot be loaded: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  setWasm(files?.[wasm] ?? urlOf(wasm).href);
  const page = parseJson(new TextDecoder().decode(await fileOf(PAGE_FILE))) as PageFile;
  if (page.modules.length > 0) {
    const { registerOwn } = await import('./own-modules.ts');
    await registerOwn(page.modules);
  }
  const source = new LiveSource(followedAgents(page), agentsHere(page, fileOf), {
    ...{ backgroundEpisodes: page.backgroundEpisodes, lookEvery: NEVER, whileTraining: false },
    played: page.agents.map(({ played }) => played),
  });
  const turns = new Turns({
    now: () => performance.now(),
    soon: laterSoon(),
    after(milliseconds, action) {
      const timer = setTimeout(action, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  const wire = new PortWire((message) => scope.postMessage(message));
  const connection: Connection = new Connection(wire, {
    ...{ source, turns, server: page.id, version: page.program },
    budget: new ClientBudgets({ client: LIMITS, address: LIMITS }).join('page'),
    onPolicy: () => source.attend([connection.policy]),
    onUse() {},
  });
  const gathered: SourceNews[] = [];
  source.onNews((news) => void gathered.push(news));
  setInterval(() => {
    if (gathered.length > 0) connection.note(gathered.splice(0));
  }, NEWS_EVERY);
  scope.onmessage = ({ data }) => wire.receive(data as Posted);
  for (const message of early) wire.receive(message);
  source.attend([connection.policy]);
}

/** Calls an action once everything else that waits for this thread has had its turn. */
function laterSoon(): (action: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const actions: (() => void)[] = [];
  port1.addEventListener('message', () => actions.shift()?.());
  port1.start();
  return (action) => {
    actions.push(action);
    port2.postMessage(null);
  };
}
