import * as z from 'zod';
import * as agent from '../../../agent/index.ts';
import { registerPathway } from '../../../agent/pathways/registry.ts';
import * as env from '../../../env/index.ts';
import type { PageModule } from './page-file.ts';

/** What a user's own code may import besides its own files. */
const PROVIDED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'timegrid/env': env,
  'timegrid/agent': agent,
  zod: { ...z, default: z.z },
};

/** Where modules made from text find what the page provides. */
const SHARED = 'timegridProvides';

/** Imports the user's own worlds and pathways, and registers those that they export. */
export async function registerOwn(modules: readonly PageModule[]): Promise<void> {
  (globalThis as Record<string, unknown>)[SHARED] = PROVIDED;
  const provided = new Map<string, string>();
  const urlOf = (name: string): string => {
    const known = provided.get(name) ?? moduleUrl(exportsOf(name));
    provided.set(name, known);
    return known;
  };
  const urls: string[] = [];
  for (const { code, imports } of modules) {
    let text = '';
    let at = 0;
    for (const { from, to, target } of imports) {
      const url = typeof target === 'number' ? urls[target]! : urlOf(target);
      text += code.slice(at, from) + url;
      at = to;
    }
    urls.push(moduleUrl(text + code.slice(at)));
  }
  for (const url of urls) {
    const exports: Readonly<Record<string, unknown>> = await import(/* @vite-ignore */ url);
    for (const value of Object.values(exports)) register(value);
  }
}

function moduleUrl(code: string): string {
  return URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
}

/** A module that exports what the page provides under a name. */
function exportsOf(name: string): string {
  const from = `globalThis.${SHARED}[${JSON.stringify(name)}]`;
  const names = Object.keys(PROVIDED[name]!).filter((key) => /^[\w$]+$/.test(key));
  const lines = names.map((key) =>
    key === 'default' ? `export default all.default;` : `export const ${key} = all.${key};`,
  );
  return `const all = ${from};\n${lines.join('\n')}\n`;
}

function register(value: unknown): void {
  if (
    typeof value !== 'object' ||
    value === null ||
    typeof (value as { id?: unknown }).id !== 'string'
  )
    return;
  const { resetOptions, featureSize, create } = value as Record<string, unknown>;
  if (typeof create !== 'function' || featureSize !== undefined) return;
  try {
    if (resetOptions !== undefined) env.register(value as Parameters<typeof env.register>[0]);
    else registerPathway(value as Parameters<typeof registerPathway>[0]);
  } catch {} // exported by several modules: it is registered already
}
