// Sends a recorded request again and compares the answers. What is sent is marked as a replay of its record.

import {ask} from './api.js';
import {modelPath} from './examples.js';

const TUTORIAL = '/predict_with_background';

/** Why a record cannot be sent again; null if it can. */
export function canRepeat(record) {
    if (record.redacted) {
        return 'Parts of this record were taken out before it was kept, so the same request cannot be made.';
    }
    if (!record.outputs) {
        return 'It had no answer to compare with.';
    }
    const inputs = Object.values(record.inputs ?? {});
    if (inputs.some(input => input?.truncated)) {
        return 'Its inputs were too large to be kept whole.';
    }
    return kindOf(record) ? null : `The page does not know how to send to ${record.endpoint ?? 'where it came from'}.`;
}

/** {rows: [{name, then, now, equal}], same, version}. Fails as the request does. */
export async function again(record, withFeatures) {
    const headers = {'X-Replay-Of': record.record_id};
    const answer = await {pipeline, model, tutorial}[kindOf(record)](record, headers, withFeatures);
    const rows = Object.entries(record.outputs).map(([name, then]) => compare(name, plain(then), answer.outputs[name]));
    return {rows, same: rows.every(row => row.equal), version: answer.version};
}

function kindOf(record) {
    const endpoint = record.endpoint ?? '';
    if (endpoint === TUTORIAL) {
        return 'tutorial';
    }
    if (endpoint.startsWith('/predict/') && record.item_id !== undefined) {
        return 'pipeline';
    }
    const tensors = Object.values(record.inputs ?? {});
    return endpoint.startsWith('/v2/models/') && tensors.every(input => input?.datatype) ? 'model' : null;
}

async function pipeline(record, headers, withFeatures) {
    const features = Object.fromEntries((record.features ?? []).map(({name, value}) => [name, value ?? null]));
    const json = {item_id: record.item_id, ...(withFeatures ? {features} : {})};
    const answer = await ask(record.endpoint, {json, headers});
    return {outputs: answer, version: answer.metadata?.version};
}

async function model(record, headers) {
    const inputs = Object.entries(record.inputs).map(([name, tensor]) => ({name, ...tensor}));
    const answer = await ask(`${modelPath(record.model)}/infer`, {json: {inputs}, headers});
    const outputs = Object.fromEntries(answer.outputs.map(output => [output.name, output.data]));
    return {outputs, version: answer.model_version};
}

async function tutorial(record, headers) {
    const json = {item_id: record.item_id, feature_value: record.inputs.feature_value};
    return {outputs: await ask(TUTORIAL, {json, headers})};
}

function compare(name, then, now) {
    return {name, then, now, equal: JSON.stringify(then) === JSON.stringify(now)};
}

/** A tensor's elements, or what pipelines record of it. */
function plain(output) {
    return output?.data ?? output;
}
