// The tab Timeline: requests of one run, or of the tutorial's four routes one after another, as bars over time.

import {html, nothing, render} from '../lib/lit-html/lit-html.js';
import {told} from './api.js';
import {Chart} from './chart.js';
import {count, duration, plural, roughly} from './format.js';
import {onNextFrame} from './frame.js';
import {columns, grown, rows} from './history.js';
import {Panel} from './panel.js';
import {stageLegend} from './legend.js';
import {carryOut, newRun, statuses, totalMs} from './runs.js';
import {serverNow} from './stream.js';
import {runTable} from './runtable.js';
import {findTargets, LESSONS, withBodies} from './targets.js';

const MOST_PANELS = 6;
const MOST_REQUESTS = 2_000;

const state = {targets: null, problem: null, chosen: '', requests: 10, panels: [], busy: null};

/** What the tab is made in. */
export const element = document.createElement('section');

const redraw = onNextFrame(() => {
    render(view(), element);
    draw();
});

const lag = new Chart({
    title: 'Event loops: how late',
    show: duration,
    tick: roughly,
    floor: 5,
    series: [
        {label: 'mean', ink: 'line-1'},
        {label: 'latest', ink: 'line-2'},
    ],
});
const workers = new Chart({
    title: 'Workers',
    show: count,
    floor: 4,
    series: [
        {label: 'busy', ink: 'line-1', fill: true},
        {label: 'requests waiting for one', ink: 'line-2'},
    ],
});

/** Called when the tab is shown. */
export function show() {
    redraw();
    if (!state.targets) {
        find();
    }
}

grown.listen(() => element.offsetParent && drawCharts());

async function find() {
    try {
        state.problem = null;
        state.targets = await findTargets();
        state.chosen ||= all()[0]?.path ?? '';
    } catch (failure) {
        state.problem = told(failure);
    }
    redraw();
}

function all() {
    const {tutorial = [], pipelines = [], models = []} = state.targets ?? {};
    return [...tutorial, ...pipelines, ...models];
}

async function runOne() {
    const target = all().find(one => one.path === state.chosen);
    if (target && !state.busy) {
        await during(controller => perform(target, controller));
    }
}

async function compare() {
    if (state.busy) {
        return;
    }
    clear();
    await during(async controller => {
        for (const lesson of LESSONS) {
            if (!controller.signal.aborted) {
                await perform(lesson, controller);
            }
        }
    });
}

async function during(work) {
    state.busy = new AbortController();
    state.problem = null;
    redraw();
    try {
        await work(state.busy);
    } catch (failure) {
        state.problem = told(failure);
    }
    state.busy = null;
    redraw();
}

async function perform(target, {signal}) {
    const run = newRun(await withBodies(target), state.requests);
    const panel = new Panel(run);
    state.panels.push(panel);
    state.panels.splice(0, state.panels.length - MOST_PANELS).forEach(old => old.end());
    const ticking = setInterval(redraw, 50); // the bars of those that wait grow
    try {
        await carryOut(run, redraw, signal);
    } finally {
        clearInterval(ticking);
    }
}

function clear() {
    state.panels.forEach(panel => panel.end());
    state.panels = [];
    redraw();
}

/** All panels have one scale, so that their lengths compare. */
function draw() {
    const domain = state.panels.reduce((longest, panel) => Math.max(longest, panel.extent()), 5);
    state.panels.forEach(panel => panel.draw(domain));
    drawCharts();
}

function drawCharts() {
    if (state.panels.length === 0) {
        return;
    }
    const runs = state.panels.map(panel => panel.run);
    const from = runs[0].startedMs - 2_000;
    const to = Math.max(from + 10_000, state.busy ? serverNow() : (runs.at(-1).endedMs ?? serverNow()) + 2_000);
    const marks = runs.map(run => ({t: run.startedMs / 1_000, label: run.target.title.replace(/^\/(predict_)?/, '')}));
    if (rows.length > 1) {
        workers.set(columns(from, [row => row.running, row => row.waiting], to), {from, to, marks});
        lag.set(columns(from, [row => row.lag, row => row.lagMax], to), {from, to, marks});
    }
}

function view() {
    return html`
        <h1 class="quiet">Timeline</h1>
        ${controls()}
        ${
            state.problem
                ? html`<p class="notice bad" role="alert">${state.problem}
            <button class="small plain" @click=${find}>Try again</button></p>`
                : nothing
        }
        ${state.panels.length === 0 ? empty() : picture()}`;
}

