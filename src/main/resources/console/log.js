// The tab Prediction log: the newest records first, filters, pages; one record opened beside them.

import {html, nothing, render} from '../lib/lit-html/lit-html.js';
import {ask, told} from './api.js';
import {ago, clock, count, day, duration, instant, value} from './format.js';
import {onNextFrame} from './frame.js';
import {grown} from './history.js';
import * as record from './record.js';
import {events, serverNow} from './stream.js';

const PAGE = 50;
const STATUSES = ['OK', 'CLIENT_ERROR', 'FEATURES_UNAVAILABLE', 'MODEL_ERROR', 'TIMEOUT', 'SHED', 'CANCELLED'];
const FOLLOW_EVERY_MS = 1_000;

const state = {
    filters: {model: '', item_id: '', status: '', since: '', until: '', outcome: '', replays: ''},
    records: null,
    problem: null,
    before: [], // the cursors of the pages between the newest and this one
    cursor: null, // of this page; null is the newest
    next: null,
    finished: false,
    missing: [],
    follow: true,
    busy: false,
    models: [],
};
let asking = null;
let lastAsked = 0;
let later = null;

/** What the tab is made in. */
export const element = document.createElement('section');

const redraw = onNextFrame(() => render(view(), element));

/** Called when the tab is shown, with the id of a record to open. */
export function show(id) {
    record.open(id, redraw);
    redraw();
    if (state.records === null || state.follow) {
        load();
    }
    if (state.models.length === 0) {
        names();
    }
}

events.records.listen(() => {
    if (element.offsetParent && state.follow && state.cursor === null) {
        soon();
    }
});

/** The ages of the records are told anew. */
grown.listen(() => element.offsetParent && redraw());

/** Asks again, but not more often than once a second. */
function soon() {
    clearTimeout(later);
    later = setTimeout(load, Math.max(0, lastAsked + FOLLOW_EVERY_MS - performance.now()));
}

async function names() {
    try {
        const [{models}, {pipelines}] = await Promise.all([ask('v2/models'), ask('pipelines')]);
        state.models = [...new Set([...models, ...pipelines.map(pipeline => pipeline.model)])].sort();
        redraw();
    } catch {
        // the list of suggestions stays empty; any name can be typed
    }
}

async function load() {
    asking?.abort();
    const controller = (asking = new AbortController());
    lastAsked = performance.now();
    state.busy = true;
    redraw();
    try {
        const page = await ask(`predictions?${query()}`, {signal: controller.signal});
        Object.assign(state, {
            records: page.records,
            next: page.cursor ?? null,
            finished: page.finished,
            missing: page.missing ?? [],
            problem: null,
        });
    } catch (failure) {
        if (controller.signal.aborted) {
            return; // another question has taken its place
        }
        state.problem = told(failure);
    }
    state.busy = false;
    redraw();
}

function query() {
    const parameters = new URLSearchParams({limit: PAGE});
    for (const [name, text] of Object.entries(state.filters)) {
        if (text !== '') {
            parameters.set(name, name === 'since' || name === 'until' ? new Date(text).toISOString() : text);
        }
    }
    if (state.cursor) {
        parameters.set('cursor', state.cursor);
    }
    return parameters;
}

function filter(name, text) {
    state.filters[name] = text.trim();
    newest();
}

function newest() {
    Object.assign(state, {before: [], cursor: null});
    load();
}

function older() {
    state.before.push(state.cursor);
    state.cursor = state.next;
    load();
}

function newer() {
    state.cursor = state.before.pop() ?? null;
    load();
}

function clear() {
    Object.keys(state.filters).forEach(name => (state.filters[name] = ''));
    newest();
}

function view() {
    return html`
        <h1 class="quiet">Prediction log</h1>
        ${filters()}
        ${
            state.problem
                ? html`<p class="notice bad" role="alert">${state.problem}
            <button class="small plain" @click=${load}>Try again</button></p>`
                : nothing
        }
        ${state.missing.map(
            ({node, writer, reason}) => html`<p class="notice" role="status">The records of ${node ?? writer} are not among
            these: ${reason}.</p>`,
        )}
        <div class="split ${record.isOpen() ? 'opened' : ''}">
            <div class="list" aria-busy=${state.busy && !state.records}>${state.records ? list() : nothing}</div>
            ${record.view(element)}
        </div>`;
}

