package dev.augur.testkit;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A PostgreSQL server on loopback, from the programs that Maven brought, with a fresh database. Passwords are checked.
 */
public final class PostgresProcess {
    /** Who may log in; owns everything. */
    public static final String USER = "augur";
    /** What they log in with. */
    public static final String PASSWORD = "correct horse";
    /** The database that is there from the start. */
    public static final String DATABASE = "postgres";

    private static final String NOBODY = "65534";

    private final int port;
    private final Path programs;
    private final Path folder;
    private final Certificate certificate;
    private ChildProcess process;

    private PostgresProcess(int port, Path programs, Path folder) throws Exception {
        this.port = port;
        this.programs = programs;
        this.folder = folder;
        this.certificate = Certificate.create(folder);
    }

    /** Makes a database and starts the server. */
    public static PostgresProcess start() throws Exception {
        var postgres = new PostgresProcess(
                ChildProcess.freePort(), PostgresBinaries.programs(), Files.createTempDirectory("augur-pgdata"));
        postgres.create();
        postgres.launch();
        return postgres;
    }

    public int port() {
        return port;
    }

    /** The authority to trust; connections may be encrypted. */
    public Path authority() {
        return certificate.file();
    }

    /** Starts the server again, on the same port with the same database. */
    public void launch() throws Exception {
        process = ChildProcess.start(
                asAllowedUser(List.of(
                        programs.resolve("postgres").toString(),
                        "-D",
                        folder.resolve("db").toString(),
                        "-p",
                        String.valueOf(port),
                        "-c",
                        "listen_addresses=127.0.0.1,::1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off",
                        "-c",
                        "ssl=on",
                        "-c",
                        "ssl_cert_file=" + certificate.file(),
                        "-c",
                        "ssl_key_file=" + certificate.keyFile(),
                        "-c",
                        "max_connections=40",
                        "-c",
                        "shared_buffers=16MB")),
                "database system is ready to accept connections");
    }

    /** Ends the server as an operator does: connections are cut, the database is whole. */
    public void stop() throws Exception {
        process.end("INT");
    }

    /** Ends every process of the server at once. */
    public void kill() throws Exception {
        process.end("KILL");
    }

    /** Freezes every process of the server: it keeps its connections and does nothing. */
    public void pause() throws Exception {
        process.pause();
    }

    public void resume() throws Exception {
        process.resume();
    }

    /** No file of the server grows beyond this from now on: to it, the disk is full. Its log takes files of one MiB. */
    public void limitFiles(long bytes) throws Exception {
        limit(String.valueOf(bytes));
    }

    /** There is room again. */
    public void liftLimit() throws Exception {
        limit("unlimited");
    }

    /** Runs SQL, of one or several statements, and answers the first one's rows. */
    public RowSet<Row> execute(Vertx vertx, String sql) throws Exception {
        var options = new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setDatabase(DATABASE)
                .setUser(USER)
                .setPassword(PASSWORD);
        PgConnection connection = TestServer.await(PgConnection.connect(vertx, options));
        try {
            return TestServer.await(connection.query(sql).execute());
        } finally {
            TestServer.await(connection.close());
        }
    }

    /** The lines of its log. */
    public List<String> said() {
        return process.said();
    }

    /** Ends the server and removes its database. */
    public void close() throws Exception {
        if (process.alive()) {
            process.end("KILL");
        }
        ChildProcess.run(List.of("rm", "-rf", folder.toString()));
    }

    private void create() throws Exception {
        Path passwordFile = folder.resolve("password");
        Files.writeString(passwordFile, PASSWORD);
        if (root()) {
            ChildProcess.run(List.of("chown", "-R", NOBODY + ":" + NOBODY, folder.toString()));
        }
        ChildProcess.run(asAllowedUser(List.of(
                programs.resolve("initdb").toString(),
                "-D",
                folder.resolve("db").toString(),
                "-U",
                USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--wal-segsize=1",
                "--no-sync",
                "--locale=C")));
    }

    private void limit(String bytes) throws Exception {
        for (ProcessHandle member : process.family()) {
            var command = List.of("prlimit", "--pid", String.valueOf(member.pid()), "--fsize=" + bytes + ":");
            int set = new ProcessBuilder(asAllowedUser(command))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (set != 0 && member.isAlive()) {
                throw new AssertionError("could not limit the files of " + member.pid());
            }
        }
    }

    /** PostgreSQL refuses to run as root, so root runs it as nobody. */
    private static List<String> asAllowedUser(List<String> command) {
        if (!root()) {
            return command;
        }
        var whole = new ArrayList<>(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        whole.addAll(command);
        return whole;
    }

    private static boolean root() {
        return System.getProperty("user.name").equals("root");
    }
}
