// A strip of the requests that ended lately, packed into lanes: how many were in the server at the same time, and what
// they did there.

import {axis, bar, endOfBar, sheet} from './bars.js';
import {follow, point} from './cursor.js';
import {clock} from './format.js';
import {arrived, traces} from './traces.js';
import {hide, tellTrace} from './tip.js';
import {themes} from './palette.js';

const HEIGHT = 150;
const AXIS = 20;
const EVERY_MS = 300;
const MOST_LANES = 60;
const LEFT = 58; // where the charts below begin
const RIGHT = 8;

/** The strip; `window()` tells the span it shows, {from, to} in milliseconds. */
export class Strip {
    #canvas = document.createElement('canvas');
    #line = document.createElement('i');
    #span = null;
    #lanes = [];
    #due = null;

    constructor(span) {
        this.#span = span;
        this.element = document.createElement('div');
        this.element.className = 'bars strip';
        this.#canvas.setAttribute('role', 'img');
        this.#canvas.setAttribute(
            'aria-label',
            'The last requests as bars over time; the charts below have their numbers',
        );
        this.#line.className = 'cursor';
        this.#line.hidden = true;
        this.element.append(this.#canvas, this.#line);
        this.#canvas.addEventListener('pointermove', event => this.#pointed(event));
        this.#canvas.addEventListener('pointerleave', () => this.#left());
        arrived.listen(() => this.#soon());
        themes.listen(() => this.draw());
        follow(this, ({at}) => this.#show(at));
    }

    /** Traces come ten times a second, which is more often than one can see. */
    #soon() {
        this.#due ??= setTimeout(() => {
            this.#due = null;
            this.draw();
        }, EVERY_MS);
    }

    /** Draws it, if it is to be seen. */
    draw() {
        if (this.#canvas.clientWidth === 0 || !this.element.offsetParent) {
            return;
        }
        const {from, to} = this.#span();
        const {ctx, width, height} = sheet(this.#canvas, HEIGHT);
        const x = at => this.#x(at, width);
        const parts = Math.max(2, Math.floor(width / 160));
        const ticks = Array.from({length: parts - 1}, (unused, i) => from + ((to - from) / parts) * (i + 1));
        axis(ctx, ticks, {x, top: 0, bottom: height - AXIS, show: at => clock(at)});
        ctx.save();
        ctx.beginPath();
        ctx.rect(LEFT, 0, width - LEFT - RIGHT, height - AXIS);
        ctx.clip();
        this.#pack(from, to);
        const h = Math.min(12, (height - AXIS - 4) / Math.max(6, this.#lanes.length));
        this.#lanes.forEach((lane, i) =>
            lane.forEach(trace => bar(ctx, trace, {x: ms => x(trace.received_ms + ms), y: 2 + i * h, h})),
        );
        ctx.restore();
    }

    /** Each trace goes into the first lane that is free when it comes. */
    #pack(from, to) {
        const seen = traces
            .filter(trace => trace.received_ms + endOfBar(trace) >= from && trace.received_ms <= to)
            .sort((one, other) => one.received_ms - other.received_ms);
        const ends = [];
        this.#lanes = [];
        for (const trace of seen) {
            let lane = ends.findIndex(end => end <= trace.received_ms);
            lane = lane < 0 ? Math.min(ends.length, MOST_LANES - 1) : lane;
            ends[lane] = Math.max(ends[lane] ?? 0, trace.received_ms + endOfBar(trace));
            (this.#lanes[lane] ??= []).push(trace);
        }
    }

    #x(at, width) {
        const {from, to} = this.#span();
        return LEFT + ((at - from) / (to - from)) * (width - LEFT - RIGHT);
    }

    #pointed(event) {
        const {from, to} = this.#span();
        const width = this.#canvas.clientWidth - LEFT - RIGHT;
        const at = from + ((event.offsetX - LEFT) / width) * (to - from);
        this.#show(at);
        point(this, at);
        const h = Math.min(12, (HEIGHT - AXIS - 4) / Math.max(6, this.#lanes.length));
        const lane = this.#lanes[Math.floor((event.offsetY - 2) / h)] ?? [];
        const near = (to - from) / width; // two pixels to either side
        const trace = lane.find(
            one => at >= one.received_ms - 2 * near && at <= one.received_ms + endOfBar(one) + 2 * near,
        );
        trace ? tellTrace(trace, event.clientX, event.clientY) : hide();
    }

    #left() {
        hide();
        this.#show(null);
        point(this, null);
    }

    #show(at) {
        const {from, to} = this.#span();
        this.#line.hidden = at === null || at < from || at > to;
        if (!this.#line.hidden) {
            this.#line.style.transform = `translateX(${this.#x(at, this.#canvas.clientWidth)}px)`;
        }
    }
}
