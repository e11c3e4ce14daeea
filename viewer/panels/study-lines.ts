import { element, setText } from '../dom.ts';
import type { State } from '../state.ts';

/** How a study stands that other machines do: a line, which opens a line for each run. */
export class StudyLines {
  readonly root = element('details', { class: 'study', hidden: true });
  readonly #summary = element('summary');
  readonly #runs = element('ul', { tabindex: 0, 'aria-label': 'Runs of the study' });

  constructor() {
    this.root.append(this.#summary, this.#runs);
  }

  show({ study }: State): void {
    this.root.hidden = study === null;
    if (study === null) return;
    setText(this.#summary, study.summary);
    const list = this.#runs.children;
    while (list.length > study.runs.length) list[study.runs.length]!.remove();
    while (list.length < study.runs.length) this.#runs.append(element('li'));
    for (const [i, line] of study.runs.entries()) setText(list[i]!, line);
  }
}
