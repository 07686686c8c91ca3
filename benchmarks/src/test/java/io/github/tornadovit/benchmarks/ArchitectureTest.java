package io.github.tornadovit.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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
    for (String module : new String[] {"base", "weights", "kernels", "engine"}) {
      assertThat(CLASSES).anyMatch(type -> type.getPackageName().startsWith(ROOT + module));
    }
  }

  @Test
  void dependenciesPointFromBenchmarksToEngineToKernelsAndWeightsToBase() {
    forbid("base..", "weights..", "kernels..", "engine..", "benchmarks..");
    forbid("weights..", "kernels..", "engine..", "benchmarks..");
    forbid("kernels..", "weights..", "engine..", "benchmarks..");
    forbid("engine..", "benchmarks..");
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

  @Test
  void theCommandLineUsesTheEngineAndNotTheOtherWayRound() {
    forbid("engine", "engine.cli..");
    forbid("engine.forward..", "engine.cli..", "engine.image..", "engine");
    forbid("engine.image..", "engine.cli..", "engine.forward..", "engine");
    forbid("engine.cli..", "engine.forward..", "kernels.program..");
    forbid("engine.stage..", "engine", "engine.forward..", "engine.image..", "kernels..");
  }

  @Test
  void theServiceStandsOnTheModelAndNotTheOtherWayRound() {
    forbid("engine", "engine.service..", "engine.micrometer..", "engine.doctor..");
    forbid("engine.service..", "engine.micrometer..", "engine.cli..", "engine.doctor..");
    forbid("engine.event..", "engine", "engine.service..", "engine.image..");
  }

  /** Who has no Micrometer must not miss it. */
  @Test
  void micrometerIsKnownToItsBinderAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "engine.micrometer..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..")
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "engine.cli..", ROOT + "benchmarks..")
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

  private static void forbid(String from, String... to) {
    String[] packages = new String[to.length];
    for (int i = 0; i < to.length; i++) {
      packages[i] = ROOT + to[i];
    }
    noClasses()
        .that()
        .resideInAPackage(ROOT + from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(CLASSES);
  }
}
