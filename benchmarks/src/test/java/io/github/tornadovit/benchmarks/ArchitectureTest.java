package io.github.tornadovit.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house: dependencies point one way, and each concern stays in its place. */
class ArchitectureTest {
  private static final String ROOT = "io.github.tornadovit.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.github.tornadovit");

  @Test
  void everyModuleIsLookedAt() {
    for (String module :
        new String[] {"base", "weights", "hub", "kernels", "engine", "cli", "spark"}) {
      assertThat(CLASSES).anyMatch(type -> type.getPackageName().startsWith(ROOT + module));
    }
  }

  /** As the pom says it, from the command line, Spark and the benchmarks down to the base. */
  @Test
  void dependenciesPointOneWay() {
    forbid("base..", "weights..", "hub..", "kernels..", "engine..");
    forbid("weights..", "hub..", "kernels..", "engine..");
    forbid("hub..", "kernels..", "engine..");
    forbid("kernels..", "weights..", "hub..", "engine..");
    forbid("engine..", "hub..");
    for (String part : new String[] {"base..", "weights..", "hub..", "kernels..", "engine.."}) {
      forbid(part, "cli..", "benchmarks..", "spark..");
    }
    forbid("cli..", "benchmarks..", "spark..");
    forbid("benchmarks..", "cli..", "spark..");
    forbid("spark..", "cli..", "benchmarks..");
  }

  @Test
  void packagesOfWeightsAndOfBaseDependOneWay() {
    slices().matching(ROOT + "weights.(*)..").should().beFreeOfCycles().check(CLASSES);
    forbid("base.file", "base", "base.tensor");
    forbid("base", "base.tensor");
  }

  /** Who runs operations reads no checkpoint: nothing of JSON, of the network or of images. */
  @Test
  void kernelsAndBaseNeedTheJdkAlone() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "base..", ROOT + "kernels..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..", "com.fasterxml..", "java.net.http..")
        .check(CLASSES);
  }

  /**
   * TornadoVM calls a kernel as its method. Where OpenCL C has a function of that name the source
   * does not compile, no error is told, and the launch takes the JVM along.
   */
  @Test
  void noKernelIsCalledLikeAFunctionOfOpenClC() {
    var functions =
        Set.of(
            ("all any barrier clamp clz cos cross degrees distance dot exp fabs fma fmax fmin hadd "
                    + "length log mad max min mix mul24 normalize popcount pow prefetch printf "
                    + "radians rint rotate round select shuffle sign sin sqrt step sub_sat tan tanh")
                .split(" "));
    var kernels =
        CLASSES.stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(
                method ->
                    method.getRawParameterTypes().stream()
                        .findFirst()
                        .filter(first -> first.getSimpleName().equals("KernelContext"))
                        .isPresent())
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .toList();
    assertThat(kernels).extracting(JavaMethod::getName).contains("attention", "linear");
    assertThat(kernels).noneMatch(kernel -> functions.contains(kernel.getName()));
  }

  @Test
  void theEngineIsLayered() {
    forbid("engine.forward..", "engine.image..", "engine");
    forbid("engine.image..", "engine.forward..", "engine");
    forbid("engine.image.webp..", "engine.image");
    forbid("engine.image.codec..", "engine.image", "engine.image.webp..");
    forbid("engine.stage..", "engine", "engine.forward..", "engine.image..", "kernels..");
    forbid("cli..", "engine.forward..", "engine.event..", "kernels.program..");
  }

  @Test
  void theServiceStandsOnTheModelAndNotTheOtherWayRound() {
    forbid("engine", "engine.service..", "engine.micrometer..");
    forbid("engine.service..", "engine.micrometer..");
    forbid("engine.event..", "engine", "engine.service..", "engine.image..");
  }

  /** Who embeds the engine gets no command line, and no HTTP client without the hub. */
  @Test
  void librariesAreKnownWhereTheyAreNeeded() {
    onlyIn("picocli..", "cli..", "benchmarks..", "spark..");
    onlyIn("org.apache..", "spark..");
    onlyIn("java.net.http..", "hub..", "benchmarks.load..");
    onlyIn("com.sun.net.httpserver..", "cli.serve..");
  }

  /** Who has no Micrometer must not miss it. */
  @Test
  void micrometerIsKnownToItsBinderAndTheServerAlone() {
    onlyIn("io.micrometer..", "engine.micrometer..", "cli.serve..");
  }

  /** But for what a driver's native code prints of itself, which is led to standard error. */
  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "cli..", ROOT + "benchmarks..")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "kernels.tornado.NativeOutput")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void imagesAreKnownToTheEngineAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt..", "javax.imageio..")
        .check(CLASSES);
  }

  /** What we measure ourselves with and against is no part of the product. */
  @Test
  void peersAndHarnessAreKnownToBenchmarksAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "benchmarks..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.onnxruntime..", "ai.djl..", "org.openjdk.jmh..")
        .check(CLASSES);
  }

  private static void onlyIn(String library, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackages(own(packages))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }

  private static String[] own(String... packages) {
    return Stream.of(packages).map(name -> ROOT + name).toArray(String[]::new);
  }

  private static void forbid(String from, String... to) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(own(to))
        .check(CLASSES);
  }
}
