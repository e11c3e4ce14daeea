import { element, label, svg } from './dom.ts';

/** Outlines on a square of 24 units. */
const SHAPES = {
  play: 'M8 5.2v13.6a.8.8 0 0 0 1.2.7l10.9-6.8a.8.8 0 0 0 0-1.4L9.2 4.5a.8.8 0 0 0-1.2.7z',
  pause: 'M7 5h3.4v14H7zM13.6 5H17v14h-3.4z',
  forward:
    'M6 5.8v12.4a.6.6 0 0 0 .95.5L15 12.6V18a1 1 0 0 0 1 1h1.2a1 1 0 0 0 1-1V6a1 1 0 0 0-1-1H16a1 1 0 0 0-1 1v5.4L6.95 5.3a.6.6 0 0 0-.95.5z',
  back: 'M18 5.8v12.4a.6.6 0 0 1-.95.5L9 12.6V18a1 1 0 0 1-1 1H6.8a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1H8a1 1 0 0 1 1 1v5.4l8.05-6.1a.6.6 0 0 1 .95.5z',
  next: 'M3.5 6.6v10.8a.7.7 0 0 0 1.1.6L12 12.7v4.7a.7.7 0 0 0 1.1.6l7.6-5.4a.7.7 0 0 0 0-1.2L13.1 6a.7.7 0 0 0-1.1.6v4.7L4.6 6a.7.7 0 0 0-1.1.6z',
  loop: 'M7 7h9.2l-1.7-1.7 1.4-1.4L20 8l-4.1 4.1-1.4-1.4L16.2 9H7a1 1 0 0 0-1 1v3H4v-3a3 3 0 0 1 3-3zm10 10H7.8l1.7 1.7-1.4 1.4L4 16l4.1-4.1 1.4 1.4L7.8 15H17a1 1 0 0 0 1-1v-3h2v3a3 3 0 0 1-3 3z',
  branch:
    'M7 4a2.5 2.5 0 0 1 1 4.8v3.6c.9-.9 2.2-1.4 4-1.4 2.3 0 3-.6 3-2.2A2.5 2.5 0 1 1 17 8.8c0 2.9-1.8 4.2-5 4.2-2.6 0-3.7.9-4 2.3A2.5 2.5 0 1 1 6 15.2V8.8A2.5 2.5 0 0 1 7 4z',
  person:
    'M12 3.500a4.200 4.200 0 1 1 0 8.400 4.200 4.200 0 0 1 0-8.400zM12 13.700c4.600 0 8 2.400 8 5.700a1.100 1.100 0 0 1-1.100 1.100H5.100A1.100 1.100 0 0 1 4 19.400c0-3.300 3.400-5.700 8-5.700z',
  save: 'M10.900 3.500h2.200v8.300l2.900-2.900 1.500 1.500-5.500 5.500-5.500-5.500 1.500-1.500 2.900 2.900zM4 15h2.200v3.300h11.600V15H20v4.300a1.200 1.200 0 0 1-1.200 1.200H5.200A1.200 1.200 0 0 1 4 19.300z',
  more: 'M4.500 10.200a1.800 1.800 0 1 1 0 3.600 1.800 1.800 0 0 1 0-3.600zm7.500 0a1.800 1.800 0 1 1 0 3.600 1.800 1.800 0 0 1 0-3.600zm7.500 0a1.800 1.800 0 1 1 0 3.600 1.800 1.800 0 0 1 0-3.600z',
  eye: 'M12 5.5c4.6 0 8.2 3 9.8 6.5-1.6 3.500-5.200 6.500-9.800 6.500S3.800 15.500 2.200 12C3.800 8.500 7.400 5.500 12 5.500zm0 2.700a3.800 3.800 0 1 0 0 7.600 3.800 3.800 0 0 0 0-7.600zm0 1.900a1.900 1.900 0 1 1 0 3.800 1.900 1.900 0 0 1 0-3.800z',
  moon: 'M13.500 3.200a9 9 0 1 0 7.300 12.100A7.500 7.500 0 0 1 13.500 3.200z',
  sun: 'M12 7.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9zM11 2h2v3.500h-2zM11 18.500h2V22h-2zM2 11h3.500v2H2zM18.500 11H22v2h-3.500zM4.200 5.600l1.400-1.400 2.500 2.500-1.400 1.400zM15.900 17.300l1.400-1.400 2.500 2.500-1.400 1.400zM4.200 18.400l2.500-2.500 1.400 1.400-2.500 2.500zM15.900 6.700l2.500-2.500 1.400 1.400-2.500 2.500z',
  help: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 1.800a7.200 7.200 0 1 0 0 14.400 7.200 7.200 0 0 0 0-14.400zm-.95 10.100h1.900v1.900h-1.900zM12 7.200c2 0 3.400 1.200 3.400 2.900 0 1.200-.6 1.900-1.500 2.500-.8.500-1 .8-1 1.400h-1.800c0-1.500.6-2.200 1.600-2.900.6-.4.8-.6.800-1.100 0-.7-.6-1.200-1.500-1.200s-1.500.5-1.600 1.400H8.500c.1-1.800 1.500-3 3.500-3z',
} as const;

export type Icon = keyof typeof SHAPES;

/** An icon; its meaning stands next to it or in its button's label. */
export function icon(name: Icon): SVGSVGElement {
  const shape = svg('path', { d: SHAPES[name], 'fill-rule': 'evenodd' });
  return svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', width: 18, height: 18 }, shape);
}

/** A button with an icon. @param name what it does, and its key @param text shown next to the icon */
export function iconButton(
  sign: Icon,
  name: string,
  run: () => void,
  text?: string,
): HTMLButtonElement {
  const button = element('button', { class: 'button', type: 'button' }, icon(sign));
  if (text !== undefined) button.append(element('span', { text }));
  label(button, name);
  button.addEventListener('click', ({ detail }) => {
    // After a click by pointer it gives up the focus, so that the space bar keeps its usual meaning.
    if (detail > 0) button.blur();
    run();
  });
  return button;
}
