// The tab Models: every model and pipeline, its versions and their state, load and unload, numbers, a form to try it.

import {html, nothing, render} from '../lib/lit-html/lit-html.js';
import {ask, told} from './api.js';
import {modelPath} from './examples.js';
import {count, duration, value} from './format.js';
import {onNextFrame} from './frame.js';
import {grown, latest} from './history.js';
import * as nodes from './nodes.js';
import * as trial from './trial.js';

const LOAD_TIMEOUT_MS = 330_000;
const FEW = 8;

const state = {
    models: null,
    pipelines: [],
    problem: null,
    chosen: null,
    detail: null,
    asked: null,
    working: null,
    said: null,
};
let seenStates = '';

/** What the tab is made in. */
export const element = document.createElement('section');

const redraw = onNextFrame(() => render(view(), element));
nodes.watch(redraw, () => element.offsetParent !== null);

/** Called when the tab is shown, with what to open: a model's name, or "pipeline/" and that of a pipeline. */
export function show(name) {
    state.chosen = name ?? state.chosen;
    redraw();
    load();
    nodes.load();
}

/** A model that was loaded or unloaded elsewhere shows in the stream. */
grown.listen(() => {
    const states = JSON.stringify(latest.models.map(({model, version, state: now}) => [model, version, now]));
    if (element.offsetParent && seenStates && states !== seenStates) {
        load();
    }
    seenStates = states;
});

async function load() {
    try {
        const [index, {pipelines}] = await Promise.all([
            ask('v2/repository/index', {method: 'POST'}),
            ask('pipelines'),
        ]);
        state.models = Map.groupBy ? [...Map.groupBy(index, entry => entry.name)] : grouped(index);
        state.pipelines = pipelines;
        state.problem = null;
        state.chosen ??= state.models[0]?.[0] ?? null;
    } catch (failure) {
        state.problem = told(failure);
    }
    await detail();
}

function grouped(index) {
    const names = [...new Set(index.map(entry => entry.name))];
    return names.map(name => [name, index.filter(entry => entry.name === name)]);
}

/** What is chosen: metadata and numbers of a model, or the description of a pipeline. */
async function detail() {
    const {chosen} = state;
    if (!chosen) {
        redraw();
        return;
    }
    const pipeline = state.pipelines.find(one => `pipeline/${one.name}` === chosen);
    const ready = versions().some(entry => entry.state === 'READY');
    let found = pipeline ? {pipeline} : {};
    if (!pipeline && ready) {
        try {
            const [metadata, {model_stats: stats}] = await Promise.all([
                ask(modelPath(chosen)),
                ask(`${modelPath(chosen)}/stats`),
            ]);
            found = {metadata, stats};
        } catch (failure) {
            found = {problem: told(failure)};
        }
    }
    if (state.chosen === chosen) {
        state.detail = found;
        trial.choose({model: found.metadata, pipeline}, redraw);
        redraw();
    }
}

function versions() {
    return (state.models ?? []).find(([name]) => name === state.chosen)?.[1] ?? [];
}

async function repository(action) {
    Object.assign(state, {asked: null, working: action, said: null});
    redraw();
    try {
        const path = `v2/repository/models/${encodeURIComponent(state.chosen)}/${action}`;
        await ask(path, {method: 'POST', timeout: LOAD_TIMEOUT_MS});
        state.said = {good: true, text: action === 'load' ? 'Loaded.' : 'Unloaded: no new request reaches it.'};
    } catch (failure) {
        state.said = {good: false, text: told(failure)};
    }
    state.working = null;
    await load();
}

function view() {
    return html`
        <h1 class="quiet">Models</h1>
        ${nodes.view()}
        ${
            state.problem
                ? html`<p class="notice bad" role="alert">${state.problem}
            <button class="small plain" @click=${load}>Try again</button></p>`
                : nothing
        }
        ${state.models ? html`<div class="aside">${names()}<div class="detail">${chosen()}</div></div>` : nothing}`;
}

function names() {
    const entry = (key, label, bad, note) => html`<li><a href="#models/${encodeURIComponent(key)}" class="data"
        aria-current=${key === state.chosen ? 'true' : 'false'}><i class="swatch dot ink-${bad ? 'bad' : 'good'}"></i>
        ${value(label, 60)}<span class="small">${note}</span></a></li>`;
    return html`
        <nav class="names" aria-label="Models and pipelines">
            <h2>Models</h2>
            ${
                state.models.length === 0
                    ? html`<p class="small">None: put one at
                <code>&lt;repository&gt;/&lt;name&gt;/1/model.onnx</code> and load it.</p>`
                    : nothing
            }
            <ul>${state.models.map(([name, entries]) => {
                const ready = entries.filter(one => one.state === 'READY');
                return entry(
                    name,
                    name,
                    ready.length === 0,
                    ready.length > 0 ? ready.map(one => one.version).join(', ') : entries[0].state.toLowerCase(),
                );
            })}</ul>
            ${
                state.pipelines.length > 0
                    ? html`<h2>Pipelines</h2><ul>${state.pipelines.map(pipeline =>
                          entry(
                              `pipeline/${pipeline.name}`,
                              pipeline.name,
                              !pipeline.ready,
                              pipeline.ready ? '' : 'not ready',
                          ),
                      )}</ul>`
                    : nothing
            }
        </nav>`;
}

