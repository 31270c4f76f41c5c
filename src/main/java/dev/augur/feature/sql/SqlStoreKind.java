package dev.augur.feature.sql;

import dev.augur.feature.FeatureStoreKind;
import dev.augur.feature.remote.RemoteSettings;
import dev.augur.feature.remote.Secret;
import dev.augur.setting.Section;
import io.vertx.pgclient.SslMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kind {@code sql}: features in PostgreSQL. Thread-safe. */
public final class SqlStoreKind implements FeatureStoreKind {
    private static final int PORT = 5432;
    private static final int PIPELINING = 8;
    private static final Section.Range<Integer> PIPELININGS = new Section.Range<>(1, 256);

    @Override
    public String name() {
        return "sql";
    }

    @Override
    public Opening read(Section settings) {
        var connect = connect(settings);
        var lookup = lookup(settings);
        var limits = RemoteSettings.limits(settings);
        if (connect == null || lookup == null) {
            return Opening.none();
        }
        var config = new SqlStoreConfig(settings.name(), connect, lookup, limits);
        return (vertx, workers) -> new SqlFeatureStore(vertx, config);
    }

    private static @Nullable SqlConnectConfig connect(Section settings) {
        try {
            return new SqlConnectConfig(
                    RemoteSettings.host(settings),
                    RemoteSettings.port(settings, PORT),
                    settings.text("database"),
                    settings.text("user"),
                    RemoteSettings.secret(settings, "password").orElse(new Secret("")),
                    settings.choice("ssl-mode", SslMode.class, SslMode.PREFER),
                    RemoteSettings.authority(settings),
                    settings.integer("pipelining", PIPELINING, PIPELININGS));
        } catch (IllegalArgumentException e) {
            settings.problem("ssl-mode", String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Either a table, or a query. */
    private static @Nullable SqlLookup lookup(Section settings) {
        String query = settings.text("query", "");
        String table = settings.text("table", "");
        String keyColumn = settings.text("key-column", "");
        var columns = settings.list("columns", List.of());
        boolean named = !table.isEmpty() && !keyColumn.isEmpty() && query.isEmpty();
        boolean written = !query.isEmpty() && table.isEmpty() && keyColumn.isEmpty() && columns.isEmpty();
        if (!named && !written) {
            settings.problem("query", "expected either table and key-column (and columns), or query");
            return null;
        }
        try {
            return named ? new SqlLookup.Table(table, keyColumn, columns) : new SqlLookup.Query(query);
        } catch (IllegalArgumentException e) {
            settings.problem(named ? "table" : "query", String.valueOf(e.getMessage()));
            return null;
        }
    }
}
