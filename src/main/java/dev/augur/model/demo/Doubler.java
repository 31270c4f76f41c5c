package dev.augur.model.demo;

import java.time.Duration;

/**
 * The tutorial's model: twice the feature value, after a time in which its thread can do nothing else. Called on a
 * worker thread.
 */
public class Doubler {
    private final Duration delay;

    /**
     * A doubler that takes its time.
     *
     * @param delay how long one prediction holds its thread; zero is allowed
     */
    public Doubler(Duration delay) {
        this.delay = delay;
    }

    /** Blocks for the delay, then {@code 2 × featureValue}. */
    public double predict(double featureValue) throws InterruptedException {
        Thread.sleep(delay.toMillis());
        return twice(featureValue);
    }

    /** {@code 2 × featureValue}, at once. */
    static double twice(double featureValue) {
        return 2 * featureValue;
    }
}
