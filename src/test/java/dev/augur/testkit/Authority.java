package dev.augur.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

/**
 * An authority that signs the certificates of nodes, made by the JDK's {@code keytool}.
 *
 * @param file its certificate, as PEM
 */
public record Authority(Path folder, Path file) {
    private static final String ALIAS = "authority";

    /** Makes one in that folder. */
    public static Authority create(Path folder) throws Exception {
        keytool(folder, ALIAS, List.of("-dname", "CN=authority", "-ext", "bc=ca:true", "-validity", "10"));
        return new Authority(
                folder, Certificate.pem(folder, ALIAS, store(folder)).file());
    }

    /**
     * A certificate for a node.
     *
     * @param names as {@code keytool} has them: {@code ip:127.0.0.1,dns:node}
     * @param more what else {@code keytool} is told
     */
    public Certificate sign(String alias, String names, String... more) throws Exception {
        var arguments = new ArrayList<>(List.of("-dname", "CN=" + alias, "-signer", ALIAS, "-ext", "san=" + names));
        arguments.addAll(List.of(more.length == 0 ? new String[] {"-validity", "2"} : more));
        keytool(folder, alias, arguments);
        return Certificate.pem(folder, alias, store(folder));
    }

    private static KeyStore store(Path folder) throws Exception {
        return KeyStore.getInstance(folder.resolve("all.p12").toFile(), Certificate.PASSWORD.toCharArray());
    }

    private static void keytool(Path folder, String alias, List<String> more) throws Exception {
        Files.createDirectories(folder);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-storetype",
                "PKCS12",
                "-storepass",
                Certificate.PASSWORD,
                "-keystore",
                folder.resolve("all.p12").toString()));
        command.addAll(more);
        ChildProcess.run(command);
    }
}
