package dev.augur.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two hosts, each a network of Linux of its own, with a cable between them that can be pulled. It needs no rights where
 * everybody may make a user namespace, and else root.
 */
public final class CutNetwork implements AutoCloseable {
    private static final List<String> ROOT = List.of("unshare", "--net");
    private static final List<String> USER = List.of("unshare", "--user", "--map-root-user", "--net");
    private static final String TRIAL = "ip link add augur-va type veth peer name augur-vb && nsenter --version";
    private static final String SCRIPT = "set -e; ip link set lo up; unshare --net sleep infinity & far=$!;"
            + " until [ \"$(readlink /proc/$far/ns/net)\" != \"$(readlink /proc/$$/ns/net)\" ]; do sleep 0.01; done;"
            + " ip link add augur-va type veth peer name augur-vb netns $far;"
            + " ip addr add 10.77.7.1/24 dev augur-va; ip link set augur-va up;"
            + " nsenter -t $far -n sh -c 'ip link set lo up; ip addr add 10.77.7.2/24 dev augur-vb;"
            + " ip link set augur-vb up'; echo hosts $$ $far;"
            + " while read -r state; do ip link set augur-va $state; echo is $state; done; kill $far";

    private final AugurProcess keeper;
    private final boolean user;
    private final String[] pids;

    /** One of the two. */
    public enum Host {
        NEAR("10.77.7.1"),
        FAR("10.77.7.2");

        private final String address;

        Host(String address) {
            this.address = address;
        }

        public String address() {
            return address;
        }
    }

    private CutNetwork(AugurProcess keeper, boolean user) throws Exception {
        this.keeper = keeper;
        this.user = user;
        keeper.says("hosts ");
        this.pids = keeper.out().get(keeper.out().size() - 1).split(" ");
    }

    /** Why this machine cannot make one; {@code null}: it can. */
    public static @Nullable String whyNot() throws Exception {
        return said(USER).endsWith("0") || said(ROOT).endsWith("0")
                ? null
                : "networks cannot be made here: " + said(USER) + "; " + said(ROOT);
    }

    /** Makes it; its end takes what runs in it from the other's reach, no more. */
    public static CutNetwork make() throws Exception {
        boolean user = !said(ROOT).endsWith("0");
        return new CutNetwork(AugurProcess.launch(Map.of(), in(user ? USER : ROOT, "bash", "-c", SCRIPT)), user);
    }

    /** The command that runs another one there. */
    public List<String> at(Host host, String... command) {
        var enter = List.of("nsenter", "-t", pids[host == Host.NEAR ? 1 : 2], "-n");
        var entry = user ? Stream.concat(enter.stream(), Stream.of("-U", "--preserve-credentials")) : enter.stream();
        return in(entry.toList(), command);
    }

    /** Pulls the cable: what is sent is lost, and nobody is told. */
    public void cut() throws Exception {
        keeper.tell("down");
        keeper.says("is down");
    }

    public void heal() throws Exception {
        keeper.tell("up");
        keeper.says("is up");
    }

    @Override
    public void close() {
        for (int host = 2; host > 0; host--) {
            ProcessHandle.of(Long.parseLong(pids[host])).ifPresent(ProcessHandle::destroyForcibly);
        }
        keeper.close();
    }

    private static List<String> in(List<String> entry, String... command) {
        var whole = new ArrayList<>(entry);
        whole.addAll(List.of(command));
        return whole;
    }

    /** What the trial said, and its exit code. */
    private static String said(List<String> entry) throws Exception {
        var trial = new ProcessBuilder(in(entry, "sh", "-c", TRIAL))
                .redirectErrorStream(true)
                .start();
        String said = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said.trim() + " " + trial.waitFor();
    }
}
