package dev.augur.predictionlog.ledger;

import java.io.IOException;

/** A ledger is not as it was written. The message names the file and the line. Immutable, thread-safe. */
public final class DamagedLedgerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    DamagedLedgerException(Fault fault) {
        super(fault.toString());
        this.fault = fault;
    }

    /** What is wrong. */
    public Fault fault() {
        return fault;
    }
}
