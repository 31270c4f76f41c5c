// The tab Live: what the server does now, each second, over the last minutes.

import {html, nothing, render} from '../lib/lit-html/lit-html.js';
import {Chart} from './chart.js';
import {bytes, clock, count, duration, roughly} from './format.js';
import {onNextFrame} from './frame.js';
import {stageLegend} from './legend.js';
import {columns, grown, latest, others, rows} from './history.js';
import {serverNow} from './stream.js';
import {Strip} from './strip.js';

const SPANS = {'1 min': 60_000, '5 min': 300_000, '15 min': 900_000};
const TIMED = ['total', 'fetch', 'queue', 'predict', 'encode', 'record'];
const SIZES = Array.from({length: 20}, (unused, i) => 2 ** (20 + i)); // steps of an axis of bytes
const CLOSINGS = {
    full: 'full',
    window: 'its time was up',
    queue_empty: 'nobody else waited',
    others_differ: 'the others differ',
    alone: 'not joined',
    retried: 'again, one by one',
};

const state = {span: '1 min', stage: 'total', table: false};

/** What the tab is made in. */
export const element = document.createElement('section');

const redraw = onNextFrame(() => {
    render(view(), element);
    draw();
});

const strip = new Strip(span);

const charts = {
    rate: chart('Predictions per second', numbers(1), [
        ['answered', 'line-1', true],
        ['refused (4xx)', 'line-3'],
        ['too much to do (429)', 'line-2'],
        ['failed (5xx)', 'line-4'],
    ]),
    latency: chart('Latency', times(1), [
        ['median', 'line-1'],
        ['90 %', 'line-3'],
        ['99 %', 'line-2'],
    ]),
    workers: chart('Workers', numbers(4), [
        ['busy', 'line-1', true],
        ['requests waiting for one', 'line-2'],
    ]),
    batch: chart('Rows per batch', numbers(4), [['rows', 'line-1']]),
    closed: chart(
        'Why batches closed, per second',
        numbers(1),
        Object.values(CLOSINGS).map((why, i) => [why, `line-${i + 1}`]),
    ),
    lag: chart('Event loops: how late', times(5), [
        ['mean', 'line-1'],
        ['latest', 'line-2'],
    ]),
    memory: chart('Memory', {show: bytes, floor: 64 << 20, steps: SIZES}, [
        ['heap', 'line-1'],
        ['whole process', 'line-2'],
    ]),
    log: chart('Log: records not yet written or taken', numbers(10), [
        ['pending', 'line-1'],
        ['behind', 'line-2'],
    ]),
    logTime: chart(
        'Log: how far it is behind',
        {show: s => duration(s * 1_000), tick: s => roughly(s * 1_000), floor: 1},
        [['time', 'line-2']],
    ),
};

/** Called when the tab is shown. */
export function show() {
    redraw();
}

grown.listen(() => element.offsetParent && redraw());

function numbers(floor) {
    return {show: count, floor};
}

function times(floor) {
    return {show: duration, tick: roughly, floor};
}

function chart(title, scale, series) {
    return new Chart({title, ...scale, series: series.map(([label, ink, fill]) => ({label, ink, fill}))});
}

function span() {
    const to = (rows.at(-1)?.t ?? serverNow() / 1_000) * 1_000;
    return {from: to - SPANS[state.span], to};
}

function draw() {
    if (rows.length === 0) {
        return;
    }
    const {from, to} = span();
    const set = (name, ...readers) => charts[name].set(columns(from, readers), {from, to});
    const at = stage => row => row.stages?.[state.stage]?.[stage];
    set(
        'rate',
        row => row.ok,
        row => row.refused,
        row => row.shed,
        row => row.failed,
    );
    set('latency', at('p50_ms'), at('p90_ms'), at('p99_ms'));
    set(
        'workers',
        row => row.running,
        row => row.waiting,
    );
    set('batch', row => row.rowsPerBatch);
    set('closed', ...Object.keys(CLOSINGS).map(reason => row => row.closed?.[reason]));
    set(
        'lag',
        row => row.lag,
        row => row.lagMax,
    );
    set(
        'memory',
        row => row.heap,
        row => row.resident,
    );
    set(
        'log',
        row => row.pending,
        row => row.logRecords,
    );
    set('logTime', row => row.logSeconds);
    strip.draw();
}

