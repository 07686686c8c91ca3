package io.github.tornadovit.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.cli.doctor.Finding.Status;
import io.github.tornadovit.engine.MemoryEstimate;
import io.github.tornadovit.kernels.backend.BackendChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each thing that can be found is taken for, and what the doctor says to do. */
class ChecksTest {
  @Test
  void flagsOfOthersAreNotShown() {
    assertThat(
            JavaChecks.flags(
                List.of(
                    "-Xmx2g",
                    "-Dtornado.recover.bailout=False",
                    "-Dpassword=secret",
                    "--add-exports=a/b=c",
                    "--add-opens=a/b=c")))
        .isEqualTo(
            "-Xmx2g -Dtornado.recover.bailout=False (and 2 exports) (and 1 properties that are not"
                + " ours)");
    assertThat(JavaChecks.flags(List.of())).isEqualTo("none");
  }

  @Test
  void theFastestInnerLoopsThereAreAreAsTheyShouldBe() {
    assertThat(MachineChecks.loops("AVX2 machine code, 2 threads").status()).isEqualTo(Status.OK);
    assertThat(
            MachineChecks.loops(
                    "128-bit vectors, no machine code: there is none for Linux on aarch64, 4 threads")
                .status())
        .isEqualTo(Status.OK);
    Finding forbidden =
        MachineChecks.loops(
            "256-bit vectors, no machine code: start Java with --enable-native-access=ALL-UNNAMED");
    assertThat(forbidden.status()).isEqualTo(Status.WARNING);
    assertThat(forbidden.remedy()).contains("--enable-native-access");
    assertThat(MachineChecks.loops("scalar, 2 threads").status()).isEqualTo(Status.WARNING);
  }

  @Test
  void vectorsAreCountedInBits() {
    assertThat(MachineChecks.vectors("64").value()).isEqualTo("512 bits");
    assertThat(MachineChecks.vectors("8").status()).isEqualTo(Status.WARNING);
    assertThat(MachineChecks.vectors("").value()).isEqualTo("none, or not known");
  }

  @Test
  void anSdkIsDescribedAndWhatIsNoneIsAFailure(@TempDir Path folder) throws Exception {
    Path jars = Files.createDirectories(folder.resolve("share/java/tornado"));
    List<Finding> empty = TornadoChecks.run(folder.toString());
    assertThat(empty.get(2).status()).isEqualTo(Status.FAILURE);
    assertThat(empty.get(2).value()).isEqualTo("none of ptx, cuda and opencl");

    Files.createFile(jars.resolve("tornado-drivers-opencl-5.2.0-jdk25.jar"));
    Files.createFile(jars.resolve("tornado-drivers-ptx-jni-5.2.0-jdk25.jar"));
    Path api = Files.createFile(jars.resolve("tornado-api-5.2.0-jdk25.jar"));
    assertThat(TornadoChecks.run(folder.toString()))
        .extracting(Finding::value)
        .startsWith(folder.toString(), "5.2.0-jdk25, tried", "opencl");
    Files.move(api, jars.resolve("tornado-api-8.2.0-jdk22plus.jar"));
    Finding later = TornadoChecks.run(folder.toString()).get(1);
    assertThat(later.status()).isEqualTo(Status.WARNING);
    assertThat(later.value()).startsWith("8.2.0-jdk22plus, not tried");

    Finding none = TornadoChecks.run(folder.resolve("none").toString()).getFirst();
    assertThat(none.status()).isEqualTo(Status.FAILURE);
    assertThat(none.value()).endsWith("none is no SDK: share/java/tornado is missing");
    assertThat(TornadoChecks.run(null).getFirst().status()).isEqualTo(Status.OK);
  }

  @Test
  void missingFlagsAreNamed() {
    Finding finding = TornadoChecks.flags(List.of("-XX:+EnableJVMCI", "-Dtornado.recover.bailout"));
    assertThat(finding.status()).isEqualTo(Status.FAILURE);
    assertThat(finding.value()).isEqualTo("missing: -XX:+EnableJVMCI, -Dtornado.recover.bailout");
    assertThat(TornadoChecks.flags(List.of()).status()).isEqualTo(Status.OK);
  }

  @Test
  void aModelThatDoesNotFitIsAFailureThatSaysHowMuchItNeeds() {
    Question question =
        new Question("0", "p", Path.of("vit"), 8, BackendChoice.AUTO, null, Precision.F32, false);
    MemoryEstimate estimate = new MemoryEstimate(300L << 20, 100L << 20, 0, 1);
    Finding tight = MemoryChecks.need(estimate, question, 400L << 20, 1);
    assertThat(tight.status()).isEqualTo(Status.FAILURE);
    assertThat(tight.value())
        .isEqualTo("vit: weights 300 MiB and activations 100 MiB at batch 8, of 400 MiB heap");
    assertThat(tight.remedy()).startsWith("start Java with -Xmx500m or more");
    assertThat(MemoryChecks.need(estimate, question, 2L << 30, 1).status()).isEqualTo(Status.OK);
  }

  @Test
  void whatLiesOutsideTheHeapNeedsNoneOfIt() {
    Question question =
        new Question("0", "p", Path.of("vit"), 8, BackendChoice.AUTO, null, Precision.INT8, false);
    MemoryEstimate estimate = new MemoryEstimate(300L << 20, 100L << 20, 250L << 20, 1);
    Finding finding = MemoryChecks.need(estimate, question, 200L << 20, 260L << 20);
    assertThat(finding.status()).isEqualTo(Status.OK);
    assertThat(finding.value())
        .isEqualTo(
            "vit: weights 300 MiB and activations 100 MiB at batch 8, 250 MiB of them outside the heap, of 260 MiB there, of 200 MiB heap");
    assertThat(MemoryChecks.need(estimate, question, 150L << 20, 260L << 20).remedy())
        .startsWith("start Java with -Xmx187m or more");
    assertThat(MemoryChecks.need(estimate, question, 200L << 20, 250L << 20).remedy())
        .startsWith("start Java with -XX:MaxDirectMemorySize=312m or more");
  }

  @Test
  void differencesOfASelfTestAreTheLargestAndNanIsKept() {
    List<float[]> expected = List.of(new float[] {1, 2}, new float[] {3, 4});
    assertThat(SelfTests.largestDifference(expected, expected)).isZero();
    assertThat(
            SelfTests.largestDifference(
                List.of(new float[] {1, 2.5F}, new float[] {3, 4.25F}), expected))
        .isEqualTo(0.5);
    assertThat(
            SelfTests.largestDifference(
                List.of(new float[] {Float.NaN, 2}, new float[] {3, 4}), expected))
        .isNaN();
  }
}
