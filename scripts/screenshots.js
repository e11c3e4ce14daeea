/**
 * Takes the README's pictures of the page: `npm run screenshots [-- RUN RUN …]`, after `npm run build`.
 */

import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { indexedPng } from './indexed-png.js';
import { withWatchPage } from './open-page.js';

const file = (path) => fileURLToPath(new URL(`../docs/${path}`, import.meta.url));
/** Without a run, the agents that come with the package. */
const runs = process.argv.slice(2);
const desk = { width: 1280, height: 800 };

/** Each picture: its file, how the page is opened, and what is done there first. */
const pictures = [
  { name: 'watch', viewport: desk, act: end },
  { name: 'watch-dark', viewport: desk, colorScheme: 'dark', act: middle },
  { name: 'watch-branch', viewport: desk, act: branch },
  { name: 'watch-play', viewport: desk, colorScheme: 'dark', act: play },
  { name: 'watch-phone', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, act: end },
];

async function end(page) {
  await page.keyboard.press('End');
  await page.waitForTimeout(400);
}

async function middle(page) {
  await page.keyboard.press('Home');
  for (let step = 0; step < 9; step++) await page.keyboard.press('ArrowRight');
}

async function branch(page) {
  await page.keyboard.press('Home');
  for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('b');
  await page.locator('[data-pane="branch-0"]').waitFor();
  await end(page);
  await page.waitForTimeout(1200);
}

async function play(page) {
  await page.keyboard.press('y');
  await page.locator('[data-pane="own"]').waitFor();
  for (const key of ['ArrowUp', ' ', ' ', 'ArrowLeft', ' ']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(200);
  }
}

/** The same picture, a third as large. */
async function smallPng(page, png) {
  const [width, height, data] = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let text = '';
    for (let at = 0; at < data.length; at += 8192)
      text += String.fromCharCode(...data.subarray(at, at + 8192));
    return [width, height, btoa(text)];
  }, png.toString('base64'));
  return indexedPng(new Uint8Array(Buffer.from(data, 'base64')), width, height);
}

await withWatchPage(runs, async (browser, address) => {
  // The chart of rewards fills in while nothing else is playing.
  const first = await browser.newPage();
  const atStart = new URL(address);
  atStart.searchParams.set('step', '0');
  await first.goto(atStart.href);
  await first.waitForTimeout(15_000);
  await first.close();
  for (const { name, act, ...options } of pictures) {
    const page = await browser.newPage(options);
    await page.addInitScript("localStorage.setItem('timegrid-story', 'seen')");
    await page.goto(address);
    await page.locator('.task b').waitFor();
    await page.waitForTimeout(1500);
    await page.keyboard.press('k');
    await act(page);
    fs.writeFileSync(file(`${name}.png`), await smallPng(page, await page.screenshot()));
    console.log(`docs/${name}.png`);
    await page.close();
  }
});
