// What the colours of bars stand for.

import {html} from '../lib/lit-html/lit-html.js';
import {STAGES} from './palette.js';

/** The stages, and the dots of health probes. */
export function stageLegend(withProbes = true) {
    const dot = html`<li><i class="swatch dot ink-good"></i><b>health</b> a probe that was answered</li>`;
    return html`<ul class="legend stages" aria-label="Stages">${Object.entries(STAGES).map(
        ([stage, what]) => html`
        <li><i class="swatch ink-stage-${stage}"></i><b>${stage}</b> ${what}</li>`,
    )}${withProbes ? dot : ''}</ul>`;
}
