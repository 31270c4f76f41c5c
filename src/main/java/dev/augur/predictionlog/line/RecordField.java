package dev.augur.predictionlog.line;

/** The names of the fields of a record, as they stand in a line. {@code PREDICTION-LOG.md} says what they hold. */
public final class RecordField {
    public static final String SCHEMA_VERSION = "schema_version";
    /** What tells outcomes and the like from the records of predictions, which have none. */
    public static final String TYPE = "type";

    public static final String RECORD_ID = "record_id";
    public static final String PREDICTION_ID = "prediction_id";
    public static final String CLIENT_REQUEST_ID = "client_request_id";
    public static final String TRACE_ID = "trace_id";
    public static final String REPLAY_OF = "replay_of";
    public static final String PRINCIPAL = "principal";
    public static final String ITEM_ID = "item_id";
    public static final String ENDPOINT = "endpoint";
    public static final String NODE = "node";
    public static final String MODEL = "model";
    public static final String MODEL_VERSION = "model_version";
    public static final String ARTIFACT_DIGEST = "artifact_digest";
    public static final String FEATURE_SOURCE = "feature_source";
    public static final String STATUS = "status";
    public static final String HTTP_STATUS = "http_status";
    public static final String ERROR_CODE = "error_code";
    public static final String ERROR = "error";
    public static final String RECEIVED_AT = "received_at";
    public static final String FEATURES_AT = "features_at";
    public static final String QUEUED_AT = "queued_at";
    public static final String PREDICT_STARTED_AT = "predict_started_at";
    public static final String PREDICT_ENDED_AT = "predict_ended_at";
    public static final String RESPONDED_AT = "responded_at";
    public static final String OBSERVED_AT = "observed_at";
    public static final String UNTIL = "until";
    public static final String BATCH_ROWS = "batch_rows";
    public static final String COUNT = "count";
    public static final String REFUSED = "refused";
    public static final String INPUTS = "inputs";
    public static final String FEATURES = "features";
    public static final String OUTPUTS = "outputs";
    public static final String OUTCOME = "outcome";
    public static final String REDACTED = "redacted";
    /** The writer whose line it is; added by the ledger. */
    public static final String WRITER_ID = "writer_id";
    /** Which of the writer's lines it is; added by the ledger. */
    public static final String SEQ = "seq";

    private RecordField() {}
}
