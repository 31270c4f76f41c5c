package dev.augur.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server program that a test runs, stops, freezes and kills, with the processes it has started itself. */
public final class ChildProcess {
    private static final int LEAST_PORT = 10_000;
    private static final int SYSTEM_PORTS = 32_768; // those of Linux begin there
    private static final int NEXT_PORTS = 8;

    private static final long LIMIT_SECONDS = 30;

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private ChildProcess(Process process) {
        this.process = process;
    }

    /** Runs it and waits until it has said that. */
    static ChildProcess start(List<String> command, String readyLine) throws Exception {
        var started = new ChildProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        // A test run that is broken off leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(started.process::destroyForcibly));
        var reader = new Thread(started::read);
        reader.setDaemon(true);
        reader.start();
        TestServer.eventually(
                () -> started.lines.stream().anyMatch(line -> line.contains(readyLine)) || !started.process.isAlive());
        if (!started.process.isAlive()) {
            throw new AssertionError(command.get(0) + " did not start: " + started.lines);
        }
        return started;
    }

    /** Runs it to its end, which must be a good one. */
    static void run(List<String> command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + said);
        }
    }

    /**
     * A port on loopback that nobody uses now, nor the next few. It is none that the system gives to whoever asks for
     * any, so no other test takes it before it is used.
     */
    public static int freePort() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(LEAST_PORT, SYSTEM_PORTS - NEXT_PORTS);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port from " + LEAST_PORT + " to " + SYSTEM_PORTS);
    }

    private static boolean isFree(int first) {
        for (int port = first; port < first + NEXT_PORTS; port++) {
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assert socket.isBound();
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }

    /** The lines it has written. */
    List<String> said() {
        return List.copyOf(lines);
    }

    /** Freezes it: it keeps its connections and does nothing. */
    void pause() throws Exception {
        signal("STOP", family().stream());
    }

    /** Lets it go on. */
    void resume() throws Exception {
        signal("CONT", family().stream());
    }

    /** It, and all that it has started and that still run. */
    List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    /** Asks it to end, by that signal, and waits for the end. */
    void end(String signal) throws Exception {
        var family = family();
        signal(signal, signal.equals("KILL") ? family.stream() : Stream.of(process.toHandle()));
        for (ProcessHandle member : family) {
            member.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    private static void signal(String name, Stream<ProcessHandle> targets) throws Exception {
        for (ProcessHandle target : targets.toList()) {
            int sent = new ProcessBuilder("kill", "-" + name, String.valueOf(target.pid()))
                    .start()
                    .waitFor();
            if (sent != 0 && target.isAlive()) {
                throw new AssertionError("could not send " + name + " to " + target.pid());
            }
        }
    }

    private void read() {
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            in.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException ended) {
            lines.add("(stream ended: " + ended.getMessage() + ")");
        }
    }
}
