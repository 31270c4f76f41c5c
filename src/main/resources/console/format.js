// Numbers, times and values as text. Everything here returns text, which lit-html escapes.

const LONGEST_VALUE = 120;

/** Milliseconds with the unit a reader wants: 0.42 ms, 12.3 ms, 1.52 s, 2 min 5 s. */
export function duration(ms) {
    if (!Number.isFinite(ms)) {
        return '–';
    }
    if (ms === 0) {
        return '0 ms';
    }
    if (ms < 10) {
        return `${ms.toFixed(2)} ms`;
    }
    if (ms < 100) {
        return `${ms.toFixed(1)} ms`;
    }
    if (ms < 1_000) {
        return `${Math.round(ms)} ms`;
    }
    if (ms < 60_000) {
        return `${(ms / 1_000).toFixed(2)} s`;
    }
    return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** The same for the ticks of an axis: no more digits than it takes. */
export function roughly(ms) {
    const [number, ...unit] = duration(ms).split(' ');
    return ms === 0 ? '0' : unit.length > 1 ? duration(ms) : `${Number(number)} ${unit[0]}`;
}

/** A size in the unit of powers of 1024 that fits. */
export function bytes(size) {
    if (!Number.isFinite(size)) {
        return '–';
    }
    const units = ['B', 'KiB', 'MiB', 'GiB'];
    const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, size)) / 10)));
    const scaled = size / 1024 ** unit;
    return `${unit > 1 && scaled < 100 ? scaled.toFixed(1) : Math.round(scaled)} ${units[unit]}`;
}

/** A number with at most two decimals and separated thousands. */
export function count(number) {
    return Number.isFinite(number) ? number.toLocaleString('en', {maximumFractionDigits: 2}) : '–';
}

/** The time of day, to the second; with milliseconds if asked for. */
export function clock(when, exact = false) {
    const date = new Date(when);
    if (Number.isNaN(date.getTime())) {
        return '–';
    }
    const time = date.toTimeString().slice(0, 8);
    return exact ? `${time}.${String(date.getMilliseconds()).padStart(3, '0')}` : time;
}

/** Day and time of day. */
export function day(when) {
    const date = new Date(when);
    return Number.isNaN(date.getTime()) ? '–' : `${date.toLocaleDateString('en-CA')} ${clock(date, true)}`;
}

/** A time of a record in milliseconds, with the microseconds that a Date would lose. */
export function instant(text) {
    const beyond = /\.\d{3}(\d+)/.exec(text ?? '')?.[1];
    return Date.parse(text) + (beyond ? Number(`0.${beyond}`) : 0);
}

/** How long ago that was on the same clock, roughly. */
export function ago(when, now) {
    const seconds = Math.max(0, (now - new Date(when).getTime()) / 1_000);
    if (seconds < 90) {
        return `${Math.round(seconds)} s ago`;
    }
    if (seconds < 5_400) {
        return `${Math.round(seconds / 60)} min ago`;
    }
    return seconds < 129_600 ? `${Math.round(seconds / 3_600)} h ago` : `${Math.round(seconds / 86_400)} days ago`;
}

/** Any value of JSON on one line, cut where it would be too long. */
export function value(any, longest = LONGEST_VALUE) {
    const text = typeof any === 'string' ? any : (JSON.stringify(any) ?? '–');
    return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** A thread by a name that fits into a bar: without what all threads of a process have in theirs. */
export function thread(name) {
    return (name ?? '')
        .replace(/^vert\.x-eventloop-thread-/, 'event loop ')
        .replace(/^augur-(model-|group-)?/, '')
        .replace(/-[0-9a-f]{4}(?=-\d+$)/, '');
}

/** "1 request", "2 requests". */
export function plural(number, word) {
    return `${count(number)} ${word}${number === 1 ? '' : 's'}`;
}