function filters() {
    const {filters} = state;
    const field = (name, label, type, hint = '') => html`<label>${label}<input type=${type} name=${name}
        .value=${filters[name]} placeholder=${hint} list=${name === 'model' ? 'model-names' : ''} maxlength="400"
        step="1" @change=${event => filter(name, event.target.value)}></label>`;
    const any = Object.values(filters).some(text => text !== '');
    return html`
        <form class="controls" @submit=${event => event.preventDefault()}>
            ${field('model', 'Model', 'text', 'any')}
            <datalist id="model-names">${state.models.map(name => html`<option value=${name}></option>`)}</datalist>
            ${field('item_id', 'Item', 'text', 'any')}
            <label>Status<select name="status" @change=${event => filter('status', event.target.value)}>
                <option value="" ?selected=${filters.status === ''}>any</option>${STATUSES.map(
                    status => html`
                <option ?selected=${filters.status === status}>${status}</option>`,
                )}</select></label>
            ${field('outcome', 'Outcome', 'text', 'any')}
            ${field('since', 'Since', 'datetime-local')}
            ${field('until', 'Until', 'datetime-local')}
            <label class="check"><input type="checkbox" role="switch" .checked=${filters.replays === 'true'}
                @change=${event => filter('replays', event.target.checked ? 'true' : '')}>Sent again too</label>
            <label class="check"><input type="checkbox" role="switch" .checked=${state.follow}
                @change=${event => {
                    state.follow = event.target.checked;
                    state.follow ? newest() : redraw();
                }}>Follow</label>
            ${any ? html`<button type="button" class="plain" @click=${clear}>Clear</button>` : nothing}
        </form>`;
}

function list() {
    if (state.records.length === 0) {
        return none();
    }
    return html`
        <div class="scroll" tabindex="0" role="region" aria-label="Records"><table class="records">
            <thead><tr><th scope="col">Received</th><th scope="col">Status</th><th scope="col">Model</th>
                <th scope="col">Item</th><th scope="col">Took</th><th scope="col">Outputs</th></tr></thead>
            <tbody>${state.records.map(row)}</tbody>
        </table></div>
        ${pages()}`;
}

function row(one) {
    const id = one.record_id;
    const said = one.error ? html`<span class="bad">${value(one.error, 90)}</span>` : outputs(one);
    const took = instant(one.responded_at ?? one.predict_ended_at) - instant(one.received_at);
    return html`
        <tr class=${record.isOpen(id) ? 'open' : ''}>
            <td><a href="#log/${encodeURIComponent(id)}" title=${day(one.received_at)}>${clock(
                one.received_at,
                true,
            )}</a>
                <span class="small">${ago(one.received_at, serverNow())}</span></td>
            <td><span class="badge ${one.status === 'OK' ? 'good' : 'bad'}">${one.status ?? one.type}</span></td>
            <td class="data">${value(one.model ?? '–', 40)}${
                one.model_version ? html` <span class="small">${one.model_version}</span>` : nothing
            }</td>
            <td class="data">${value(one.item_id ?? '–', 40)}</td>
            <td>${duration(took)}</td>
            <td class="data mono">${said}</td>
        </tr>`;
}

function outputs(one) {
    const known = Object.entries(one.outputs ?? {}).map(
        ([name, output]) => `${name} ${value(output?.data ?? output, 48)}`,
    );
    return known.length === 0 ? '–' : value(known.join('  '), 110);
}

function none() {
    const any = Object.values(state.filters).some(text => text !== '');
    if (!state.finished && state.next) {
        return html`<div class="empty"><p class="lead">Nothing among the records that were searched.</p>
            <p>The log goes further back than one question reads.</p>
            <button class="small" @click=${older}>Search further back</button></div>`;
    }
    return html`<div class="empty"><p class="lead">${any ? 'No record fits.' : 'No predictions yet.'}</p>
        <p>${
            any
                ? 'Other filters may find some.'
                : html`Each request for a prediction becomes a record. Try one under
            <a href="#models">Models</a>, or run some under <a href="#timeline">Timeline</a>.`
        }</p>
        ${pages()}</div>`;
}

function pages() {
    const page = state.before.length + 1;
    return html`<nav class="pages" aria-label="Pages of the log">
        <button class="small outline" ?disabled=${state.cursor === null} @click=${newer}>Newer</button>
        <span class="small">${state.cursor === null ? 'newest' : `page ${count(page)}`}</span>
        <button class="small outline" ?disabled=${state.finished || !state.next} @click=${older}>Older</button></nav>`;
}
