// The one stream of live events, and whether it lives. Events come as they are; nothing is kept here.

import {address, parse} from './api.js';
import {Topic} from './frame.js';

const SILENT_MS = 6_000; // metrics come every second
const DEAD_MS = 20_000;
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000];
const UNSEEN_MS = 300_000;

/** Told of every event of its name: `metrics`, `traces`, `records`. */
export const events = {metrics: new Topic(), traces: new Topic(), records: new Topic()};

/** Told whenever `connection` has changed. */
export const changes = new Topic();

/** `state` is connecting, live, silent or lost; `hello` the last greeting; `restarted` when a restart was seen. */
export const connection = {state: 'connecting', hello: null, restarted: null, since: Date.now()};

let source = null;
let heard = 0;
let failures = 0;
let retry = null;
let unseen = null;
let skew = -Infinity;

/** The server's clock: what it told last, corrected by the page's own clock since. */
export function serverNow() {
    return Date.now() + (skew === -Infinity ? 0 : skew);
}

/** Opens the stream and keeps it open for as long as somebody looks at the page. */
export function connect() {
    open();
    setInterval(watch, 1_000);
    document.addEventListener('visibilitychange', () => {
        clearTimeout(unseen);
        if (document.hidden) {
            unseen = setTimeout(pause, UNSEEN_MS);
        } else if (!source) {
            open();
        }
    });
}

/** The restart has been read. */
export function forgetRestart() {
    connection.restarted = null;
    changes.tell();
}

function open() {
    clearTimeout(retry);
    retry = null;
    source?.close();
    source = new EventSource(address('console/stream'));
    heard = Date.now();
    source.addEventListener('hello', event => greet(parse(event.data)));
    for (const [name, topic] of Object.entries(events)) {
        source.addEventListener(name, event => {
            const told = parse(event.data);
            alive(told.now_ms);
            topic.tell(told);
        });
    }
    source.onerror = () => {
        become('lost');
        if (source?.readyState === EventSource.CLOSED) {
            again(); // the browser gives up on a status that is not 200
        }
    };
}

function greet(hello) {
    const before = connection.hello;
    if (before && before.started_at !== hello.started_at) {
        skew = -Infinity;
        connection.restarted = hello.started_at;
    }
    connection.hello = hello;
    alive(hello.now_ms);
    changes.tell();
}

function alive(serverMs) {
    heard = Date.now();
    failures = 0;
    if (Number.isFinite(serverMs)) {
        skew = Math.max(skew, serverMs - heard); // the quickest event was the least late
    }
    become('live');
}

function become(state) {
    if (connection.state !== state) {
        connection.state = state;
        connection.since = Date.now();
        changes.tell();
    }
}

/** A connection may be dead and not say so: what is silent for long is opened anew. */
function watch() {
    const silence = Date.now() - heard;
    if (!source || retry) {
        return;
    }
    if (silence > DEAD_MS) {
        become('lost');
        open();
    } else if (silence > SILENT_MS && connection.state === 'live') {
        become('silent');
    }
}

function again() {
    retry ??= setTimeout(open, PAUSES_MS[Math.min(failures++, PAUSES_MS.length - 1)]);
}

function pause() {
    source?.close();
    source = null;
    clearTimeout(retry);
    retry = null;
    become('connecting');
}
