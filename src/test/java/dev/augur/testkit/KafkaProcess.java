package dev.augur.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A Kafka broker on loopback that is its own controller, from the libraries that Maven brought. It makes no topics by
 * itself.
 */
public final class KafkaProcess {
    /** Who may log in where passwords are asked for. */
    public static final String USER = "augur";
    /** What they log in with. */
    public static final String PASSWORD = "correct-horse";

    private static final Path CLASS_PATH = Path.of("target", "kafka-broker.classpath");
    private static final String CLUSTER = "4L6g3nShT-eMCtK--X86sw";
    private static final int LIMIT_SECONDS = 30;

    private final int port;
    private final int securePort;
    private final Path folder;
    private final Certificate certificate;
    private ChildProcess process;

    private KafkaProcess(int port, int securePort, Path folder) throws Exception {
        this.port = port;
        this.securePort = securePort;
        this.folder = folder;
        this.certificate = Certificate.create(folder);
    }

    /** Makes an empty broker and starts it. */
    public static KafkaProcess start() throws Exception {
        var kafka = new KafkaProcess(
                ChildProcess.freePort(), ChildProcess.freePort(), Files.createTempDirectory("augur-kafka"));
        kafka.create();
        kafka.launch();
        return kafka;
    }

    /** Where everybody may connect. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Where TLS is spoken and a password asked for. */
    public String secureAddress() {
        return "127.0.0.1:" + securePort;
    }

    /** The authority to trust. */
    public Path authority() {
        return certificate.file();
    }

    /** Starts it again, on the same ports with the same topics. */
    public void launch() throws Exception {
        process = ChildProcess.start(java("kafka.Kafka", settings().toString()), "Kafka Server started");
    }

    /** Ends it at once. */
    public void kill() throws Exception {
        process.end("KILL");
    }

    /** Freezes it: it keeps its connections and does nothing. */
    public void pause() throws Exception {
        process.pause();
    }

    public void resume() throws Exception {
        process.resume();
    }

    /** Makes a topic with these settings of its own. */
    public void create(String topic, int partitions, Map<String, String> settings) throws Exception {
        try (var admin = Admin.create(client())) {
            var made = new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(settings);
            admin.createTopics(List.of(made)).all().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Gives a topic so many partitions. */
    public void enlarge(String topic, int partitions) throws Exception {
        try (var admin = Admin.create(client())) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                    .all()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** From now on {@link #USER} may write to this topic, and do nothing else with it. */
    public void allowWritingAlone(String topic) throws Exception {
        try (var admin = Admin.create(client())) {
            var writes = new AccessControlEntry("User:" + USER, "*", AclOperation.WRITE, AclPermissionType.ALLOW);
            var pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
            admin.createAcls(List.of(new AclBinding(pattern, writes))).all().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Everything in a topic, each partition in its order. */
    public List<ConsumerRecord<String, byte[]>> messages(String topic) {
        try (var consumer = new KafkaConsumer<>(client(), new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var messages = new ArrayList<ConsumerRecord<String, byte[]>>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(messages::add);
            }
            return messages;
        }
    }

    /** Ends it and removes its topics. */
    public void close() throws Exception {
        if (process.alive()) {
            process.end("KILL");
        }
        ChildProcess.run(List.of("rm", "-rf", folder.toString()));
    }

    private Map<String, Object> client() {
        return Map.of("bootstrap.servers", address(), "default.api.timeout.ms", 1_000 * LIMIT_SECONDS);
    }

    private Path settings() {
        return folder.resolve("server.properties");
    }

    private void create() throws Exception {
        Path keys = folder.resolve("keys.pem");
        Files.writeString(keys, Files.readString(certificate.keyFile()) + Files.readString(certificate.file()));
        int controller = ChildProcess.freePort();
        Files.writeString(
                settings(),
                """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%d
                controller.listener.names=CONTROLLER
                listeners=OPEN://127.0.0.1:%d,SECURE://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
                listener.security.protocol.map=OPEN:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=OPEN
                listener.name.secure.sasl.enabled.mechanisms=PLAIN
                listener.name.secure.plain.sasl.jaas.config=\
                  org.apache.kafka.common.security.plain.PlainLoginModule required user_%s="%s";
                ssl.keystore.type=PEM
                ssl.keystore.location=%s
                log.dirs=%s
                authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
                super.users=User:ANONYMOUS
                allow.everyone.if.no.acl.found=true
                auto.create.topics.enable=false
                log.cleaner.enable=false
                log.retention.ms=-1
                broker.session.timeout.ms=1000
                broker.heartbeat.interval.ms=200
                """
                        .formatted(
                                controller,
                                port,
                                securePort,
                                controller,
                                USER,
                                PASSWORD,
                                keys,
                                folder.resolve("topics")));
        ChildProcess.run(java(
                "kafka.tools.StorageTool",
                "format",
                "-t",
                CLUSTER,
                "-c",
                settings().toString()));
    }

    private static List<String> java(String program, String... arguments) throws Exception {
        if (!Files.exists(CLASS_PATH)) {
            throw new AssertionError("no " + CLASS_PATH + ": mvn process-test-resources makes it");
        }
        var command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
                "-cp",
                Files.readString(CLASS_PATH).strip(),
                program));
        command.addAll(List.of(arguments));
        return command;
    }
}