function chosen() {
    const {detail: found} = state;
    if (found?.pipeline) {
        return pipelineView(found.pipeline);
    }
    const entries = versions();
    if (entries.length === 0) {
        return state.chosen
            ? html`<p class="notice">There is no model “${value(state.chosen, 60)}” here.</p>`
            : nothing;
    }
    return html`
        <header class="line"><h2 class="data">${value(state.chosen, 80)}</h2>${buttons(entries)}</header>
        ${said()}
        <div class="scroll" tabindex="0" role="region" aria-label="Versions"><table>
            <thead><tr><th scope="col">Version</th><th scope="col">State</th><th scope="col">Reason</th></tr></thead>
            <tbody>${entries.map(
                entry => html`<tr><th scope="row">${entry.version || '–'}</th>
                <td><span class="badge ${entry.state === 'READY' ? 'good' : 'bad'}">${entry.state}</span></td>
                <td class="data">${entry.reason || '–'}</td></tr>`,
            )}</tbody></table></div>
        ${found?.problem ? html`<p class="notice bad data" role="alert">${found.problem}</p>` : nothing}
        ${
            found?.metadata
                ? html`${trial.view()}${tensors(found.metadata)}${statistics(found.stats)}
            ${properties(found.metadata.properties)}`
                : nothing
        }`;
}

function said() {
    const {good, text} = state.said ?? {};
    return text ? html`<p class="notice ${good ? 'fine' : 'bad'} data" role="status">${text}</p>` : nothing;
}

function buttons(entries) {
    const ready = entries.some(entry => entry.state === 'READY');
    const ask = question => {
        state.asked = question;
        redraw();
    };
    if (state.working) {
        const doing = state.working === 'load' ? 'loading' : 'unloading';
        return html`<span class="small" role="status" aria-busy="true">${doing}</span>`;
    }
    if (state.asked) {
        return html`<span class="small">Requests for it will fail.</span>
            <button class="small danger" @click=${() => repository('unload')}>Unload it</button>
            <button class="small plain" @click=${() => ask(null)}>Keep it</button>`;
    }
    const load = ready ? 'Load again' : 'Load';
    return html`<button class="small outline" @click=${() => repository('load')}>${load}</button>
        ${ready ? html`<button class="small plain" @click=${() => ask('unload')}>Unload…</button>` : nothing}`;
}

function pipelineView(pipeline) {
    const facts = [
        [
            'Model',
            html`<a href="#models/${encodeURIComponent(pipeline.model)}">${pipeline.model}</a>
                ${pipeline.version ?? ''}`,
        ],
        ['Features from', pipeline.feature_store],
        ['Answers', (pipeline.answer ?? []).join(', ') || '–'],
        ['At most', `${duration(pipeline.timeout_ms)}, ${count(pipeline.max_items)} items`],
        ['Record', pipeline.prediction_log],
    ];
    return html`
        <header class="line"><h2 class="data">${value(pipeline.name, 80)}</h2>
            <span class="badge ${pipeline.ready ? 'good' : 'bad'}">${pipeline.ready ? '' : 'not '}ready</span></header>
        ${pipeline.reason ? html`<p class="notice bad data">${pipeline.reason}</p>` : nothing}
        <dl class="facts">${facts.map(([name, fact]) => html`<dt>${name}</dt><dd class="data">${fact}</dd>`)}</dl>
        ${trial.view()}`;
}

function tensors({inputs, outputs}) {
    const row =
        kind =>
        ({name, datatype, shape, parameters}) => html`<tr><th scope="row" class="data">${name}</th>
        <td>${kind}${parameters?.optional ? ', optional' : ''}</td><td>${datatype}</td><td>${value(shape)}</td></tr>`;
    return html`
        <details class="table" ?open=${inputs.length + outputs.length <= FEW}><summary>Inputs and outputs</summary>
        <div class="scroll" tabindex="0" role="region" aria-label="Inputs and outputs"><table>
            <thead><tr><th scope="col">Name</th><th scope="col">Is</th><th scope="col">Datatype</th>
                <th scope="col">Shape</th></tr></thead>
            <tbody>${inputs.map(row('input'))}${outputs.map(row('output'))}</tbody></table></div></details>`;
}

function statistics(list) {
    const each = ({count: times, ns}) => (times > 0 ? duration(Number(JSON.stringify(ns)) / times / 1e6) : '–');
    const closed = reasons =>
        Object.entries(reasons ?? {})
            .filter(([, n]) => n > 0)
            .map(([reason, n]) => `${reason.replaceAll('_', ' ')} ${count(n)}`)
            .join(', ') || '–';
    return html`
        <h3>Since it was loaded</h3>
        <div class="scroll" tabindex="0" role="region" aria-label="Statistics"><table>
            <thead><tr><th scope="col">Version</th><th scope="col">Answered</th><th scope="col">Failed</th>
                <th scope="col">Waits</th><th scope="col">Runs for</th><th scope="col">Rows per batch</th>
                <th scope="col">Why batches closed</th></tr></thead>
            <tbody>${list.map(
                one => html`<tr><th scope="row">${one.version}</th>
                <td>${count(one.inference_stats.success.count)}</td><td>${count(one.inference_stats.fail.count)}</td>
                <td>${each(one.inference_stats.queue)}</td><td>${each(one.inference_stats.compute_infer)}</td>
                <td>${one.execution_count > 0 ? count(one.inference_count / one.execution_count) : '–'}</td>
                <td>${closed(one.batch_closed)}</td></tr>`,
            )}</tbody></table></div>`;
}

function properties(all) {
    return html`<details class="table"><summary>Properties</summary><dl class="facts">${Object.entries(all ?? {}).map(
        ([name, property]) => html`<dt class="data">${name}</dt><dd class="data">${value(property, 1_000)}</dd>`,
    )}</dl></details>`;
}
