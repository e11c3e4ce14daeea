import './without-eval.ts';
import 'uplot/dist/uPlot.min.css';
import './style/base.css';
import './style/layout.css';
import './style/panes.css';
import './style/pane-forms.css';
import './style/readouts.css';
import './style/controls.css';
import './style/narrow-controls.css';
import './style/dialogs.css';
import './style/charts.css';
import './style/story.css';
import './style/training.css';
import './style/episode-map.css';
import './style/touch-pad.css';
import './style/forced-colours.css';
import { startPage } from './page.ts';

startPage().catch((error: unknown) => {
  document.querySelector('.task')!.textContent = `The page could not start: ${error}`;
  throw error;
});
