// The picture of one run: health probes on top, below them a bar for each request, on a scale that all runs share.

import {axis, bar, endOfBar, ghost, probes, sheet, steps, total} from './bars.js';
import {follow, point} from './cursor.js';
import {duration, roughly} from './format.js';
import {colour, themes} from './palette.js';
import {beginning, totalMs} from './runs.js';
import {serverNow} from './stream.js';
import {hide, tellTrace} from './tip.js';

const PROBES = 16; // pixels for the line of probes
const AXIS = 20;
const MOST_PIXELS = 420;
const TALLEST_BAR = 17;

/** A panel for a run. Its `element` is a canvas with the line of the cursor over it. */
export class Panel {
    #canvas = document.createElement('canvas');
    #line = document.createElement('i');
    #domain = 100;
    #selected = -1;

    constructor(run) {
        this.run = run;
        this.element = document.createElement('div');
        this.element.className = 'bars';
        this.#canvas.tabIndex = 0;
        this.#canvas.setAttribute('role', 'img');
        this.#line.className = 'cursor';
        this.#line.hidden = true;
        this.element.append(this.#canvas, this.#line);
        this.#listen();
    }

    /** Draws it on a scale of so many milliseconds. */
    draw(domainMs) {
        this.#domain = domainMs;
        if (this.#canvas.clientWidth === 0) {
            return; // its tab is not shown
        }
        const {run} = this;
        const h = this.#rowHeight();
        const {ctx, width, height} = sheet(this.#canvas, PROBES + h * run.requests + AXIS);
        const start = beginning(run) ?? 0;
        const x = ms => this.#x(ms, width);
        axis(ctx, steps(domainMs, width), {x, top: PROBES, bottom: height - AXIS, show: roughly});
        probes(ctx, run.probes, {x: at => x(at - start), y: PROBES / 2});
        for (let row = 0; row < run.requests; row++) {
            this.#row(ctx, {row, h, start, x});
        }
        this.#canvas.setAttribute('aria-label', this.#summary());
    }

    /** The last moment there is something to see at, in milliseconds from the run's start. */
    extent() {
        const start = beginning(this.run);
        return this.run.traces.reduce(
            (end, trace) => Math.max(end, trace.received_ms - start + endOfBar(trace)),
            totalMs(this.run),
        );
    }

    #row(ctx, {row, h, start, x}) {
        const trace = this.run.traces[row];
        const y = PROBES + row * h;
        if (!trace) {
            if (this.run.endedMs === null && this.run.startedMs !== null) {
                ghost(ctx, {x, y, h}, serverNow() - start);
            }
            return;
        }
        const place = {x: ms => x(trace.received_ms - start + ms), y, h};
        bar(ctx, trace, place);
        total(ctx, trace, place);
        if (row === this.#selected) {
            ctx.strokeStyle = colour('ink');
            ctx.lineWidth = 1.5;
            ctx.strokeRect(place.x(0) - 1, y, place.x(endOfBar(trace)) - place.x(0) + 2, Math.max(2, h));
        }
    }

    #rowHeight() {
        return Math.min(TALLEST_BAR, MOST_PIXELS / this.run.requests);
    }

    /** Room is left for the text beside the longest bar. */
    #x(ms, width) {
        return 4 + (ms / this.#domain) * (width - 62);
    }

    #msAt(x) {
        return ((x - 4) / (this.#canvas.clientWidth - 62)) * this.#domain;
    }

    #summary() {
        const {run} = this;
        return (
            `${run.target.title}: ${run.traces.length} of ${run.requests} requests, ${duration(totalMs(run))}. ` +
            'Arrow keys go from request to request; the table below has the same numbers.'
        );
    }

    #listen() {
        const canvas = this.#canvas;
        canvas.addEventListener('pointermove', event => this.#pointed(event));
        canvas.addEventListener('pointerleave', () => this.#left());
        canvas.addEventListener('blur', () => this.#left());
        canvas.addEventListener('keydown', event => this.#pressed(event));
        new ResizeObserver(() => this.draw(this.#domain)).observe(this.element);
        this.ends = [themes.listen(() => this.draw(this.#domain)), follow(this, moment => this.#move(moment))];
    }

    /** It is not shown any more. */
    end() {
        this.ends.forEach(end => end());
    }

    #pointed(event) {
        const ms = this.#msAt(event.offsetX);
        this.#show(ms);
        point(this, beginning(this.run) + ms, ms);
        const row = Math.floor((event.offsetY - PROBES) / this.#rowHeight());
        const trace = row >= 0 ? this.run.traces[row] : undefined;
        if (trace) {
            tellTrace(trace, event.clientX, event.clientY);
        } else {
            hide();
        }
    }

    #pressed(event) {
        const step = {ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20}[event.key];
        const rows = this.run.traces.length;
        if (event.key === 'Escape') {
            this.#left();
        }
        if (step === undefined || rows === 0) {
            return;
        }
        event.preventDefault();
        this.#selected = Math.max(0, Math.min(rows - 1, this.#selected + step));
        const trace = this.run.traces[this.#selected];
        const since = trace.received_ms - beginning(this.run) + trace.total_ms;
        const {left, top} = this.#canvas.getBoundingClientRect();
        this.draw(this.#domain);
        this.#show(since);
        point(this, beginning(this.run) + since, since);
        tellTrace(trace, left + 30, top + PROBES + (this.#selected + 1) * this.#rowHeight());
    }

    #left() {
        hide();
        this.#selected = -1;
        this.#show(null);
        point(this, null);
        this.draw(this.#domain);
    }

    /** Another picture's cursor: the same time since the start, or else the same moment. */
    #move({at, since}) {
        const ms = since ?? (at === null ? null : at - beginning(this.run));
        this.#show(ms);
    }

    #show(ms) {
        const seen = ms !== null && ms >= 0 && ms <= this.#domain;
        this.#line.hidden = !seen;
        if (seen) {
            this.#line.style.transform = `translateX(${this.#x(ms, this.#canvas.clientWidth)}px)`;
        }
    }
}
