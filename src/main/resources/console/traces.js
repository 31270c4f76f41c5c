// The last traces that came by the stream, for the strip of the tab Live; those of the page's own runs go to their run.

import {events} from './stream.js';
import {Topic} from './frame.js';

const CAPACITY = 10_000;

/** The traces, oldest first. */
export const traces = [];

/** Told after some have come. */
export const arrived = new Topic();

const wanted = new Map();

/** Begins to listen. */
export function gather() {
    events.traces.listen(event => {
        for (const trace of event.traces) {
            traces.push(trace);
            claim(trace);
        }
        traces.splice(0, Math.max(0, traces.length - CAPACITY));
        arrived.tell();
    });
}

/** Gives each trace whose request id begins with the prefix to the taker, until the function returned is called. */
export function take(prefix, taker) {
    wanted.set(prefix, taker);
    return () => wanted.delete(prefix);
}

/** The trace of one request that this page sent; undefined if it has not come within the time. */
export function traceOf(requestId, patienceMs = 3_000) {
    return new Promise(resolve => {
        const end = take(requestId, trace => {
            clearTimeout(timer);
            end();
            resolve(trace);
        });
        const timer = setTimeout(() => {
            end();
            resolve(undefined);
        }, patienceMs);
    });
}

function claim(trace) {
    const id = trace.request_id;
    if (typeof id !== 'string' || !id.startsWith('console-')) {
        return;
    }
    (wanted.get(id) ?? wanted.get(id.slice(0, id.lastIndexOf('-'))))?.(trace);
}
