package dev.augur.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.UUID;

/** A recording of the JDK's Flight Recorder, made in another JVM: samples of stacks, and no texts. Blocks. */
final class FlightRecording {
    private static final String SETTINGS = "diagnose.jfc";
    private static final long PAUSE_MILLIS = 100;
    private static final int PATIENCE_PAUSES = 100;

    private final Jcmd jcmd;
    private final long pid;
    private final String name = "augur-" + UUID.randomUUID();

    FlightRecording(Jcmd jcmd, long pid) {
        this.jcmd = jcmd;
        this.pid = pid;
    }

    /**
     * Makes one. Both processes need its folder, under one name: that of the temporary folder as the other one sees it,
     * which may be its own (PrivateTmp of systemd).
     */
    byte[] of(int seconds) throws IOException, InterruptedException {
        var theirs = Path.of("/tmp", name);
        var root = Path.of("/proc", String.valueOf(pid), "root");
        var ours = Files.isWritable(root.resolve("tmp")) ? root.resolve("tmp").resolve(name) : theirs;
        Files.createDirectory(ours);
        try {
            Files.setPosixFilePermissions(ours, PosixFilePermissions.fromString("rwxrwxrwx")); // it may be another user
            try (InputStream settings = Objects.requireNonNull(FlightRecording.class.getResourceAsStream(SETTINGS))) {
                Files.copy(settings, ours.resolve(SETTINGS));
            }
            Files.setPosixFilePermissions(ours.resolve(SETTINGS), PosixFilePermissions.fromString("rw-r--r--"));
            return record(theirs, ours, seconds);
        } finally {
            Files.deleteIfExists(ours.resolve(SETTINGS));
            Files.deleteIfExists(ours.resolve(name));
            Files.delete(ours);
        }
    }

    private byte[] record(Path theirs, Path ours, int seconds) throws IOException, InterruptedException {
        String said = jcmd.ask(pid, "JFR.start", "name=" + name, "settings=" + theirs.resolve(SETTINGS));
        if (!said.contains("Started recording")) {
            throw new IOException(said.strip());
        }
        Thread.sleep(seconds * 1_000L);
        said = jcmd.ask(pid, "JFR.stop", "name=" + name, "filename=" + theirs.resolve(name));
        var file = ours.resolve(name);
        for (int i = 0; i < PATIENCE_PAUSES && !Files.isReadable(file); i++) {
            Thread.sleep(PAUSE_MILLIS);
        }
        if (!Files.isReadable(file)) {
            throw new IOException(said.strip());
        }
        return Files.readAllBytes(file);
    }
}
