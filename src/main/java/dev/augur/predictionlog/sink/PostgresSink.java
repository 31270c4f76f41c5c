package dev.augur.predictionlog.sink;

import dev.augur.predictionlog.ledger.LedgerLine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a table of PostgreSQL, which it makes and brings up to date itself. A batch is one statement; a record that is
 * there already is left as it is. A record whose content PostgreSQL refuses (SQLSTATE 22, also without the table, and
 * 54) goes, whole and with the reason, into the table {@code …_refused}; any other failure fails the batch: a
 * constraint, a column that is missing or has another type, a missing right, no space. Confined to one event loop;
 * {@link #prepare} runs on a worker thread, the counters are thread-safe.
 */
final class PostgresSink implements Sink<List<PredictionRow>> {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSink.class);
    /** How much longer than the server we wait, so that its own answer comes first. */
    private static final long GRACE_MILLIS = 2_000;

    private final Vertx vertx;
    private final PostgresConfig config;
    private final PostgresTable table;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong altered = new AtomicLong();
    private @Nullable Pool ready;
    private int piece; // rows of one statement: fewer for a while after one that took too long

    PostgresSink(Vertx vertx, PostgresConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.table = new PostgresTable(config.table());
        this.piece = config.limits().batchRecords();
    }

    @Override
    public String name() {
        return PostgresSinkKind.NAME;
    }

    @Override
    public List<PredictionRow> prepare(List<LedgerLine> lines) {
        var rows = lines.stream().map(PredictionRow::of).toList();
        altered.addAndGet(rows.stream().filter(PredictionRow::altered).count());
        return rows;
    }

    @Override
    public Future<Void> write(List<PredictionRow> batch) {
        var pool = ready == null ? open() : ready;
        var made = ready == null
                ? bounded(table.migrate(pool).compose(migrated -> view(pool)))
                : Future.<Void>succeededFuture();
        ready = pool;
        return made.compose(there -> store(pool, batch)).onFailure(failure -> drop(pool));
    }

    private Future<Void> view(Pool pool) {
        return table.migrateView(pool).recover(failure -> {
            LOG.info("sink postgres: the view of outcomes is not there: {}", String.valueOf(failure.getMessage()));
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<Void> close() {
        var pool = ready;
        ready = null;
        return pool == null ? Future.succeededFuture() : pool.close();
    }

    @Override
    public long refused() {
        return refused.get();
    }

    @Override
    public long altered() {
        return altered.get();
    }

    /** All of a batch, or as much of it as can be stored; halves are stored in order. */
    private Future<Void> store(Pool pool, List<PredictionRow> rows) {
        if (rows.size() > piece) {
            return inTwo(pool, rows, piece);
        }
        return bounded(pool.preparedQuery(table.insert())
                        .execute(parameters(rows))
                        .<Void>mapEmpty())
                .onComplete(answer -> adapt(answer.cause(), rows.size()))
                .recover(failure -> {
                    if (!refusesContent(failure)) {
                        return Future.failedFuture(failure);
                    }
                    return rows.size() == 1 ? refuse(pool, rows, failure) : inTwo(pool, rows, rows.size() / 2);
                });
    }

    /** A table that somebody altered may refuse what is as it should be: that is not the record's fault, and waits. */
    private Future<Void> refuse(Pool pool, List<PredictionRow> row, Throwable reason) {
        if (tooLarge(reason)) {
            return setAside(pool, row.get(0), reason);
        }
        return bounded(pool.preparedQuery(table.convert()).execute(parameters(row)))
                .transform(converted -> converted.failed() && refusesContent(converted.cause())
                        ? setAside(pool, row.get(0), reason)
                        : Future.failedFuture(converted.failed() ? converted.cause() : reason));
    }

    private Future<Void> inTwo(Pool pool, List<PredictionRow> rows, int first) {
        return store(pool, rows.subList(0, first)).compose(stored -> store(pool, rows.subList(first, rows.size())));
    }

    private void adapt(@Nullable Throwable failure, int rows) {
        if (failure == null) {
            piece = Math.min(piece + 1 + piece / 8, config.limits().batchRecords());
        } else if (tookTooLong(failure)) {
            piece = Math.max(1, rows / 2);
        }
    }

    private Future<Void> setAside(Pool pool, PredictionRow row, Throwable reason) {
        LOG.error(
                "sink postgres: record {} (writer {}, seq {}) is refused and goes into the table of refused ones: {}",
                row.field("record_id"),
                row.writer(),
                row.seq(),
                String.valueOf(reason.getMessage()));
        var values = Tuple.of(
                row.writer(), row.seq(), row.field("record_id"), reason.getMessage(), Buffer.buffer(row.line()));
        return bounded(pool.preparedQuery(table.insertRefused()).execute(values).<Void>mapEmpty())
                .onSuccess(stored -> refused.incrementAndGet());
    }

    private static Tuple parameters(List<PredictionRow> rows) {
        var values = Tuple.tuple();
        values.addArrayOfString(texts(rows, PredictionRow::writer));
        values.addArrayOfLong(rows.stream().map(PredictionRow::seq).toArray(Long[]::new));
        for (String field : PredictionRow.FIELDS) {
            values.addArrayOfString(texts(rows, row -> row.field(field)));
        }
        return values.addArrayOfString(texts(rows, PredictionRow::json));
    }

    private static String[] texts(List<PredictionRow> rows, Function<PredictionRow, @Nullable String> text) {
        return rows.stream().map(text).toArray(String[]::new);
    }

    /** Data exceptions, and what is too large for any row. */
    private static boolean refusesContent(Throwable failure) {
        return state(failure).startsWith("22") || tooLarge(failure);
    }

    private static boolean tooLarge(Throwable failure) {
        return state(failure).startsWith("54");
    }

    private static String state(Throwable failure) {
        return failure instanceof PgException answer ? String.valueOf(answer.getSqlState()) : "";
    }

    private static boolean tookTooLong(Throwable failure) {
        return failure instanceof TimeoutException
                || (failure instanceof PgException answer && "57014".equals(answer.getSqlState()));
    }

    /** The client has no time limit of its own for a server that accepts and then says nothing. */
    private <T> Future<T> bounded(Future<T> answer) {
        return answer.timeout(config.limits().timeout().toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whatever failed, the next try begins with a fresh connection and looks at the table again. */
    private void drop(Pool pool) {
        if (ready == pool) {
            ready = null;
        }
        pool.close().onFailure(failure -> LOG.debug("sink postgres: connection not closed in order", failure));
    }

    private Pool open() {
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(1).setConnectionTimeout(0))
                .connectingTo(options())
                .withConnectHandler(this::limitTime)
                .using(vertx)
                .build();
    }

    private PgConnectOptions options() {
        var address = config.address();
        var options = new PgConnectOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setDatabase(address.database())
                .setUser(config.login().user())
                .setSslMode(config.encryption().mode())
                .setSslOptions(ssl())
                .setUseLayer7Proxy(true); // a proxy may forget what was prepared for a connection
        config.login().password().ifPresent(options::setPassword);
        options.getProperties().remove("extra_float_digits"); // refused by proxies; numbers are only written
        return options.addProperty("application_name", "augur");
    }

    /** Not a parameter of the start, which proxies such as PgBouncer refuse. */
    private void limitTime(SqlConnection connection) {
        connection
                .query("SET statement_timeout = " + config.limits().timeout().toMillis())
                .execute()
                .eventually(connection::close)
                .onFailure(lost -> LOG.debug("sink postgres: the time of statements is not limited", lost));
    }

    private ClientSSLOptions ssl() {
        var encryption = config.encryption();
        var options = new ClientSSLOptions().setTrustAll(encryption.authority().isEmpty());
        encryption
                .authority()
                .ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        return options.setHostnameVerificationAlgorithm(encryption.mode() == SslMode.VERIFY_FULL ? "HTTPS" : "");
    }
}