function view() {
    return html`
        <h1 class="quiet">Live</h1>
        <h2 class="quiet">Charts</h2>
        <div class="controls">
            ${choice('Span', Object.keys(SPANS), 'span')}
            ${choice('Latency of', TIMED, 'stage')}
        </div>
        ${
            latest
                ? picture()
                : html`<div class="empty"><p class="lead">Waiting for the first second.</p>
            <p>The server measures only while a page looks, and sends once a second.</p></div>`
        }`;
}

function choice(label, options, field) {
    const choose = event => {
        state[field] = event.target.value;
        redraw();
    };
    return html`<label class="narrow">${label}<select @change=${choose}>${options.map(
        option => html`
        <option ?selected=${option === state[field]}>${option}</option>`,
    )}</select></label>`;
}

function picture() {
    return html`
        ${
            latest.dropped > 0
                ? html`<p class="notice">This page was too slow: ${count(latest.dropped)} events were left
            out.</p>`
                : nothing
        }
        <div class="charts wide"><figure class="chart"><figcaption><h3>Requests</h3><span class="small">each as long as
            it was in the server, beside those that were there as well</span>${stageLegend(false)}</figcaption>
            ${strip.element}</figure></div>
        <div class="charts">${Object.values(charts).map(one => one.element)}</div>
        ${poolTable()}
        <details class="table" @toggle=${event => {
            state.table = event.target.open;
            redraw();
        }}>
            <summary>The last seconds as a table</summary>${state.table ? secondsTable() : nothing}
        </details>`;
}

function poolTable() {
    const pools = [
        ...latest.models.map(model => ({name: `${model.model} ${model.version}`, ...model})),
        ...others(latest).map(pool => ({name: pool.pool, ...pool})),
    ];
    return html`
        <h2>Who works</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Models and pools"><table>
            <thead><tr><th scope="col">Model or pool</th><th scope="col">State</th><th scope="col">Busy</th>
                <th scope="col">Workers</th><th scope="col">Waiting</th><th scope="col">Requests</th>
                <th scope="col">Rows per batch</th></tr></thead>
            <tbody>${pools.map(
                pool => html`<tr><th scope="row" class="data">${pool.name}</th>
                <td>${pool.state ?? '–'}</td><td>${count(pool.running)}</td><td>${count(pool.workers)}</td>
                <td>${count(pool.waiting)}</td><td>${count(pool.requests)}</td>
                <td>${pool.batches > 0 ? count(pool.rows / pool.batches) : '–'}</td></tr>`,
            )}</tbody>
        </table></div>`;
}

function secondsTable() {
    const last = rows.slice(-20).reverse();
    return html`<div class="scroll" tabindex="0" role="region" aria-label="The last seconds"><table>
        <thead><tr><th scope="col">Second</th><th scope="col">Answered</th><th scope="col">Refused</th>
            <th scope="col">429</th><th scope="col">Failed</th><th scope="col">Median</th><th scope="col">99 %</th>
            <th scope="col">Waiting</th><th scope="col">Busy</th><th scope="col">Loops late</th>
            <th scope="col">Heap</th></tr></thead>
        <tbody>${last
            .filter(row => !row.hole)
            .map(
                row => html`<tr>
            <th scope="row">${clock(row.t * 1_000)}</th>
            <td>${count(row.ok)}</td><td>${count(row.refused)}</td><td>${count(row.shed)}</td>
            <td>${count(row.failed)}</td>
            <td>${duration(row.stages.total?.p50_ms)}</td><td>${duration(row.stages.total?.p99_ms)}</td>
            <td>${count(row.waiting)}</td><td>${count(row.running)}</td><td>${duration(row.lagMax)}</td>
            <td>${bytes(row.heap)}</td></tr>`,
            )}</tbody></table></div>`;
}
