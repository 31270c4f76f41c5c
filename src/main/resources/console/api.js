// Requests to the server. Its addresses are relative to the page, which may lie below a path.

const TIMEOUT_MS = 30_000;
const session = Math.random().toString(36).slice(2, 8);
let requests = 0;

/** An answer that is an error: the status, and the server's own words. */
export class Refused extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}

/** The address of a path of this server. */
export function address(path) {
    return new URL(path.replace(/^\//, ''), document.baseURI).href;
}

/** The next value of X-Request-Id: the trace of a request is found by it. */
export function nextRequestId() {
    return `console-${session}-${requests++}`;
}

/**
 * Sends and reads JSON. Options are those of fetch, and `json`, a body to send, or `text`, one that is JSON already;
 * `timeout` in milliseconds. Fails with `Refused` where the status is none of 2xx, with a TypeError where nobody
 * answers.
 */
export async function ask(path, {json, text, timeout = TIMEOUT_MS, signal, ...options} = {}) {
    const patience = AbortSignal.timeout(timeout);
    const body = json === undefined ? text : JSON.stringify(json);
    const answer = await fetch(address(path), {
        ...options,
        method: options.method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {...(body === undefined ? {} : {'Content-Type': 'application/json'}), ...options.headers},
        body,
        cache: 'no-store',
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    const content = await answer.text();
    if (!answer.ok) {
        throw new Refused(answer.status, refusal(content) || answer.statusText || 'no reason given');
    }
    return content === '' ? null : parse(content);
}

/**
 * JSON with whole numbers as they were written: those that a number of JavaScript does not hold (beyond 2^53, as ids
 * and INT64 may be) stay texts of digits, which JSON.stringify writes as numbers again.
 */
export function parse(text) {
    if (!/\d{16}/.test(text) || !JSON.rawJSON) {
        return JSON.parse(text);
    }
    return JSON.parse(text, (key, value, {source}) =>
        typeof value === 'number' && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
            ? JSON.rawJSON(source)
            : value,
    );
}

/** Whether the server has this route, asked without doing what it does. */
export async function offers(path) {
    try {
        const answer = await fetch(address(path), {method: 'OPTIONS', cache: 'no-store'});
        return answer.ok;
    } catch {
        return false;
    }
}

/** What to tell a reader of a failure. */
export function told(failure) {
    if (failure instanceof Refused) {
        return `${failure.status}: ${failure.message}`;
    }
    if (failure.name === 'TimeoutError') {
        return 'The server did not answer in time.';
    }
    if (failure instanceof SyntaxError) {
        return `The answer is not JSON: ${failure.message}`;
    }
    return failure instanceof TypeError ? `The server cannot be reached: ${failure.message}` : failure.message;
}

/** Below /v2 an error is {"error": …}, elsewhere {"detail": …}: a text, or a list of fields and faults. */
function refusal(content) {
    try {
        const {error, detail} = JSON.parse(content);
        if (Array.isArray(detail)) {
            return detail.map(fault => `${(fault.loc ?? []).join('.')}: ${fault.msg ?? ''}`).join('; ');
        }
        const said = error ?? detail;
        return typeof said === 'string' ? said : JSON.stringify(said);
    } catch {
        return content.slice(0, 500);
    }
}
