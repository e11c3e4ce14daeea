import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { hasChromium } from './test/viewer/chromium.ts';

const LONG = 'test/**/*.long.test.ts';
const PAGE = 'test/viewer/*.long.test.ts';
/** The tests of the page share one browser. */
const page = {
  name: 'page',
  include: hasChromium ? [PAGE] : [],
  globalSetup: ['test/viewer/chromium.ts'],
};
/** Where tests keep what the program keeps with its user. */
const state = mkdtempSync(join(tmpdir(), 'timegrid-state-'));
const shared = {
  env: { XDG_STATE_HOME: state },
  ...{ testTimeout: 60_000, hookTimeout: 60_000 },
  // Node itself imports what is compiled, so that a user's modules are loaded in tests as they are in the program.
  server: { deps: { external: [/\/dist\//] } },
};

/** Two speeds: `fast` for every commit (`npm test`), and with `long` the proofs that take minutes (`npm run test:all`). */
export default defineConfig({
  test: {
    globalSetup: ['test/build.ts'],
    projects: [
      { test: { ...shared, name: 'fast', include: ['test/**/*.test.ts'], exclude: [LONG] } },
      { test: { ...shared, name: 'long', include: [LONG], exclude: [PAGE] } },
      { test: { ...shared, ...page } },
    ],
  },
});
