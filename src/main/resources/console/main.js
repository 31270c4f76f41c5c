// The page: head, tabs, the line that tells of the connection. Each tab is a module with an `element` and a `show`.

import {html, nothing, render} from '../lib/lit-html/lit-html.js';
import {clock} from './format.js';
import {onNextFrame} from './frame.js';
import {keep} from './history.js';
import * as live from './live.js';
import * as log from './log.js';
import * as models from './models.js';
import {isDark, themes, turn} from './palette.js';
import {changes, connect, connection, forgetRestart} from './stream.js';
import * as timeline from './timeline.js';
import {gather} from './traces.js';

const TABS = [
    {name: 'timeline', title: 'Timeline', tab: timeline},
    {name: 'live', title: 'Live', tab: live},
    {name: 'log', title: 'Prediction log', short: 'Log', tab: log},
    {name: 'models', title: 'Models', tab: models},
];
const STATES = {
    connecting: 'connecting',
    live: 'live',
    silent: 'nothing heard for some seconds',
    lost: 'server went away, reconnecting',
};

const head = document.getElementById('head');
const content = document.getElementById('content');
let current = TABS[0];

const redraw = onNextFrame(() => render(top(), head));

function start() {
    for (const {name, title, tab} of TABS) {
        tab.element.id = name;
        tab.element.setAttribute('aria-label', title);
        tab.element.hidden = true;
        content.append(tab.element);
    }
    addEventListener('hashchange', choose);
    changes.listen(redraw);
    themes.listen(redraw);
    keep();
    gather();
    connect();
    choose();
}

/** The address names the tab, and behind a slash what is open in it: #log/1d81db94. */
function choose() {
    const [name, ...rest] = location.hash.slice(1).split('/');
    current = TABS.find(tab => tab.name === name) ?? TABS[0];
    TABS.forEach(({tab}) => (tab.element.hidden = tab !== current.tab));
    document.title = `${current.title} · Augur`;
    redraw();
    current.tab.show(rest.length > 0 ? decoded(rest.join('/')) : null);
}

function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

function top() {
    const {hello} = connection;
    return html`
        <div class="bar">
            <a class="brand" href="#timeline"><img src="console/icon.svg" alt="" width="26" height="26">Augur</a>
            <nav aria-label="Parts of the console">${TABS.map(
                tab => html`
                <a href="#${tab.name}" aria-current=${tab === current ? 'page' : 'false'}>${
                    tab.short
                        ? html`<span class="long">${tab.title}</span><span class="short">${tab.short}</span>`
                        : tab.title
                }</a>`,
            )}
            </nav>
            <span class="grow"></span>
            <span class="node data">${hello ? `${hello.node} · ${hello.version}` : nothing}</span>
            <span class="state ${connection.state}" role="status"><i></i><span>${STATES[connection.state]}</span></span>
            <a class="docs" href="docs">API</a>
            <button class="plain theme" @click=${turn} aria-label="Turn ${isDark() ? 'light' : 'dark'}">${
                isDark() ? '☀' : '☾'
            }</button>
        </div>
        ${notices(hello)}`;
}

function notices(hello) {
    return html`
        ${
            connection.state === 'lost'
                ? html`<p class="notice bad" role="alert">The server went away at
            ${clock(connection.since)}. The page reconnects by itself; what stands here is from before.</p>`
                : nothing
        }
        ${
            connection.restarted
                ? html`<p class="notice" role="status">The server was restarted at
            ${clock(hello.started_at)}; its counters began anew.
            <button class="small plain" @click=${forgetRestart}>I see</button></p>`
                : nothing
        }`;
}

start();
