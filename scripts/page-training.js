/**
 * How long a page that needs no server takes to train an agent: `npm run page-training`, after `npm run build`. Trains in Chromium, which
 * draws the page all the while, until training's own episodes earn as much as `--reward` says, and prints after how many seconds and
 * frames, the first of which are spent on loading, and how long the page's own pictures took.
 *
 *   --agent ID        by default nac
 *   --reward NUMBER   by default 9.5
 *   --limit SECONDS   by default 300
 */

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser, program } from './open-page.js';

const { values } = parseArgs({
  options: {
    agent: { type: 'string', default: 'nac' },
    reward: { type: 'string', default: '9.5' },
    limit: { type: 'string', default: '300' },
  },
});
const [goal, limit] = [Number(values.reward), Number(values.limit)];

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-page-training-'));
const file = join(folder, 'page.html');
execFileSync(process.execPath, [program, 'page', '--single', file], { stdio: 'ignore' });
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(`
    localStorage.setItem('timegrid-story', 'seen');
    window.pictures = [];
    let before = performance.now();
    const measure = (now) => {
      window.pictures.push(now - before);
      before = now;
      requestAnimationFrame(measure);
    };
    requestAnimationFrame(measure);
  `);
  await page.goto(`file://${file}`);
  await page.getByRole('button', { name: 'Train an agent in this browser' }).click();
  const dialog = page.getByRole('dialog', { name: 'Train an agent in this browser' });
  await dialog.getByLabel('Agent').selectOption(values.agent);
  const began = performance.now();
  await dialog.getByRole('button', { name: 'Train', exact: true }).click();
  const seconds = () => (performance.now() - began) / 1000;
  let figures = '';
  let reward = 0;
  while (reward < goal && seconds() < limit) {
    await page.waitForTimeout(1000);
    figures = await page.locator('.own-training p').textContent();
    reward = Number(/reward ([\d.]+)/.exec(figures)?.[1] ?? 0);
  }
  const times = await page.evaluate('window.pictures.slice(60).sort((one, other) => one - other)');
  const part = (share) => `${times[Math.floor(share * (times.length - 1))].toFixed(0)} ms`;
  console.log(`after ${seconds().toFixed(0)} s: ${figures}`);
  console.log(`time between two pictures: median ${part(0.5)}, 99 % within ${part(0.99)}`);
  if (reward < goal) process.exitCode = 1;
} finally {
  await browser.close();
  fs.rmSync(folder, { recursive: true, force: true });
}
