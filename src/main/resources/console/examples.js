// Example inputs of a model: those of its last good record, or else zeros of the right shape.

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

/** Inputs for metadata: as in its newest record whose inputs are whole and fit, or else nulls of the datatype. */
export async function exampleInputs({name, inputs}) {
    const recorded = await lastInputs(name);
    const needed = inputs.filter(input => !input.parameters?.optional);
    return needed.map(input => ({
        name: input.name,
        datatype: input.datatype,
        shape: oneRow(input.shape),
        data: fitting(recorded[input.name], input) ?? blanks(input),
    }));
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
function fitting(recorded, input) {
    const data = Array.isArray(recorded) ? recorded : recorded?.data;
    const size = elements(input.shape);
    return Array.isArray(data) && data.length >= size && !data.some(Array.isArray) ? data.slice(0, size) : null;
}

function blanks({datatype, shape}) {
    const blank = {BYTES: '', BOOL: false}[datatype] ?? 0;
    return Array.from({length: Math.min(MOST_ELEMENTS, elements(shape))}, () => blank);
}

function fixed(dimension) {
    return dimension < 0 ? 1 : dimension;
}
