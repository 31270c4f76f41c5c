package dev.augur.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that a machine can check. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.augur");
    private static final String BANNED =
            ".*(\\.|\\$)(Abstract|Common|Base)[A-Z].*|.*(Manager|Utils?|Helper|Impl|Base|Abstract|Info|Data|Context|Common|Misc|Engine|DTO)$";

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("dev.augur.(*)..").should().beFreeOfCycles());
        check(slices().matching("dev.augur.(**)").should().beFreeOfCycles());
    }

    @Test
    void onlyTheProgramUsesTheRoot() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.augur", "dev.augur.cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.augur"));
    }

    @Test
    void numbersAndErrorsUseTheJdkAlone() {
        check(classes()
                .that()
                .resideInAnyPackage(
                        "dev.augur.tensor", "dev.augur.error", "dev.augur.digest", "dev.augur.json", "dev.augur.model")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "dev.augur.tensor",
                        "dev.augur.error",
                        "dev.augur.digest",
                        "dev.augur.json",
                        "dev.augur.model",
                        "org.jspecify..",
                        "com.google.errorprone.."));
    }

    @Test
    void onlyHttpAndTheBridgeUseVertxWeb() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.augur.http..", "dev.augur.bridge..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.ext.web.."));
    }

    @Test
    void onlyOnnxUsesOnnxRuntime() {
        check(onlyIn("dev.augur.model.onnx..", "ai.onnxruntime.."));
    }

    @Test
    void onlyAccessReadsTokens() {
        check(onlyIn("dev.augur.access..", "io.vertx.ext.auth.."));
    }

    @Test
    void onlyClusterUsesHazelcast() {
        check(onlyIn("dev.augur.cluster..", "com.hazelcast.."));
    }

    @Test
    void onlySinksUseKafka() {
        check(onlyIn("dev.augur.predictionlog.sink..", "org.apache.kafka.."));
    }

    @Test
    void onlyTracingUsesOpenTelemetry() {
        check(onlyIn("dev.augur.tracing..", "io.opentelemetry..", "io.vertx.tracing.."));
    }

    @Test
    void onlyLoggingUsesLogback() {
        check(onlyIn("dev.augur.logging..", "ch.qos.logback.."));
    }

    @Test
    void onlyMetricsUsesMicrometer() {
        check(onlyIn("dev.augur.metrics..", "io.micrometer.."));
    }

    @Test
    void oneClassLeavesTheEventLoop() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(WorkerPool.class.getName())
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "executeBlocking",
                        call -> call.getTarget().getName().equals("executeBlocking")
                                && (call.getTargetOwner().isAssignableTo(Vertx.class)
                                        || call.getTargetOwner().isAssignableTo(WorkerExecutor.class)))));
    }

    @Test
    void nothingReachesIntoLibraries() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.augur.http.VertxChannel") // which says why
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.http.BufferBytes") // as this one does
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.bus.LastingLoop") // and this one
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.bus.Withdrawal") // and this one
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.bus.OtherMembers") // which asks the same cluster manager
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.bridge.UnreadPongs") // which says why
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.cluster.UnansweredConnections") // of Hazelcast
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are internal to Vert.x or Hazelcast",
                        (JavaClass type) -> type.getPackageName().matches("(io\\.vertx|com\\.hazelcast)\\..*")
                                && type.getPackageName().matches(".*\\.(impl|internal)(\\..*)?"))));
    }

    @Test
    void jsonIsSetUpInOnePlaceForEachPurpose() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.augur.protocol.ProtocolJson") // requests
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.protocol.RequestJson")
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.consumer.MessageBody") // those of the event bus, in that way
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.predictionlog.line.LineJson")
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.predictionlog.ledger.Markers") // the ledger's own small files
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.feature.http.JsonFeatures")
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.replay.ModelClient")
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.access.KeyFile")
                .and()
                .doNotHaveFullyQualifiedName("dev.augur.config.ConfigLoader")
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "builder of a mapper or a factory",
                        call -> call.getTarget().getName().equals("builder")
                                && call.getTargetOwner().getPackageName().startsWith("com.fasterxml.jackson")))
                .orShould()
                .callConstructor(ObjectMapper.class)
                .orShould()
                .callConstructor(JsonFactory.class));
    }

    /** A name that is not there any more would change nothing but the speed. */
    @Test
    void theFlagsOfTheJvmNameWhatIsThere() throws IOException {
        var names = Pattern.compile("-XX:CompileCommand=inline,([\\w.]+)::")
                .matcher(Files.readString(Path.of("conf/jvm.flags")))
                .results()
                .map(named -> named.group(1))
                .toList();
        assertThat(names).isNotEmpty().allMatch(CLASSES::contain);
    }

    /** The manifest of the program says what programs that embed say by flags. */
    @Test
    void theManifestOpensTheModulesOfTheFlags() throws IOException {
        var pom = Files.readString(Path.of("pom.xml"));
        var flags = Files.readString(Path.of("conf/modules.flags"));
        for (String what : List.of("Add-Exports", "Add-Opens")) {
            var told = Pattern.compile("<" + what + ">(.+)</" + what + ">").matcher(pom);
            assertThat(told.find()).isTrue();
            assertThat(told.group(1).split(" "))
                    .containsExactlyInAnyOrderElementsOf(
                            Pattern.compile("--" + what.toLowerCase(Locale.ROOT) + "=(\\S+)=ALL-UNNAMED")
                                    .matcher(flags)
                                    .results()
                                    .map(flag -> flag.group(1))
                                    .toList());
        }
    }

    @Test
    void noStaticFieldChanges() {
        check(fields().that().areStatic().should().beFinal());
    }

    @Test
    void whatMayBeAbsentIsAnOptionalWhereItIsReturned() {
        DescribedPredicate<JavaClass> optional = JavaClass.Predicates.equivalentTo(Optional.class);
        check(noCodeUnits()
                .that()
                .areDeclaredInClassesThat()
                .areNotRecords()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .haveRawParameterTypes(DescribedPredicate.anyElementThat(optional)));
        check(noMethods()
                .that()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .haveRawParameterTypes(DescribedPredicate.anyElementThat(optional)));
        check(noFields()
                .that()
                .areDeclaredInClassesThat()
                .areNotRecords()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .haveRawType(optional));
    }

    @Test
    void namesSayWhatAThingIs() {
        check(noClasses().should().haveNameMatching(BANNED));
    }

    @Test
    void onlyTheProgramTouchesTheProcess() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.augur.cli.Augur")
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "System.getenv, exit or halt",
                        call -> List.of("getenv", "exit", "halt")
                                        .contains(call.getTarget().getName())
                                && (call.getTargetOwner().isEquivalentTo(System.class)
                                        || call.getTargetOwner().isEquivalentTo(Runtime.class)))));
    }

    /** A test is given its Vert.x by its extension, which also closes it. */
    @Test
    void testsMakeNoVertxOfTheirOwn() {
        var programs = List.of("dev.augur.run.EmbeddedServer", "dev.augur.predictionlog.sink.SinkProgram");
        var ofOwnOptions = List.of(
                "dev.augur.testkit.Stranger", // a program of others
                "dev.augur.testkit.TestServer", // the transport of Entrance, and a short limit for event loops
                "dev.augur.tracing.TracingTest", // a tracer
                "dev.augur.feature.FetchesLoadTest"); // more event loops than a small machine would have
        noClasses()
                .that(DescribedPredicate.not(named(programs).or(named(ofOwnOptions))))
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "Vertx.vertx, builder or clusteredVertx",
                        call -> call.getTargetOwner().isEquivalentTo(Vertx.class)
                                && List.of("vertx", "builder", "clusteredVertx")
                                        .contains(call.getTarget().getName())))
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.OnlyIncludeTests())
                        .importPackages("dev.augur"));
    }

    @Test
    void noFileIsLongerThan350Lines() throws IOException {
        for (Path file : sources("main", "test", "jmh")) {
            assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(350);
        }
    }

    /** The formatter holds code; a text may be longer. */
    @Test
    void noLineIsLongerThan120CharactersButForTexts() throws IOException {
        for (Path file : sources("main", "test", "jmh")) {
            boolean block = false;
            for (String line : Files.readAllLines(file)) {
                if (!block && !line.contains("\"")) {
                    assertThat(line).as(file.toString()).hasSizeLessThanOrEqualTo(120);
                }
                block ^= line.split("\"\"\"", -1).length % 2 == 0;
            }
        }
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        for (Path file : sources("main")) {
            var description = file.resolveSibling("package-info.java");
            assertThat(description).exists();
            assertThat(Files.readString(description)).startsWith("/**");
        }
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> named(List<String> names) {
        return DescribedPredicate.describe("are one of " + names, type -> names.contains(type.getName()));
    }

    private static ArchRule onlyIn(String room, String... libraries) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries);
    }

    private static List<Path> sources(String... roots) throws IOException {
        var sources = new ArrayList<Path>();
        for (String root : roots) {
            try (Stream<Path> files = Files.walk(Path.of("src", root, "java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }
}
