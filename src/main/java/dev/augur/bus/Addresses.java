package dev.augur.bus;

/** The addresses of the event bus. Stable: other programs call and consume them. Thread-safe. */
public final class Addresses {
    /** Published: each record as a JSON object, once it is in the ledger; one of an outcome has a {@code type}. */
    public static final String PREDICTIONS = "augur.predictions";
    /** Request/reply: the records that a writer has stored behind one of them, or the next ones to come. */
    public static final String PREDICTIONS_AFTER = "augur.predictions.after";

    /** Request/reply, internal: a group of records, acknowledged once the ledger has all of them. */
    public static final String PREDICTION_LOG = "augur.prediction-log";

    /** Published: what happens to nodes and models, as a JSON object with an {@code event}. */
    public static final String EVENTS = "augur.events";

    /** Published, internal: what each node says of itself, every now and then. */
    public static final String NODES = "augur.nodes";

    /** The header of a request to {@link #node}: which of the node's addresses it is for. */
    public static final String ASKED = "address";

    /** Published, internal: the {@link #CALL} of a request for which nobody waits any more. */
    public static final String LEFT = "augur.left";

    /** The header by which a request can be told, once, that nobody waits for it any more. */
    public static final String CALL = "call";

    private static final String OURS = "augur.";
    private static final String OF_VERTX = "__vertx.";
    private static final String ONE_NODE = NODES + ".";
    private static final String CONFIRMED = "augur.prediction-log.confirmed.";
    private static final String QUESTIONS = "augur.prediction-log.questions.";
    private static final String MODELS = "augur.models.";
    private static final String PIPELINES = "augur.pipelines.";

    private Addresses() {}

    /**
     * Request/reply: the JSON of {@code POST /v2/models/{model}/infer}. There while a version of the model is loaded.
     */
    public static String model(String name) {
        return MODELS + name;
    }

    /** Request/reply, internal: what this node alone is asked of its models and pipelines. */
    public static String node(String name) {
        return ONE_NODE + name;
    }

    /** Whether it is one of {@link #node}. */
    public static boolean isNode(String address) {
        return address.startsWith(ONE_NODE);
    }

    /** Request/reply, internal: {@link #PREDICTIONS_AFTER} on the node that has this writer's folder. */
    public static String predictionsAfter(String writer) {
        return PREDICTIONS_AFTER + "." + writer;
    }

    /** Request/reply, internal: {@link #PREDICTION_LOG} of that writer alone. */
    public static String predictionLog(String writer) {
        return PREDICTION_LOG + "." + writer;
    }

    /** Sent, internal: which groups of records their sender knows to be stored by that writer, by their names. */
    public static String predictionLogConfirmed(String writer) {
        return CONFIRMED + writer;
    }

    /** Request/reply, internal: what other nodes ask the prediction log of that node. */
    public static String predictionLogQuestions(String node) {
        return QUESTIONS + node;
    }

    /** Request/reply: the JSON of {@code POST /predict/{pipeline}}. There while the pipeline's model is loaded. */
    public static String pipeline(String name) {
        return PIPELINES + name;
    }

    /** Whether who is no member may send there: what nodes answer to all, and what is of neither nodes nor Vert.x. */
    public static boolean mayBeSentTo(String address) {
        return isOfOthers(address)
                || address.startsWith(MODELS)
                || address.startsWith(PIPELINES)
                || address.equals(PREDICTIONS_AFTER);
    }

    /** Whether who is no member may listen there: what nodes publish, and what is of neither nodes nor Vert.x. */
    public static boolean mayBeListenedAt(String address) {
        return isOfOthers(address) || address.equals(PREDICTIONS) || address.equals(EVENTS);
    }

    private static boolean isOfOthers(String address) {
        return !address.startsWith(OURS) && !address.startsWith(OF_VERTX);
    }
}
