// The last quarter of an hour of metrics, one row a second: what the charts draw. Older rows go, so memory stays flat.

import {events} from './stream.js';
import {Topic} from './frame.js';

/** Rows that are kept. */
export const CAPACITY = 900;
const HOLE_MS = 3_500;

/** The rows, oldest first. A row has `t`, the server's clock in seconds, and null where nothing was measured. */
export const rows = [];

/** Told after a row was added. */
export const grown = new Topic();

/** The last event as it came, with the cumulative counts. */
export let latest = null;

/** Begins to listen. */
export function keep() {
    events.metrics.listen(add);
}

/** The rows since a moment, in milliseconds, as columns: times, then one column for each reader. */
export function columns(sinceMs, readers, untilMs = Infinity) {
    const chosen = rows.filter(row => row.t * 1_000 >= sinceMs && row.t * 1_000 <= untilMs);
    return [
        chosen.map(row => row.t),
        ...readers.map(read => chosen.map(row => (row.hole ? null : (read(row) ?? null)))),
    ];
}

function add(event) {
    const last = rows.at(-1);
    if (last && event.now_ms < last.t * 1_000) {
        rows.length = 0; // another clock: nothing before it can be on the same axis
    } else if (last && event.now_ms - last.t * 1_000 > HOLE_MS) {
        rows.push({t: last.t + 1, hole: true});
    }
    rows.push(row(event, latest));
    rows.splice(0, rows.length - CAPACITY);
    latest = event;
    grown.tell();
}

function row(event, before) {
    const seconds = before ? (event.now_ms - before.now_ms) / 1_000 : NaN;
    const rate = total => {
        const grownBy = before ? total(event) - total(before) : NaN;
        return grownBy >= 0 && seconds > 0 ? grownBy / seconds : null; // it falls when the server starts again
    };
    const batches = rate(
        all(
            event => event.models,
            model => model.batches,
        ),
    );
    const joined = rate(
        all(
            event => event.models,
            model => model.rows,
        ),
    );
    return {
        t: event.now_ms / 1_000,
        ok: rate(answers(status => status < 400)),
        refused: rate(answers(status => status >= 400 && status < 500 && status !== 429)),
        shed: rate(answers(status => status === 429)),
        failed: rate(answers(status => status >= 500)),
        stages: Object.fromEntries(event.stages.map(stage => [stage.stage, stage.count > 0 ? stage : null])),
        batches,
        rowsPerBatch: batches > 0 ? joined / batches : null,
        closed: closings(event, rate),
        ...workers(event),
        lag: event.event_loops?.lag_ms,
        lagMax: event.event_loops?.lag_max_ms,
        heap: event.memory?.heap_used_bytes,
        resident: event.memory?.resident_bytes || null, // 0 where it is not known
        pending: event.log?.pending,
        logRecords: event.log?.lag_records,
        logSeconds: event.log?.lag_seconds,
    };
}

/** The sum of a number over a list of an event. */
function all(list, number) {
    return event => list(event).reduce((sum, one) => sum + (number(one) ?? 0), 0);
}

/** Answers of the routes that predict; what the page asks for itself is not counted. */
function answers(counts) {
    return all(
        event => event.routes.filter(route => predicts(route.route)),
        route => Object.entries(route.count).reduce((sum, [status, n]) => sum + (counts(Number(status)) ? n : 0), 0),
    );
}

/** Whether requests of this route are for a prediction. */
export function predicts(route) {
    return route.endsWith('/infer') || /^\/predict(?!ions)/.test(route);
}

function closings(event, rate) {
    const reasons = new Set(event.models.flatMap(model => Object.keys(model.closed ?? {})));
    return Object.fromEntries(
        [...reasons].map(reason => [
            reason,
            rate(
                all(
                    one => one.models,
                    model => model.closed?.[reason],
                ),
            ),
        ]),
    );
}

/** The pools but the one that measures for the page, which is busy whenever it looks. */
export function others(event) {
    return (event.pools ?? []).filter(pool => pool.pool !== 'augur-console');
}

/** Workers of models and of pools, by name; those of a pool that models share are told by each of them. */
function workers(event) {
    const pools = Object.fromEntries(others(event).map(pool => [pool.pool, pool]));
    const sum = name =>
        all(
            one => one.models,
            model => model[name],
        )(event) + Object.values(pools).reduce((total, pool) => total + (pool[name] ?? 0), 0);
    return {pools, running: sum('running'), waiting: sum('waiting')};
}
