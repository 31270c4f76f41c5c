// Drawing at most once a frame, and not at all in a tab that nobody sees.

/** A function that asks for a drawing; asked many times within a frame, it is drawn once. */
export function onNextFrame(draw) {
    let due = false;
    return () => {
        if (!due) {
            due = true;
            requestAnimationFrame(() => {
                due = false;
                draw();
            });
        }
    };
}

/** Those who want to be told of something. */
export class Topic {
    #listeners = new Set();

    /** Tells the listener from now on; the function returned ends that. */
    listen(listener) {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    tell(...what) {
        this.#listeners.forEach(listener => listener(...what));
    }
}
