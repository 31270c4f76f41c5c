// A form to try a prediction, made of a model's inputs or of a pipeline's item; the answer; the same for curl and Java.

import {html, nothing} from '../lib/lit-html/lit-html.js';
import {ask, nextRequestId, told} from './api.js';
import {elements, exampleInputs, modelPath} from './examples.js';
import {bodyText, Field} from './fields.js';
import {duration, value} from './format.js';
import {STAGES} from './palette.js';
import {snippets} from './snippets.js';
import {traceOf} from './traces.js';

const state = {
    key: null,
    model: null,
    pipeline: null,
    version: '',
    fields: null,
    item: '',
    explain: false,
    answer: null,
    problem: null,
    busy: false,
    trace: null,
};
let redraw = () => {};

/** Chooses what is tried: {model: its metadata} or {pipeline: its description}. The form keeps what was typed. */
export function choose({model, pipeline}, changed) {
    redraw = changed;
    const key = JSON.stringify([model?.name, model?.inputs, pipeline?.name]);
    Object.assign(state, {model, pipeline});
    if (key !== state.key) {
        Object.assign(state, {key, version: '', fields: null, answer: null, problem: null, trace: null});
        state.item = String(pipeline?.example?.body.item_id ?? '');
        if (model) {
            fill(model, key);
        }
    }
}

async function fill(model, key) {
    const example = await exampleInputs(model);
    if (state.key === key) {
        state.fields = example.map(input => new Field(input, labels(model, input)));
        redraw();
    }
}

/** Names of the elements of an input, where the model's file tells as many as there are. */
function labels(model, input) {
    const names = list(model, 'feature_names');
    return names?.length === elements(input.shape) ? names : null;
}

/** A property that holds a list of names as JSON; what a file says need not be any. */
function list(model, property) {
    try {
        const names = JSON.parse(model?.properties?.[property] ?? 'null');
        return Array.isArray(names) ? names.map(String) : null;
    } catch {
        return null;
    }
}

/** {path, body}: the request as it is sent, and as it is shown to copy. Throws with what is wrong in a field. */
function request() {
    const {pipeline, model} = state;
    if (pipeline) {
        const id = /^-?\d{1,18}$/.test(state.item.trim()) ? state.item.trim() : JSON.stringify(state.item);
        return {
            path: `/predict/${encodeURIComponent(pipeline.name)}${state.explain ? '?explain=features' : ''}`,
            body: `{"item_id": ${id}}`,
        };
    }
    return {path: `/${modelPath(model.name, state.version)}/infer`, body: bodyText(state.fields)};
}

async function send(event) {
    event.preventDefault();
    const id = nextRequestId();
    Object.assign(state, {busy: true, answer: null, problem: null, trace: null});
    redraw();
    const {key} = state;
    const tracing = traceOf(id);
    try {
        const {path, body} = request();
        state.answer = await ask(path, {text: body, headers: {'X-Request-Id': id}});
    } catch (failure) {
        state.problem = told(failure);
    }
    state.busy = false;
    redraw();
    const trace = await tracing;
    if (state.key === key) {
        state.trace = trace ?? null;
        redraw();
    }
}

/** The form and what came of it. */
export function view() {
    if (!state.pipeline && !state.fields) {
        return html`<h3>Try it</h3><p class="small" aria-busy="true">reading an example</p>`;
    }
    return html`
        <h3>Try it</h3>
        <form class="trial" @submit=${send} @input=${() => redraw()} novalidate>
            ${state.pipeline ? itemForm() : inputsForm()}
            <div class="controls"><button ?disabled=${state.busy}>Predict</button></div>
        </form>
        <div role="status">${state.problem ? html`<p class="notice bad data">${state.problem}</p>` : nothing}
            ${state.answer ? answer() : nothing}</div>
        ${copies()}`;
}

function itemForm() {
    return html`<div class="controls">
        <label>Item<input name="item" maxlength="1024" .value=${state.item}
            @input=${event => {
                state.item = event.target.value;
            }}></label>
        <label class="check"><input type="checkbox" .checked=${state.explain}
            @change=${event => {
                state.explain = event.target.checked;
                redraw();
            }}>tell the features</label></div>`;
}

function inputsForm() {
    const {versions} = state.model;
    const choice = html`<label class="narrow">Version<select @change=${event => {
        state.version = event.target.value;
    }}>
        <option value="">newest</option>${versions.map(
            version => html`
            <option ?selected=${version === state.version}>${version}</option>`,
        )}
        </select></label>`;
    return html`${versions.length > 1 ? choice : nothing}
        ${state.fields.filter(field => !field.single).map(field => field.view())}
        <div class="boxes">${state.fields.filter(field => field.single).map(field => field.boxes())}</div>`;
}

function answer() {
    const {answer: got, trace} = state;
    return html`
        <div class="answer">
            ${
                got.outputs
                    ? outputs(got.outputs)
                    : html`<pre class="data" tabindex="0">${JSON.stringify(got, null, 2)}</pre>`
            }
            ${
                trace
                    ? html`<ul class="legend">${trace.stages
                          .filter(({stage}) => stage in STAGES)
                          .map(
                              stage => html`
                <li><i class="swatch ink-stage-${stage.stage}"></i>${stage.stage}
                    <b>${duration(stage.to_ms - stage.from_ms)}</b></li>`,
                          )}
                <li>total <b>${duration(trace.total_ms)}</b></li></ul>`
                    : nothing
            }
            ${
                got.record_id
                    ? html`<p class="small"><a href="#log/${encodeURIComponent(got.record_id)}">Its record</a></p>`
                    : nothing
            }
        </div>`;
}

function outputs(all) {
    const classes = list(state.model, 'class_names');
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Answer"><table>
        <thead><tr><th scope="col">Output</th><th scope="col">Datatype</th><th scope="col">Shape</th>
            <th scope="col">Value</th></tr></thead>
        <tbody>${all.map(
            output => html`<tr><th scope="row" class="data">${output.name}</th><td>${output.datatype}</td>
            <td>${value(output.shape)}</td><td class="data mono">${named(output, classes)}</td></tr>`,
        )}</tbody></table></div>`;
}

/** A class number with its name, probabilities with theirs, or else the elements. */
function named({name, datatype, data}, classes) {
    if (classes && datatype === 'INT64' && data.length === 1 && classes[data[0]] !== undefined) {
        return `${data[0]} (${classes[data[0]]})`;
    }
    if (classes && name === 'probabilities' && data.length === classes.length) {
        return html`${classes.map((one, i) => html`${one} <b>${Number(data[i]).toPrecision(3)}</b> `)}`;
    }
    return value(data, 400);
}

function copies() {
    let shown;
    try {
        shown = snippets(request());
    } catch (failure) {
        return html`<p class="small bad" role="status">${failure.message}</p>`;
    }
    return html`<details class="table"><summary>The same with curl and with Java</summary>${Object.entries(shown).map(
        ([language, text]) => html`<div class="copy"><pre class="data" tabindex="0" aria-label=${language}>${text}</pre>
            <button class="small outline" type="button" @click=${event => copy(event, text)}>
                Copy ${language}</button></div>`,
    )}
        </details>`;
}

async function copy({target}, text) {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        getSelection().selectAllChildren(target.previousElementSibling); // no clipboard without TLS but on this machine
    }
}
