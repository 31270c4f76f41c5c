// One record of the prediction log: its times as a bar, features, inputs, outputs, its line's hash, outcomes, and the
// same request sent again.

import {html, nothing, svg} from '../lib/lit-html/lit-html.js';
import {ask, parse, told} from './api.js';
import {again, canRepeat} from './again.js';
import {day, duration, instant, value} from './format.js';

const TIMES = [
    ['fetch', 'received_at', 'features_at'],
    ['queue', 'queued_at', 'predict_started_at'],
    ['predict', 'predict_started_at', 'predict_ended_at'],
    ['answer', 'predict_ended_at', 'responded_at'],
];

const state = {
    id: null,
    record: null,
    problem: null,
    verified: null,
    outcome: '',
    told: null,
    repeat: null,
    then: false,
};
let redraw = () => {};

/** Opens a record by its id; null closes. `changed` draws the tab again. */
export function open(id, changed) {
    redraw = changed;
    if (id !== state.id) {
        Object.assign(state, {id, record: null, problem: null, verified: null, outcome: '', told: null, repeat: null});
        if (id) {
            load(id);
        }
    }
}

/** Whether a record is open: this one, if an id is given. */
export function isOpen(id = state.id) {
    return id !== null && id === state.id;
}

async function load(id) {
    const path = `predictions/${encodeURIComponent(id)}`;
    const keep = changes => {
        if (state.id === id) {
            Object.assign(state, changes); // else another record was opened meanwhile
            redraw();
        }
    };
    try {
        keep({record: await ask(path)});
        keep({verified: await ask(`${path}?verify=true`).then(answer => answer.verified ?? null, told)});
    } catch (failure) {
        keep({problem: told(failure)});
    }
}

async function tellOutcome(event) {
    event.preventDefault();
    const {id} = state;
    const path = `predictions/${encodeURIComponent(id)}`;
    let said = {};
    try {
        await ask(`${path}/outcome`, {json: {outcome: typed(state.outcome)}});
        said = {outcome: '', told: 'Kept.', record: await ask(path)};
    } catch (failure) {
        said = {told: told(failure)};
    }
    if (state.id === id) {
        Object.assign(state, said);
        redraw();
    }
}

/** An outcome is a text, but for numbers and true and false. */
function typed(text) {
    return /^(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false)$/.test(text.trim()) ? parse(text.trim()) : text;
}

async function repeat() {
    const {record} = state;
    state.repeat = {busy: true};
    redraw();
    const result = await again(record, state.then).catch(failure => ({problem: told(failure)}));
    if (state.record?.record_id === record.record_id) {
        state.repeat = result;
        redraw();
    }
}

/** The record beside the list; nothing if none is open. */
export function view() {
    if (!state.id) {
        return nothing;
    }
    const {record, problem} = state;
    return html`
        <article class="record" aria-label="Record" tabindex="0">
            <header><h2>Record</h2><a class="close" href="#log" aria-label="Close the record">✕</a></header>
            <p class="data mono small">${state.id}</p>
            ${problem ? html`<p class="notice bad" role="alert">${problem}</p>` : nothing}
            ${record ? parts(record) : nothing}
        </article>`;
}

function parts(record) {
    return html`
        ${summary(record)}
        ${times(record)}
        ${hash(record)}
        ${features(record.features ?? [])}
        ${values('Inputs', record.inputs)}
        ${values('Outputs', record.outputs)}
        ${outcomes(record)}
        ${sendAgain(record)}
        <details class="table"><summary>The line as it stands in the log</summary>
            <pre class="data" tabindex="0">${JSON.stringify(record, null, 2)}</pre></details>`;
}

function summary(record) {
    const rows = [
        [
            'Status',
            html`<span class="badge ${record.status === 'OK' ? 'good' : 'bad'}">${record.status ?? record.type}</span>
            ${record.http_status ?? ''}`,
        ],
        ['Error', record.error],
        ['Route', record.endpoint],
        ['Model', record.model && `${record.model} ${record.model_version ?? ''}`],
        ['Item', record.item_id === undefined ? undefined : value(record.item_id)],
        ['Request’s own id', record.client_request_id],
        ['Received', day(record.received_at)],
        ['Rows in its batch', record.batch_rows],
        ['Sent again of', record.replay_of],
        ['Taken out', record.redacted && value(record.redacted)],
    ];
    return html`<dl class="facts">${rows
        .filter(([, fact]) => fact !== undefined && fact !== null)
        .map(([name, fact]) => html`<dt>${name}</dt><dd class="data">${fact}</dd>`)}</dl>`;
}

