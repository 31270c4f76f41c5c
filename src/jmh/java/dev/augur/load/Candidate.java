package dev.augur.load;

/** Who takes part. Thread-safe. */
enum Candidate {
    LIMIT("limit"),
    OFF("Augur, log off"),
    LOOP("Augur, log off, event loops"),
    AFTER("Augur, `after-answer`"),
    BEFORE("Augur, `before-answer`"),
    NAIVE("naive Vert.x"),
    SPRING("Spring Boot"),
    BARE("bare Vert.x"),
    /** Not a server, but ONNX Runtime in a loop. */
    RAW("ONNX Runtime");

    private final String title;

    Candidate(String title) {
        this.title = title;
    }

    /** Its name in tables. */
    String title() {
        return title;
    }

    /** Its name where it is clear which are Augur. */
    String label() {
        return title.replace("Augur, ", "");
    }

    /** Whether it has pipelines, too. */
    boolean augur() {
        return this == OFF || this == LOOP || this == AFTER || this == BEFORE;
    }
}
