import type { Page } from 'playwright-core';

/** Finds what is cut off, what lies over something else, and what is outside the window. */
const FIND = `(() => {
  const flaws = [];
  const rectOf = (target) => target.getBoundingClientRect();
  const seen = (target) => target.checkVisibility() && rectOf(target).width > 0 && rectOf(target).height > 0;
  const name = (target) => [target.closest('[data-pane]')?.dataset.pane, target.className || target.tagName].join(' ');
  const within = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
    inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;

  // Aspects that there is no room for have no height.
  const left = [...document.querySelectorAll('.readout')].filter((readout) => readout.clientHeight === 0);
  const walker = document.createTreeWalker(document.querySelector('#page'), NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
    const own = text.parentElement;
    if (text.data.trim() === '' || !seen(own) || own.closest('.heard, svg, select, .uplot, [popover]')) continue;
    if (left.some((readout) => readout.contains(own))) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (let outer = own; outer !== null; outer = outer.parentElement) {
      const isFrame = outer.matches('.pane, .chart') || getComputedStyle(outer).overflowX !== 'visible';
      if (!isFrame || outer === document.documentElement || outer === document.body) continue;
      if (!within(range.getBoundingClientRect(), rectOf(outer)))
        flaws.push('cut off: "' + text.data + '" in ' + name(outer));
    }
  }

  const apart = (parts) => parts.filter(seen).forEach((one, index, all) => {
    for (const other of all.slice(index + 1)) {
      const [a, b] = [rectOf(one), rectOf(other)];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 1) flaws.push('over one another: ' + name(one) + ' and ' + name(other));
    }
  });
  const panes = [...document.querySelectorAll('.pane')];
  apart(panes);
  for (const pane of panes) {
    const readouts = [...pane.querySelectorAll('.readout')].filter((readout) => readout.clientHeight > 0);
    const parts = [...pane.querySelectorAll('.clock, h2, .verdict, .subtitle, .tally, .screen'), ...readouts];
    apart(parts);
    for (const part of parts.filter(seen)) if (!within(rectOf(part), rectOf(pane))) flaws.push('outside: ' + name(part));
  }
  const controls = [...document.querySelectorAll('.controls :is(button, select, input[type=number], .says, .slide > span)')];
  apart(controls);
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth > clientWidth) flaws.push('wider than the window');
  for (const control of controls.filter(seen)) if (rectOf(control).right > clientWidth) flaws.push('outside: ' + name(control));
  return flaws;
})()`;

/** @returns a line for each flaw of the layout as it is on screen */
export function flawsOf(page: Page): Promise<string[]> {
  return page.evaluate(FIND);
}
