// What a run can be sent to: the tutorial's routes where they are, every pipeline, every model.

import {ask, offers} from './api.js';
import {exampleRequest} from './examples.js';

/** The four routes of the tutorial, and what each shows. */
export const LESSONS = [
    {
        path: '/predict_sync',
        title: '/predict_sync',
        why: 'One worker does both steps and waits in both, so each request waits for all before it.',
    },
    {
        path: '/predict_async_io',
        title: '/predict_async_io',
        why: 'Fetches overlap, since nobody waits in them; predictions still queue for one worker.',
    },
    {
        path: '/predict_full_async',
        title: '/predict_full_async',
        why: 'Fetches overlap and predictions have 40 workers: ten requests take as long as one.',
    },
    {
        path: '/predict_with_background',
        title: '/predict_with_background',
        why: 'The same, and the record is written after the answer, so nobody waits for it.',
    },
].map(lesson => ({...lesson, kind: 'tutorial', bodies: items()}));

/** All targets there are now: {tutorial, pipelines, models}. Fails where the server does. */
export async function findTargets() {
    const [tutorial, {pipelines}, {models}] = await Promise.all([
        offers(LESSONS[0].path),
        ask('pipelines'),
        ask('v2/models'),
    ]);
    return {
        tutorial: tutorial ? LESSONS : [],
        pipelines: pipelines
            .filter(pipeline => pipeline.example)
            .map(pipeline => ({
                kind: 'pipeline',
                path: pipeline.example.path,
                title: pipeline.example.path,
                why: `Features from ${pipeline.feature_store}, then the model ${pipeline.model}, then the record.`,
                bodies: [pipeline.example.body],
            })),
        models: models.map(model => ({
            kind: 'model',
            path: `/v2/models/${encodeURIComponent(model)}/infer`,
            title: `/v2/models/${model}/infer`,
            why: 'Requests that wait at the same moment are joined into batches.',
            model,
            bodies: null,
        })),
    };
}

/** The target with the bodies to send, made when it is run: an example needs the model's metadata. */
export async function withBodies(target) {
    return target.bodies ? target : {...target, bodies: [await exampleRequest(target.model)]};
}

function items() {
    return Array.from({length: 100}, (unused, item) => ({item_id: item, feature_value: item + 0.5}));
}
