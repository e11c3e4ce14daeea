import { element, label, setText } from '../dom.ts';

/** The share of the window's height below which explanations open upwards. */
const LOW = 0.6;
const WIDTH = 300;
const MARGIN = 8;

/** One panel for all explanations: only one is open at a time. */
const panel = element('p', { class: 'explanation', popover: 'auto' });

let opener: HTMLButtonElement | undefined;

/**
 * A "?" that explains something, by pointer, touch or keyboard.
 * @param name of what is explained
 * @param explanation asked for each time it opens
 */
export function explainButton(name: string, explanation: () => string): HTMLButtonElement {
  if (!panel.isConnected) document.body.append(panel);
  const button = element('button', { class: 'about', type: 'button', text: '?' });
  label(button, `About: ${name}`);
  button.popoverTargetElement = panel;
  // Runs before the browser opens the panel, or closes it: for another button it stays open.
  button.addEventListener('click', (event) => {
    if (panel.matches(':popover-open') && opener !== button) event.preventDefault();
    opener = button;
    // What lies outside an open dialog cannot be read or used.
    const home = button.closest('dialog') ?? document.body;
    if (panel.parentElement !== home) home.append(panel);
    setText(panel, explanation());
    const { left, top, bottom } = button.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const most = clientWidth - Math.min(WIDTH, clientWidth - 2 * MARGIN) - MARGIN;
    panel.style.left = `${Math.max(MARGIN, Math.min(left, most))}px`;
    const opensUp = bottom > LOW * clientHeight;
    panel.style.top = opensUp ? 'auto' : `${bottom + 6}px`;
    panel.style.bottom = opensUp ? `${clientHeight - top + 6}px` : 'auto';
  });
  return button;
}
