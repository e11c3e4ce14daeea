/**
 * What a step costs the page: `npm run page-speed [-- RUN RUN …]`, after `npm run build`. Opens the page at its greatest speed,
 * with the agents that ship unless runs are given, and prints how many steps a second it shows and how much processor time each
 * takes. `--number` says how long the episode is, and `--from` where in it to measure. Without a graphics card Chromium draws in
 * software, which would hide the cost of the page itself, so nothing is drawn unless `--draw` is given.
 */

import { parseArgs } from 'node:util';
import { withWatchPage } from './open-page.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    draw: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '10' },
    number: { type: 'string', default: '200' },
    from: { type: 'string', default: '0' },
    profile: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);

await withWatchPage(positionals, async (browser, address) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript("localStorage.setItem('timegrid-story', 'seen')");
  if (!values.draw) {
    await page.addInitScript(`
      for (const call of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'clear']) {
        WebGL2RenderingContext.prototype[call] = () => {};
      }
    `);
  }
  // Untold times end within a few steps of one another, so that few pictures go by without a step.
  const atStart = new URL(address);
  atStart.searchParams.set('t', values.number);
  if (values.from !== '0') atStart.searchParams.set('step', values.from);
  await page.goto(atStart.href);
  // Far into a long episode, all steps before have to come first.
  await page.locator('.task b').waitFor({ timeout: 300_000 });
  if (values.from !== '0') await page.keyboard.press('Space');
  await page.getByLabel('Speed').selectOption('Infinity');
  await page.waitForTimeout(2000);
  await page.evaluate(`
    window.steps = 0;
    new MutationObserver((changes) => { window.steps += changes.length; }).observe(
      document.querySelector('[data-pane="agent-0"]'), { attributeFilter: ['data-step'] });
    window.pictures = 0;
    const count = () => { window.pictures++; requestAnimationFrame(count); };
    count();
  `);
  const tools = await page.context().newCDPSession(page);
  await tools.send('Performance.enable', { timeDomain: 'threadTicks' });
  if (values.profile) {
    await tools.send('Profiler.enable');
    await tools.send('Profiler.start');
  }
  const metrics = async () =>
    Object.fromEntries(
      (await tools.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]),
    );
  const before = await metrics();
  await page.waitForTimeout(1000 * seconds);
  const after = await metrics();
  const panes = await page.locator('[data-pane]').count();
  const { steps, pictures } = await page.evaluate('({ steps, pictures })');
  const cost = (name) => `${((1000 * (after[name] - before[name])) / steps).toFixed(2)} ms`;
  console.log(
    [
      `${panes} panes, ${seconds} s: ${(steps / seconds).toFixed(1)} steps and ${(pictures / seconds).toFixed(1)} pictures a second`,
      `processor time of the page for each step: ${cost('TaskDuration')}, of which scripts ${cost('ScriptDuration')}, styles ${cost('RecalcStyleDuration')}, layout ${cost('LayoutDuration')}`,
    ].join('\n'),
  );
  if (values.profile) print((await tools.send('Profiler.stop')).profile);
});

/** Where scripts spend their time. */
function print({ nodes, samples, timeDeltas }) {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, lineNumber, columnNumber } }) => [
      id,
      `${functionName || '(nameless)'} ${lineNumber}:${columnNumber}`,
    ]),
  );
  const spent = new Map();
  samples.forEach((id, i) => {
    const name = names.get(id);
    spent.set(name, (spent.get(name) ?? 0) + timeDeltas[i]);
  });
  const all = timeDeltas.reduce((sum, time) => sum + time, 0);
  for (const [name, time] of [...spent].sort(([, a], [, b]) => b - a).slice(0, 25)) {
    console.log(`${((100 * time) / all).toFixed(1).padStart(6)} %  ${name}`);
  }
}