/** The times of the record as one bar, each stage as wide as it took. */
function times(record) {
    const at = name => instant(record[name]);
    const start = at('received_at');
    const ends = TIMES.flatMap(([, , to]) => (record[to] ? [at(to) - start] : []));
    const whole = Math.max(...ends, 0);
    const stages = TIMES.filter(([, from, to]) => record[from] && record[to]).map(([stage, from, to]) => ({
        stage,
        from: at(from) - start,
        to: at(to) - start,
    }));
    if (stages.length === 0 || whole === 0) {
        return nothing;
    }
    return html`
        <h3>Times</h3>
        <svg class="times" viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true">
            ${stages.map(({stage, from, to}) => svgBar(stage, (from / whole) * 100, ((to - from) / whole) * 100))}
        </svg>
        <ul class="legend">${stages.map(
            ({stage, from, to}) => html`<li><i class="swatch ink-stage-${stage}"></i>${stage}
            <b>${duration(to - from)}</b></li>`,
        )}<li>total <b>${duration(whole)}</b></li></ul>`;
}

function svgBar(stage, x, width) {
    return svg`<rect x=${x} y="0" width=${Math.max(width, 0.3)} height="5" class="fill-${stage}"></rect>`;
}

function hash(record) {
    const verdict =
        state.verified === true
            ? html`<span class="badge good">as it was written</span>`
            : state.verified === false
              ? html`<span class="badge bad">altered since it was written</span>`
              : html`<span class="small">${state.verified ?? 'being checked'}</span>`;
    return html`<h3>Hash of its line</h3><p>${verdict} <span class="mono small data">${record.hash ?? ''}</span></p>`;
}

function features(list) {
    return list.length === 0
        ? nothing
        : html`
        <h3>Features</h3>
        <div class="scroll" tabindex="0" role="region" aria-label="Features"><table>
            <thead><tr><th scope="col">Feature</th><th scope="col">Value</th><th scope="col">Status</th>
                <th scope="col">Age</th></tr></thead>
            <tbody>${list.map(
                feature => html`<tr><th scope="row" class="data">${feature.name}</th>
                <td class="data mono">${value(feature.value ?? null)}</td><td>${feature.status}</td>
                <td>${feature.age_ms === undefined ? '–' : duration(feature.age_ms)}</td></tr>`,
            )}</tbody></table></div>`;
}

function values(title, fields) {
    const entries = Object.entries(fields ?? {});
    return entries.length === 0
        ? nothing
        : html`
        <h3>${title}</h3>
        <dl class="facts">${entries.map(
            ([name, field]) => html`<dt class="data">${name}</dt>
            <dd class="data mono">${value(field?.data ?? field, 600)}${
                field?.datatype ? html` <span class="small">${field.datatype} ${value(field.shape)}</span>` : nothing
            }</dd>`,
        )}</dl>`;
}

function outcomes(record) {
    return html`
        <h3>Outcome</h3>
        ${(record.outcomes ?? []).map(
            one => html`<p><b class="data">${value(one.outcome)}</b>
            <span class="small">told ${day(one.received_at ?? one.told_at)}</span></p>`,
        )}
        <form class="controls" @submit=${tellOutcome}>
            <label>What turned out to be true<input name="told" maxlength="1000" required .value=${state.outcome}
                @input=${event => {
                    state.outcome = event.target.value;
                }}></label>
            <button class="small">Tell</button>
            ${state.told ? html`<span class="small" role="status">${state.told}</span>` : nothing}
        </form>`;
}

function sendAgain(record) {
    const hindrance = canRepeat(record);
    if (hindrance) {
        return html`<h3>Send again</h3><p class="small">${hindrance}</p>`;
    }
    const {repeat: result} = state;
    return html`
        <h3>Send again</h3>
        <div class="controls">
            ${
                record.features?.length > 0 && record.endpoint?.startsWith('/predict/')
                    ? html`<label class="check">
                <input type="checkbox" .checked=${state.then} @change=${event => {
                    state.then = event.target.checked;
                }}>
                with the features of then</label>`
                    : nothing
            }
            <button class="small" @click=${repeat} ?disabled=${result?.busy}>Send again</button>
        </div>
        ${result?.problem ? html`<p class="bad small" role="alert">${result.problem}</p>` : nothing}
        ${result?.rows ? difference(result) : nothing}`;
}

function difference({rows, same, version}) {
    return html`
        <p role="status">${
            same
                ? html`<span class="badge good">the same answer</span>`
                : html`<span class="badge bad">another answer</span>`
        } ${version ? `from version ${version}` : ''}</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Then and now"><table>
            <thead><tr><th scope="col">Output</th><th scope="col">Then</th><th scope="col">Now</th></tr></thead>
            <tbody>${rows.map(
                ({name, then, now, equal}) => html`<tr class=${equal ? '' : 'differs'}>
                <th scope="row" class="data">${name}</th><td class="data mono">${value(then, 200)}</td>
                <td class="data mono">${value(now, 200)}</td></tr>`,
            )}</tbody></table></div>`;
}
