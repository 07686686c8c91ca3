package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command {@code doctor}: its lines, its JSON and its exit code. */
class DoctorCommandTest {
  private static final boolean SDK = System.getenv("TORNADOVM_HOME") != null;

  private static void assumeNoSdk() {
    assumeFalse(SDK, "an SDK is named, and this is about there being none");
  }

  private static JsonNode check(CommandLineRun ran, String section, String name) {
    return ran.json()
        .get("checks")
        .valueStream()
        .filter(check -> check.get("section").asString().equals(section))
        .filter(check -> check.get("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everySectionHasALineAndTheExitCodeIsZeroWhereNothingWasAskedFor() {
    assumeNoSdk();
    CommandLineRun ran = CommandLineRun.of("doctor");
    assertThat(ran.exitCode()).as(ran.out()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().lines())
        .contains("java", "machine", "container", "tornadovm", "devices", "memory", "self-test");
    assertThat(ran.out())
        .contains("tornado-vit          0.1.0")
        .containsPattern("warning backend tornado .*\n +-> set TORNADOVM_HOME")
        .containsPattern("ok +cpu +largest difference to the reference")
        .containsPattern("\\d+ checks: 0 failed, ");
  }

  @Test
  void jsonHasEveryField() {
    CommandLineRun ran = CommandLineRun.of("doctor", "--no-self-test", "--format", "json");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.json().propertyNames()).containsExactly("status", "checks");
    if (!SDK) {
      assertThat(ran.json().get("status").asString()).isEqualTo("warning");
    }
    for (JsonNode check : ran.json().get("checks")) {
      assertThat(check.propertyNames())
          .containsExactly("section", "name", "status", "value", "remedy");
      assertThat(check.get("status").asString()).isIn("ok", "warning");
      assertThat(check.get("remedy").isNull())
          .isEqualTo(check.get("status").asString().equals("ok"));
    }
    assertThat(ran.out()).doesNotContain("self-test");
  }

  @Test
  void aBackendOrDeviceThatIsAskedForHasToWork() {
    assumeNoSdk();
    for (List<String> asked :
        List.of(List.of("--backend", "tornado"), List.of("--device", "999"))) {
      CommandLineRun ran =
          CommandLineRun.of(
              "doctor", "--no-self-test", asked.get(0), asked.get(1), "--format", "json");
      assertThat(ran.exitCode()).as(ran.out()).isEqualTo(1);
      assertThat(ran.json().get("status").asString()).isEqualTo("failure");
      JsonNode backend = check(ran, "devices", "backend tornado");
      assertThat(backend.get("status").asString()).isEqualTo("failure");
      assertThat(backend.get("remedy").asString()).contains("TORNADOVM_HOME");
    }
    assertThat(CommandLineRun.of("doctor", "--no-self-test", "--backend", "reference").exitCode())
        .isZero();
  }

  @Test
  void anSdkIsDescribedAndItsDevicePassesTheSelfTest() {
    assumeTrue(SDK, "no SDK is named by TORNADOVM_HOME, and this needs one with a device");
    CommandLineRun ran = CommandLineRun.of("doctor", "--backend", "tornado", "--format", "json");
    assertThat(ran.exitCode()).as(ran.out()).isZero();
    assertThat(check(ran, "tornadovm", "TORNADOVM_HOME").get("value").asString())
        .isEqualTo(System.getenv("TORNADOVM_HOME"));
    assertThat(check(ran, "tornadovm", "flags").get("value").asString()).isEqualTo("all present");
    assertThat(check(ran, "devices", "backend tornado").get("value").asString())
        .startsWith("usable, on ");
    JsonNode self = check(ran, "self-test", "tornado");
    assertThat(self.get("status").asString()).isEqualTo("ok");
    assertThat(self.get("value").asString()).startsWith("largest difference to the reference");
  }

  @Test
  void aModelThatIsAskedForIsOpenedAndItsMemoryCounted(@TempDir Path empty) {
    CommandLineRun ran =
        CommandLineRun.of(
            "doctor", "--no-self-test", "--format", "json", "--model", "../../weights/demo/vit");
    assertThat(ran.exitCode()).isZero();
    assertThat(check(ran, "memory", "model").get("value").asString())
        .contains("weights", "at batch 8", "heap");
    CommandLineRun missing =
        CommandLineRun.of(
            "doctor", "--no-self-test", "--format", "json", "--model", empty.toString());
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(check(missing, "memory", "model").get("value").asString()).contains("config.json");
  }

  @Test
  void aPrecisionIsALineAndMayBeAskedFor() {
    CommandLineRun ran =
        CommandLineRun.of("doctor", "--no-self-test", "--format", "json", "--model", VIT);
    assertThat(check(ran, "machine", "int8").get("value").asString()).startsWith("int8: ");
    CommandLineRun int8 =
        CommandLineRun.of(
            "doctor",
            "--precision",
            "int8",
            "--format",
            "json",
            "--backend",
            "cpu",
            "--model",
            VIT);
    assertThat(int8.exitCode()).as(int8.out()).isZero();
    assertThat(check(int8, "self-test", "cpu int8").get("value").asString())
        .startsWith("largest difference to the reference");
    assertThat(check(int8, "memory", "model").get("value").asString())
        .isNotEqualTo(check(ran, "memory", "model").get("value").asString());
    assertThat(
            CommandLineRun.of("doctor", "--precision", "int8", "--backend", "tornado").exitCode())
        .isEqualTo(2);
  }

  private static final String VIT = "../../weights/demo/vit";

  @Test
  void theEncodingOfNamesIsALine() {
    CommandLineRun ran = CommandLineRun.of("doctor", "--no-self-test", "--format", "json");
    assertThat(check(ran, "java", "encodings").get("value").asString())
        .startsWith("names of files " + System.getProperty("sun.jnu.encoding") + ", content ")
        .contains("; locale ");
  }

  @Test
  void whatIsOutOfRangeIsWrongUsage() {
    assertThat(CommandLineRun.of("doctor", "--batch", "0").exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("doctor", "--backend", "cpu", "--device", "0").exitCode())
        .isEqualTo(2);
    assertThat(CommandLineRun.of("doctor", "--format", "csv").exitCode()).isEqualTo(2);
  }
}
