// Runs: a number of requests at once to one route, the traces the server measured, and health probes meanwhile. The
// server sends the requests to itself: a browser opens no more than six connections to it, so it could not.

import {ask, told, Refused} from './api.js';
import {serverNow} from './stream.js';
import {take} from './traces.js';

const PROBE_EVERY_MS = 100;
const PROBES_AT_ONCE = 3;
const MOST_PROBES = 2_000;
const LATE_TRACES_MS = 11_000;
const LONGEST_RUN_MS = 600_000;

let runs = 0;

/**
 * A run that has not begun. `target` is {path, title, why, bodies}.
 */
export function newRun(target, requests) {
    return {
        target,
        requests,
        id: `console-${Math.random().toString(36).slice(2, 8)}${runs++}`,
        startedMs: null, // of the server's clock, like all times here
        endedMs: null,
        traces: [],
        probes: [],
        answer: null,
        error: null,
    };
}

/** Runs it; `changed` is called after each change. Done when the last trace is there, or does not come. */
export async function carryOut(run, changed, signal) {
    run.startedMs = serverNow();
    const end = take(run.id, trace => {
        run.traces.push(trace);
        changed();
    });
    const probing = probe(run, changed);
    try {
        const {path, bodies} = run.target;
        run.answer = await ask('console/runs', {
            json: {run: run.id, path, requests: run.requests, bodies},
            timeout: LONGEST_RUN_MS,
            signal,
        });
        await allTraces(run);
    } catch (failure) {
        run.error = signal?.aborted ? 'Stopped.' : told(failure);
    } finally {
        run.endedMs = serverNow();
        clearInterval(probing);
        end();
        run.traces.sort((one, other) => endOf(one) - endOf(other));
        changed();
    }
}

/** When the answer was out. */
export function endOf(trace) {
    return trace.received_ms + trace.total_ms;
}

/** When the first request of a run was received, or else when the page asked for it. */
export function beginning(run) {
    const first = run.traces.reduce((earliest, trace) => Math.min(earliest, trace.received_ms), Infinity);
    return first === Infinity ? run.startedMs : first;
}

/** From the first request received until the last answer was out; so far, while it runs. */
export function totalMs(run, now = serverNow()) {
    if (run.startedMs === null) {
        return 0;
    }
    if (run.endedMs === null || run.traces.length === 0) {
        return Math.max(0, (run.endedMs ?? now) - run.startedMs);
    }
    return run.traces.reduce((last, trace) => Math.max(last, endOf(trace)), 0) - beginning(run);
}

/** How many requests ended with each status. */
export function statuses(run) {
    const counts = {};
    run.traces.forEach(trace => (counts[trace.status] = (counts[trace.status] ?? 0) + 1));
    return counts;
}

/** The stream may drop traces and records end late: what does not come soon after the answer is not waited for. */
function allTraces(run) {
    const end = performance.now() + LATE_TRACES_MS;
    return new Promise(resolve => {
        const look = () =>
            run.traces.length >= run.requests || performance.now() > end ? resolve() : setTimeout(look, 50);
        look();
    });
}

function probe(run, changed) {
    let open = 0;
    const once = async () => {
        if (open >= PROBES_AT_ONCE || run.probes.length >= MOST_PROBES) {
            return;
        }
        open++;
        const sent = {at: serverNow(), ms: null, status: null};
        run.probes.push(sent);
        const begun = performance.now();
        try {
            await ask('health/live', {timeout: 10_000});
            sent.status = 200;
        } catch (failure) {
            sent.status = failure instanceof Refused ? failure.status : 0;
        }
        sent.ms = performance.now() - begun;
        open--;
        changed();
    };
    once();
    return setInterval(once, PROBE_EVERY_MS);
}