function controls() {
    const group = (label, list) =>
        list?.length > 0
            ? html`<optgroup label=${label}>${list.map(
                  target => html`
        <option value=${target.path} ?selected=${target.path === state.chosen}>${target.title}</option>`,
              )}</optgroup>`
            : nothing;
    const stop = () => state.busy?.abort();
    return html`
        <form class="controls" @submit=${event => {
            event.preventDefault();
            runOne();
        }}>
            <label class="wide">Route
                <select @change=${event => {
                    state.chosen = event.target.value;
                }} ?disabled=${!state.targets}>
                    ${group('Tutorial', state.targets?.tutorial)}
                    ${group('Pipelines', state.targets?.pipelines)}
                    ${group('Models', state.targets?.models)}
                </select></label>
            <label class="narrow">Requests at once
                <input type="number" min="1" max=${MOST_REQUESTS} .value=${String(state.requests)} required
                    @change=${event => {
                        state.requests = bounded(event.target.value);
                        redraw();
                    }}></label>
            ${
                state.busy
                    ? html`<button type="button" class="secondary" @click=${stop}>Stop</button>`
                    : html`<button type="submit" ?disabled=${!state.chosen}>Run</button>`
            }
            ${
                state.targets?.tutorial.length > 0
                    ? html`<button type="button" class="outline" ?disabled=${state.busy}
                @click=${compare}>Compare all four</button>`
                    : nothing
            }
            ${
                state.panels.length > 0 && !state.busy
                    ? html`<button type="button" class="plain" @click=${clear}>Clear</button>`
                    : nothing
            }
        </form>`;
}

function bounded(text) {
    return Math.max(1, Math.min(MOST_REQUESTS, Math.round(Number(text)) || 1));
}

function empty() {
    return html`
        <div class="empty">
            <p class="lead">See what waiting costs.</p>
            <p>Each request becomes a bar, split into its stages and labelled with the thread that did the work. The
                server measures them itself. Choose a route and press <b>Run</b>${
                    state.targets?.tutorial.length > 0
                        ? html`, or press <b>Compare all four</b>: the tutorial’s routes do the same work, and differ
                            only in
                        who waits for whom`
                        : nothing
                }.</p>
            ${stageLegend()}
        </div>`;
}

function picture() {
    return html`
        ${stageLegend()}
        <div class="runs">${state.panels.map(runView)}</div>
        <h2>Meanwhile, in the server</h2>
        <div class="charts two">${workers.element}${lag.element}</div>
        ${runTable(
            state.panels.map(panel => panel.run),
            redraw,
        )}`;
}

function runView(panel) {
    const {run} = panel;
    const late = run.probes.reduce((slowest, probe) => Math.max(slowest, probe.ms ?? 0), 0);
    const failed = run.probes.filter(probe => probe.status !== null && probe.status !== 200).length;
    const bad = Object.entries(statuses(run)).filter(([status]) => status >= 400);
    return html`
        <article class="run" data-path=${run.target.path} data-state=${run.endedMs === null ? 'running' : 'over'}>
            <div class="about">
                <h2>${run.target.title}</h2>
                <p class="total" data-ms=${totalMs(run)}>${duration(totalMs(run))}</p>
                <p class="small">${
                    run.endedMs === null
                        ? `${run.traces.length} of ${plural(run.requests, 'request')} answered`
                        : plural(run.requests, 'request')
                }${bad.map(([status, n]) => html`, <b class="bad">${n} × ${status}</b>`)}</p>
                <p class="why">${run.target.why}</p>
                <p class="small">Health meanwhile: ${plural(run.probes.length, 'probe')}, ${
                    failed > 0 ? html`<b class="bad">${failed} failed</b>` : `slowest ${duration(late)}`
                }.</p>
                ${problems(run)}
            </div>
            ${panel.element}
        </article>`;
}

function problems(run) {
    const missing = run.endedMs !== null && !run.error ? run.requests - run.traces.length : 0;
    return html`
        ${run.error ? html`<p class="small bad" role="alert">${run.error}</p>` : nothing}
        ${missing > 0 ? html`<p class="small">The stream lost ${plural(missing, 'trace')}.</p>` : nothing}
        ${(run.answer?.errors ?? []).map(error => html`<p class="small bad data">${error}</p>`)}`;
}
