// Bars of requests on a canvas: each is split into its stages. Thousands of them are drawn in a few milliseconds.

import {duration, thread} from './format.js';
import {colour} from './palette.js';

const FONT = 'ui-sans-serif, system-ui, sans-serif';
const READABLE = 11; // the height of a bar that holds text

/** A canvas of the size of its place, sharp on any screen: {ctx, width, height} in CSS pixels, emptied. */
export function sheet(canvas, height) {
    const width = canvas.clientWidth;
    const ratio = devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
        canvas.style.height = `${height}px`;
    }
    const ctx = canvas.getContext('2d');
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    return {ctx, width, height};
}

/** Steps of an axis up to `domain`, about one each hundred pixels: 0, 2, 4, … */
export function steps(domain, width) {
    const rough = domain / Math.max(1, width / 100);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(factor => factor * power).find(size => size >= rough);
    return Array.from({length: Math.floor(domain / step + 1e-9) + 1}, (unused, i) => i * step);
}

/** The time axis: a line and a label at each step. `place` tells {x of a time, top, bottom}. */
export function axis(ctx, ticks, {x, top, bottom, show}) {
    ctx.font = `11px ${FONT}`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    for (const tick of ticks) {
        ctx.fillStyle = colour('grid');
        ctx.fillRect(Math.round(x(tick)), top, 1, bottom - top);
        ctx.fillStyle = colour('faint');
        ctx.fillText(show(tick), x(tick), bottom + 4);
    }
}

/** One request: its stages from `x(0)` on, in a row from `y` on of the height `h`. */
export function bar(ctx, trace, {x, y, h}) {
    const thin = h < 4;
    const top = thin ? y : y + 1;
    const height = thin ? Math.max(h, 0.5) : h - 2;
    if (trace.stages.length === 0 || trace.status >= 400) {
        ctx.fillStyle = colour('bad-bar');
        ctx.fillRect(x(0), top, Math.max(1.5, x(trace.total_ms) - x(0)), height);
    }
    for (const {stage, from_ms: from, to_ms: to, thread: name} of trace.stages) {
        const left = x(from);
        const wide = x(to) - left;
        ctx.fillStyle = colour(`stage-${stage}`);
        ctx.fillRect(left, top, Math.max(wide, 0.75), height);
        if (h >= READABLE + 2 && wide > 34) {
            label(ctx, stage === 'queue' ? 'waits' : thread(name), {left, wide, middle: top + height / 2 + 0.5});
        }
    }
}

/** The whole time beside a bar. */
export function total(ctx, trace, {x, y, h}) {
    if (h >= READABLE) {
        ctx.font = `11px ${FONT}`;
        ctx.textAlign = 'left';
        ctx.textBaseline = 'middle';
        ctx.fillStyle = colour(trace.status >= 400 ? 'bad' : 'quiet');
        const text = trace.status >= 400 ? `${trace.status}` : duration(trace.total_ms);
        ctx.fillText(text, x(endOfBar(trace)) + 5, y + h / 2 + 0.5);
    }
}

/** Where a bar ends: its answer, or a stage behind it. */
export function endOfBar(trace) {
    return trace.stages.reduce((end, stage) => Math.max(end, stage.to_ms), trace.total_ms);
}

/** Requests that have no trace yet: they wait, as long as the run goes on. */
export function ghost(ctx, {x, y, h}, soFar) {
    ctx.fillStyle = colour('ghost');
    ctx.fillRect(x(0), y + (h < 4 ? 0 : 1), Math.max(1, x(soFar) - x(0)), Math.max(0.5, h < 4 ? h : h - 2));
}

/** A dot for each health probe: green when the answer came at once, amber when it was late, a red cross if not. */
export function probes(ctx, list, {x, y}) {
    for (const {at, ms, status} of list) {
        const left = x(at);
        ctx.fillStyle = ctx.strokeStyle = colour(
            status === 200 || status === null ? (ms > 100 ? 'late' : 'good') : 'bad',
        );
        ctx.beginPath();
        if (status !== 200 && status !== null) {
            ctx.lineWidth = 1.5;
            ctx.moveTo(left - 3, y - 3);
            ctx.lineTo(left + 3, y + 3);
            ctx.moveTo(left + 3, y - 3);
            ctx.lineTo(left - 3, y + 3);
            ctx.stroke();
        } else {
            ctx.globalAlpha = status === null ? 0.35 : 1;
            ctx.arc(left, y, 2, 0, 2 * Math.PI);
            ctx.fill();
            ctx.globalAlpha = 1;
        }
    }
}

function label(ctx, text, {left, wide, middle}) {
    ctx.font = `10px ${FONT}`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    if (text && ctx.measureText(text).width < wide - 8) {
        ctx.fillStyle = colour('on-stage');
        ctx.fillText(text, left + 5, middle);
    }
}
