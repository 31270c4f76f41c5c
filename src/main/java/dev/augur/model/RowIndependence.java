package dev.augur.model;

/**
 * Whether each row that a model yields comes from the row at its place alone, as far as that is known before it runs:
 * what lies along the first dimension of its inputs and outputs is a row. Thread-safe.
 *
 * @param reason for a verdict other than {@link Verdict#YES}: why
 */
public record RowIndependence(Verdict verdict, String reason) {
    /** Proved or declared. */
    public static final RowIndependence YES = new RowIndependence(Verdict.YES, "");

    /** Neither proved nor declared; a trial may tell. */
    public static final RowIndependence UNKNOWN = new RowIndependence(Verdict.UNKNOWN, "the model does not declare it");

    /** What is known. */
    public enum Verdict {
        YES,
        NO,
        UNKNOWN
    }

    /** Not so, or not provable where a proof is to be expected. */
    public static RowIndependence no(String reason) {
        return new RowIndependence(Verdict.NO, reason);
    }
}
