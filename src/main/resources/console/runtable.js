// The timeline as a table, for those who cannot see it and for those who want to copy numbers.

import {html, nothing} from '../lib/lit-html/lit-html.js';
import {count, duration} from './format.js';
import {STAGES} from './palette.js';
import {beginning} from './runs.js';

const MOST_ROWS = 300;
const open = new WeakSet();

/** Tables of runs, each made only while it is open. */
export function runTable(runs, redraw) {
    return html`${runs
        .filter(run => run.endedMs !== null)
        .map(
            run => html`
        <details class="table" @toggle=${event => toggle(event, run, redraw)}>
            <summary>${run.target.title} as a table</summary>
            ${open.has(run) ? table(run) : nothing}
        </details>`,
        )}`;
}

function toggle(event, run, redraw) {
    event.target.open ? open.add(run) : open.delete(run);
    redraw();
}

function table(run) {
    const start = beginning(run);
    const stages = Object.keys(STAGES);
    return html`
        <div class="scroll" tabindex="0" role="region" aria-label="${run.target.title}, requests">
            <table>
                <thead><tr><th scope="col">Request</th><th scope="col">Status</th><th scope="col">Received at</th>
                    ${stages.map(stage => html`<th scope="col">${stage}</th>`)}
                    <th scope="col">Total</th><th scope="col">Predicted on</th></tr></thead>
                <tbody>${run.traces.slice(0, MOST_ROWS).map(
                    (trace, i) => html`
                    <tr><th scope="row">${i + 1}</th><td>${trace.status}</td>
                        <td>+${duration(trace.received_ms - start)}</td>
                        ${stages.map(stage => html`<td>${lengthOf(trace, stage)}</td>`)}
                        <td>${duration(trace.total_ms)}</td><td class="data">${threadOf(trace)}</td></tr>`,
                )}</tbody>
            </table>
        </div>
        ${
            run.traces.length > MOST_ROWS
                ? html`<p class="small">The first ${MOST_ROWS} of ${count(run.traces.length)}.</p>`
                : nothing
        }`;
}

function lengthOf(trace, name) {
    const found = trace.stages.filter(({stage}) => stage === name);
    return found.length === 0 ? '–' : duration(found.reduce((sum, {from_ms: from, to_ms: to}) => sum + to - from, 0));
}

function threadOf(trace) {
    return trace.stages.find(({stage}) => stage === 'predict')?.thread ?? '–';
}
