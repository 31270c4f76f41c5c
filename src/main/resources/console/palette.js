// Colours of the style sheet for what is drawn on canvas, read again when light turns to dark.

import {Topic} from './frame.js';

/** The stages of a request, in their order, and what each is. */
export const STAGES = {
    fetch: 'looking up features',
    queue: 'waiting for a worker',
    predict: 'running the model',
    encode: 'writing the answer',
    answer: 'sending it',
    record: 'keeping the record',
};

/** Told after light has turned to dark or back. */
export const themes = new Topic();

const known = new Map();
const sample = document.getElementById('sample');

/** A colour of the style sheet by its name, such as `ink` or `stage-fetch`, as it is in light or dark now. */
export function colour(name) {
    if (!known.has(name)) {
        sample.style.color = `var(--${name}, gray)`;
        known.set(name, getComputedStyle(sample).color);
    }
    return known.get(name);
}

/** Whether the page is dark now. */
export function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : system.matches;
}

/** Turns light to dark or back, and keeps that for the next visit. */
export function turn() {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    try {
        localStorage.setItem('augur-theme', theme);
    } catch {
        // then it holds for this visit
    }
    changed();
}

function changed() {
    known.clear();
    themes.tell();
}

const system = matchMedia('(prefers-color-scheme: dark)');
system.addEventListener('change', changed);
