package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import io.github.tornadovit.testing.Golden;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code devices}, and the option {@code --device}. */
class DevicesCommandTest {
  private static final String IMAGE = "../../weights/demo/images/with_mask/9000003.jpg";

  private static void assumeEmulator() {
    assumeTrue(
        TornadoVm.ofThisJvm().isEmulated(), "an SDK is in use, and this is about the emulator");
  }

  @Test
  void jsonHasEveryFieldOfBackendsDevicesAndAuto() {
    CommandLineRun ran = CommandLineRun.of("devices", "--format", "json");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).isEmpty();
    JsonNode facts = ran.json();
    assertThat(facts.propertyNames()).containsExactly("backends", "devices", "auto", "tornadovm");
    JsonNode backends = facts.get("backends");
    assertThat(backends.valueStream().map(node -> node.get("name").asString()))
        .containsExactly("reference", "cpu", "tornado");
    for (JsonNode backend : backends) {
      assertThat(backend.propertyNames())
          .containsExactly("name", "usable", "problem", "remedy", "device", "precisions");
      boolean usable = backend.get("usable").asBoolean();
      assertThat(backend.get("problem").isNull()).isEqualTo(usable);
      assertThat(backend.get("remedy").isNull()).isEqualTo(usable);
      assertThat(backend.get("device").isNull()).isEqualTo(!usable);
    }
    JsonNode cpu = backends.get(1).get("precisions");
    assertThat(cpu.valueStream().map(one -> one.get("name").asString()))
        .containsExactlyElementsOf(
            Arrays.stream(Precision.values()).map(Precision::label).toList());
    for (JsonNode one : cpu) {
      assertThat(one.get("device").isNull()).isNotEqualTo(one.get("problem").isNull());
      if (one.get("name").asString().equals("int8")) {
        assertThat(one.get("device").asString()).startsWith("int8: ");
      }
    }
    for (JsonNode one : backends.get(2).get("precisions")) {
      boolean has = one.get("problem").isNull();
      assertThat(one.get("device").isNull()).isEqualTo(!has);
      switch (one.get("name").asString()) {
        case "f32" -> assertThat(has).isTrue();
        case "f16" -> assertThat(one.toString()).contains("tensor cores");
        default -> assertThat(has).isFalse();
      }
    }
    assertThat(CommandLineRun.of("devices").out()).containsPattern("(?m)^int8 +cpu +int8: ");
    int index = 0;
    for (JsonNode device : facts.get("devices")) {
      assertThat(device.propertyNames())
          .containsExactly(
              "index",
              "name",
              "kind",
              "usable",
              "problem",
              "remedy",
              "tornado_backend",
              "f16",
              "platform",
              "compute_units",
              "memory_bytes",
              "max_allocation_bytes",
              "max_work_group_size",
              "local_memory_bytes");
      assertThat(device.get("index").asInt()).isEqualTo(index++);
      assertThat(device.get("memory_bytes").asLong()).isPositive();
    }
    assertThat(facts.get("auto").propertyNames()).containsExactly("backend", "device", "reason");
  }

  @Test
  void theEmulatorIsListedAndIsNoDevice() {
    assumeEmulator();
    CommandLineRun ran = CommandLineRun.of("devices");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).hasSize(11 + 2 * (Precision.values().length - 1) + 1);
    assertThat(lines.get(0)).matches("backend +usable +runs on");
    assertThat(lines.get(1)).matches("reference +yes +scalar.*");
    assertThat(lines.get(2)).matches("cpu +yes +.*thread.*");
    assertThat(lines.get(3)).matches("tornado +no +.*is no device; set TORNADOVM_HOME.*");
    assertThat(lines.get(5)).matches("device +kind +through .* usable +name");
    assertThat(lines.get(6))
        .matches("0 +gpu +opencl .* 4\\.0 GiB +4\\.0 GiB +\\d+ +\\d+ KiB +no +emulator-0-0");
    assertThat(lines.get(7)).matches("1 +cpu .* no +emulator-0-1");
    assertThat(lines.get(9)).matches("precision +on +runs on");
    assertThat(lines.get(10)).matches("\\w+ +reference +.*");
    assertThat(lines.getLast()).matches("auto takes cpu \\(.*\\): .* is no device");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "cpu", "EMULATOR-0-1"})
  void classifyAndEmbedRunOnTheDeviceThatIsNamed(String device) {
    assumeEmulator();
    String model = Golden.path("models/vit").toString();
    for (List<String> command :
        List.of(List.of("classify"), List.of("embed", "--backend", "tornado"))) {
      List<String> arguments = new ArrayList<>(command);
      arguments.addAll(List.of("--model", model, "--batch", "1", "--device", device, IMAGE));
      CommandLineRun ran = CommandLineRun.of(arguments.toArray(String[]::new));
      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(ran.err()).contains("device: tornado (emulator-0-1, TornadoVM emulator), ");
    }
  }

  @Test
  void eachDeviceOfAnSdkIsTakenByItsNumber() {
    assumeFalse(
        TornadoVm.ofThisJvm().isEmulated(), "no SDK is in use, and this is about its devices");
    JsonNode devices = CommandLineRun.of("devices", "--format", "json").json().get("devices");
    assertThat(devices.size()).isPositive();
    for (JsonNode device : devices) {
      CommandLineRun ran =
          CommandLineRun.of(
              "classify",
              "--model",
              Golden.path("models/vit").toString(),
              "--batch",
              "1",
              "--device",
              device.get("index").asString(),
              IMAGE);
      if (device.get("usable").asBoolean()) {
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("device: tornado (" + device.get("name").asString());
      } else {
        assertThat(ran.exitCode()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err()).contains(device.get("problem").asString());
      }
    }
  }

  @Test
  void theReasonIsSaidWithTheDevice() {
    String auto =
        TornadoVm.ofThisJvm().isEmulated()
            ? "device: cpu \\(.*\\), auto: TornadoVM's emulator checks kernels"
            : "device: (cpu|tornado) \\(.*\\), auto: \\S";
    assertThat(CommandLineRun.of("classify", IMAGE).err()).containsPattern(auto);
    assertThat(CommandLineRun.of("embed", "--backend", "cpu", IMAGE).err())
        .containsPattern("device: cpu \\(.*\\), asked for by name");
  }

  @Test
  void aDeviceThatIsNotThereIsOneLine() {
    for (String device : List.of("999", "no such device")) {
      CommandLineRun ran = CommandLineRun.of("classify", "--device", device, IMAGE);
      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err().lines()).hasSize(1);
      assertThat(ran.err()).startsWith("tornado-vit: backend 'tornado': ").contains(device, "0 '");
    }
  }

  @Test
  void aDeviceForABackendOnTheHostIsWrongUsage() {
    for (String backend : List.of("cpu", "reference")) {
      CommandLineRun ran =
          CommandLineRun.of("classify", "--backend", backend, "--device", "0", IMAGE);
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err())
          .startsWith("device is '0' and backend is " + backend + ", which runs on the host");
    }
    CommandLineRun blank = CommandLineRun.of("embed", "--device", " ", IMAGE);
    assertThat(blank.exitCode()).isEqualTo(2);
    assertThat(blank.err()).startsWith("device is blank, expected a number or a name");
    assertThat(CommandLineRun.of("devices", "--format", "csv").exitCode()).isEqualTo(2);
  }

  /** As a user's JVM is: no class of TornadoVM or its emulator anywhere. */
  @Test
  void withoutTornadoNothingFailsAndStandardErrorIsEmpty(@TempDir Path folder)
      throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("emulator") && !entry.contains("tornado-api"))
            .collect(Collectors.joining(File.pathSeparator));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dtornadovit.vectorBits=0",
                "-cp",
                classPath,
                Main.class.getName(),
                "devices",
                "--format",
                "json")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    assertThat(Files.readString(err, StandardCharsets.UTF_8)).isEmpty();
    JsonNode facts = JsonMapper.shared().readTree(Files.readString(out, StandardCharsets.UTF_8));
    assertThat(facts.get("devices").size()).isZero();
    assertThat(facts.get("backends").get(2).get("usable").asBoolean()).isFalse();
    assertThat(facts.get("auto").get("backend").asString()).isEqualTo("cpu");
    assertThat(facts.get("auto").get("reason").asString())
        .isEqualTo("this JVM was started without TornadoVM");
  }
}
