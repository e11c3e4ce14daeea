import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { hasChromium } from './test/viewer/chromium.ts';

const LONG = 'test/**/*.long.test.ts';
/** Tests that mock a module, look at everything that is registered, or register kernels of TensorFlow.js again: each has a process of its own. */
const ISOLATED = 'test/**/*.isolated.test.ts';
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

const fast = { ...shared, include: ['test/**/*.test.ts'], restoreMocks: true };

/** Two speeds: `fast` and `isolated` for every commit (`npm test`), and with `long` the proofs that take minutes (`npm run test:all`). */
export default defineConfig({
  test: {
    globalSetup: ['test/build.ts'],
    projects: [
      { test: { ...fast, name: 'fast', isolate: false, exclude: [LONG, ISOLATED] } },
      { test: { ...fast, name: 'isolated', include: [ISOLATED] } },
      { test: { ...shared, name: 'long', include: [LONG], exclude: [PAGE] } },
      { test: { ...shared, ...page } },
    ],
  },
});
