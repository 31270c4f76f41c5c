package dev.augur.predictionlog;

/** When an answer may leave, seen from its record in the prediction log. */
public enum Delivery {
    /** Once the record is acknowledged; without an acknowledgement there is no answer. */
    BEFORE_ANSWER,
    /** At once; the record follows, as long as there is room for it. */
    AFTER_ANSWER,
    /** At once; there is no record. */
    OFF;

    /** Whether there are records. */
    public boolean isOn() {
        return this != OFF;
    }
}
