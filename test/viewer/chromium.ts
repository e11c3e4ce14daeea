import fs from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

/** Where Debian and others put it; `CHROMIUM` names another. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const hasChromium = fs.existsSync(CHROMIUM);
if (!hasChromium) console.warn(`No browser at ${CHROMIUM}: the tests of the page are skipped.`);

const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const WEBGL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** @param drawing how it draws: by default with WebGL, but without a graphics card */
export const launchChromium = (drawing: readonly string[] = WEBGL) =>
  chromium.launchServer({ executablePath: CHROMIUM, args: [...QUIET, ...drawing] });

/** Starts the one browser that all tests of the page share. */
export default async function setup(project: TestProject) {
  const server = await launchChromium();
  project.provide('chromium', server.wsEndpoint());
  return () => server.close();
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the shared browser listens. */
    chromium: string;
  }
}
