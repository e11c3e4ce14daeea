import { expect, onTestFinished, test } from 'vitest';
import { sharedBrowser, trained, Viewer } from './page-in-browser.ts';

test('the story does what it tells, step by step, and leaves a person to play', {
  timeout: 240_000,
}, async () => {
  const viewer = await Viewer.of(trained('baseline', 'nac', 'nac-clock'));
  const { page } = viewer;
  const story = page.locator('.story');
  expect(await story.isVisible()).toBe(false);
  await page.keyboard.press('?');
  await page.getByRole('button', { name: 'Show me the page' }).click();
  const next = async (): Promise<void> => story.getByRole('button', { name: 'Next' }).click();
  await viewer.until(async () => /step 10/.test(await viewer.task()));
  await next();
  await viewer.until(async () => /step 16/.test(await viewer.task()));
  await next();
  await viewer.until(async () => (await viewer.step()) === 8);
  await next();
  await page.getByText('t = 22').first().waitFor();
  await story.getByRole('button', { name: 'Back' }).click();
  await viewer.until(async () => (await page.getByText('from step 6').count()) === 0);
  await next();
  await next();
  await page.locator('[data-pane="agent-2"][data-step^="99"]').waitFor({ timeout: 180_000 });
  await story.getByRole('button', { name: 'Play it yourself' }).click();
  await viewer.pane('own').waitFor();
  expect(await viewer.task()).toMatch(/step 10/);
  expect(await story.isVisible()).toBe(false);
});

test('a first visit offers it, once', async () => {
  const viewer = await Viewer.of(trained('baseline'));
  const context = await (await sharedBrowser()).newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(viewer.page.url());
  await page.getByRole('button', { name: 'No, thanks' }).click();
  expect(await page.locator('.story').isVisible()).toBe(false);
  await page.reload();
  await page.locator('.pane').first().waitFor();
  expect(await page.locator('.story').isVisible()).toBe(false);
});
