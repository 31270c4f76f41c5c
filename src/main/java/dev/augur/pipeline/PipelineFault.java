package dev.augur.pipeline;

/** Why a pipeline cannot work with its model. The message is fit for operators and clients. Thread-safe. */
final class PipelineFault extends Exception {
    private static final long serialVersionUID = 1L;

    PipelineFault(String message) {
        super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }
}
