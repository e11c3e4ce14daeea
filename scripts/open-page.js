import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const program = fileURLToPath(new URL('../dist/src/cli/timegrid.js', import.meta.url));

/** Needs Chromium, at /usr/bin/chromium or where `CHROMIUM` says. */
export function openBrowser() {
  const drawing = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...drawing],
  });
}

/**
 * Starts `timegrid watch` and a browser, and ends both after `use`.
 * @param runs folders of runs; none: the pretrained agents
 * @param use is given the browser and the page's address
 */
export async function withWatchPage(runs, use) {
  const server = spawn(process.execPath, [program, 'watch', ...runs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let address;
  for await (const line of createInterface({ input: server.stdout })) {
    address = /https?:\S+/.exec(line)?.[0];
    if (address !== undefined) break;
  }
  if (address === undefined) throw new Error('the server did not start');
  const browser = await openBrowser();
  try {
    await use(browser, address);
  } finally {
    await browser.close();
    server.kill('SIGINT');
    await once(server, 'exit');
  }
}
