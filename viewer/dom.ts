type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Creates an HTML element. `text` is its text; an attribute that is false or undefined is left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { text, ...attributes }: Attributes = {},
  ...children: Node[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  if (text !== undefined) made.textContent = String(text);
  made.append(...children);
  return made;
}

/** Creates an SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Node[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** Sets the attributes that change. */
export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) {
      target.removeAttribute(name);
      continue;
    }
    const text = value === true ? '' : String(value);
    if (target.getAttribute(name) !== text) target.setAttribute(name, text);
  }
}

/** Sets a text only if it changes, so that nothing is laid out or read aloud again for no reason. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Names a control, for screen readers and in a tooltip. */
export function label(target: HTMLElement, name: string): void {
  setAttributes(target, { 'aria-label': name, title: name });
}

/** Calls back while the pointer presses or drags over an element, with CSS pixels from its left edge. */
export function onDrag(target: HTMLElement, dragTo: (x: number) => void): void {
  target.addEventListener('pointerdown', ({ pointerId, offsetX }) => {
    target.setPointerCapture(pointerId);
    dragTo(offsetX);
  });
  target.addEventListener('pointermove', ({ buttons, offsetX }) => {
    if (buttons !== 0) dragTo(offsetX);
  });
}
