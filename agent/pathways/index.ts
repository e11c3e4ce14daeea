import { baseline } from './baseline.ts';
import { nac } from './nac.ts';
import { nacClock } from './nac-clock.ts';
import { nacStateless } from './nac-stateless.ts';
import { registerPathway } from './registry.ts';

export { pathwaySpec, pathwaySpecs, registerPathway } from './registry.ts';

// The pathways that ship. A new one gets its line here.
registerPathway(baseline);
registerPathway(nac);
registerPathway(nacStateless);
registerPathway(nacClock);
