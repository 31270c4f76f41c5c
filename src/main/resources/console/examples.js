// Example inputs of a model: those of its last good record, or else those that the server ran it with once.

import {ask} from './api.js';

const MOST_ELEMENTS = 4_096;

/** How many elements a shape has for one row: what is variable is 1. */
export function elements(shape) {
    return shape.reduce((product, dimension) => product * fixed(dimension), 1);
}

/** The dimensions of one row. */
export function oneRow(shape) {
    return shape.map(fixed);
}

/** The metadata's address of a model, of its version if one is given. */
export function modelPath(model, version) {
    const path = `v2/models/${encodeURIComponent(model)}`;
    return version ? `${path}/versions/${encodeURIComponent(version)}` : path;
}

/** A request for the model that works: {inputs: [{name, datatype, shape, data}]}. */
export async function exampleRequest(model, version) {
    const metadata = await ask(modelPath(model, version));
    return {inputs: await exampleInputs(metadata)};
}

/**
 * Inputs for metadata: of the shapes of the example in /openapi.json, which was run once; with the elements of the
 * newest record where they fit.
 */
export async function exampleInputs({name, inputs}) {
    const [documented, recorded] = await Promise.all([exampleOf(name), lastInputs(name)]);
    const needed = inputs.filter(input => !input.parameters?.optional);
    return needed.map(input => {
        const known = documented.find(one => one.name === input.name);
        const shape = known?.shape ?? oneRow(input.shape);
        const data = fitting(recorded[input.name], input.datatype, shape) ?? known?.data ?? blanks(input);
        return {name: input.name, datatype: input.datatype, shape, data: data.flat(Infinity)};
    });
}

/** The example of a model's own route; none where the server does not describe itself. */
async function exampleOf(model) {
    try {
        const {paths} = await ask('openapi.json');
        const content = paths[`/v2/models/${model}/infer`]?.post.requestBody.content['application/json'];
        const example = content?.example ?? Object.values(content?.examples ?? {})[0]?.value;
        return (example?.inputs ?? []).filter(input => Array.isArray(input.data));
    } catch {
        return [];
    }
}

async function lastInputs(model) {
    try {
        const {records} = await ask(`predictions?limit=1&status=OK&model=${encodeURIComponent(model)}`);
        return records[0]?.inputs ?? {};
    } catch {
        return {}; // a node without the log: then there are no records to learn from
    }
}

/** The first row of what was recorded: a tensor, or the bare values that pipelines record. */
function fitting(recorded, datatype, shape) {
    const data = Array.isArray(recorded) ? recorded : recorded?.data;
    const size = elements(shape);
    return Array.isArray(data) && data.length >= size && data.every(one => fits(one, datatype))
        ? data.slice(0, size)
        : null;
}

/** A record has texts where a number is none that JSON can write, such as NaN. */
function fits(element, datatype) {
    return !Array.isArray(element) && (typeof element === 'string') === (datatype === 'BYTES');
}

function blanks({datatype, shape}) {
    const blank = {BYTES: '', BOOL: false}[datatype] ?? 0;
    return Array.from({length: Math.min(MOST_ELEMENTS, elements(shape))}, () => blank);
}

function fixed(dimension) {
    return dimension < 0 ? 1 : dimension;
}
