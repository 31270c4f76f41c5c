package dev.augur.model.onnx.rows;

/** A rule does not find the rows kept apart; the message says why, as what follows the operator's name. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
        super(why, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
