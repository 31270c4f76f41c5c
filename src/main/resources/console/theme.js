// Light or dark, before the first paint: what was chosen on this page, or else what the system prefers. Not a module,
// since modules run too late for that.
(() => {
    let chosen = null;
    try {
        chosen = localStorage.getItem('augur-theme');
    } catch {
        // storage is switched off: the system's preference holds
    }
    if (chosen === 'light' || chosen === 'dark') {
        document.documentElement.dataset.theme = chosen;
    }
})();
