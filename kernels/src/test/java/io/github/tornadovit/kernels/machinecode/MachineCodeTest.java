package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.kernels.backend.CpuBackend;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When there is machine code, and what is said when there is none. */
class MachineCodeTest {
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  private static void assumeMachineCode() {
    assumeTrue(
        ThisMachine.has(InstructionSet.AVX2), "this machine cannot run " + InstructionSet.AVX2);
  }

  @Test
  void isThereWhereItCanBe() {
    assumeMachineCode();
    MachineCode code = MachineCode.of(new ScalarLoops());
    InstructionSet best =
        ThisMachine.has(InstructionSet.AVX512) ? InstructionSet.AVX512 : InstructionSet.AVX2;
    assertThat(code.reason()).isEmpty();
    assertThat(code.loops())
        .isInstanceOfSatisfying(
            MachineLoops.class,
            loops -> assertThat(loops.description()).isEqualTo(best.label() + " machine code"));
  }

  /**
   * What gives wrong answers is left out, and all else goes on without it: that a processor has it
   * is not seen elsewhere. Flags of AMX are taken away, so that the vector code has to do it; those
   * of VNNI as well, for what older processors do.
   */
  @ParameterizedTest
  @CsvSource({"AVX512, amx", "AVX512, amx|vnni", "AVX2, amx", "AVX2, amx|vnni"})
  void codedLoopsAreThereWhereTheyCanBe(InstructionSet set, String without) {
    assumeTrue(ThisMachine.has(set), "this machine cannot run " + set);
    Set<String> flags =
        MachineCode.processorFlags().stream()
            .filter(flag -> !Pattern.compile(without).matcher(flag).find())
            .collect(Collectors.toSet());
    MachineLoops loops = new MachineLoops(set, flags, new ScalarLoops());
    assertThat(loops.int8().description()).isEqualTo(Int8Form.of(set, flags).label(set));
    assertThat(loops.bf16() != null).as("has bf16").isEqualTo(set.hasBf16(flags));
  }

  @Test
  void aPropertySwitchesItOff() {
    MachineCode code = with(MachineCode.PROPERTY, "false");
    assertThat(code.loops()).isNull();
    assertThat(code.reason())
        .isEqualTo("switched off by the system property tornadovit.machineCode");
  }

  @ParameterizedTest
  @CsvSource({
    "os.name,Mac OS X,Mac OS X on ",
    "os.name,Windows 11,Windows 11 on ",
    "os.arch,aarch64, on aarch64",
    "os.arch,x86, on x86"
  })
  void otherSystemsHaveNone(String property, String value, String named) {
    MachineCode code = with(property, value);
    assertThat(code.loops()).isNull();
    assertThat(code.reason()).startsWith("there is none for ").contains(named.strip());
  }

  /** The answer while a system property has another value. */
  private static MachineCode with(String property, String value) {
    String before = System.getProperty(property);
    System.setProperty(property, value);
    try {
      return MachineCode.of(new ScalarLoops());
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  @Test
  void withoutNativeAccessItNamesTheFlagAndVectorsDoTheWork() throws Exception {
    assumeMachineCode();
    List<String> lines = runMain(VECTORS);
    assertThat(lines)
        .contains("reason: start Java with " + NATIVE_ACCESS)
        .anyMatch(
            line ->
                line.matches(
                    "device: .*\\d+-bit vectors, no machine code: start Java with "
                        + NATIVE_ACCESS
                        + ", 2 threads.*"))
        .contains("result: [17.0, 21.0]")
        .noneMatch(line -> line.contains("restricted") || line.contains("native access"));
  }

  @Test
  void withNativeAccessItDoesTheWork() throws Exception {
    assumeMachineCode();
    List<String> lines = runMain(VECTORS, NATIVE_ACCESS);
    assertThat(lines)
        .contains("reason: ")
        .anyMatch(line -> line.matches("device: .* machine code, 2 threads.*"))
        .contains("result: [17.0, 21.0]")
        .noneMatch(line -> line.contains("restricted"));
  }

  @Test
  void worksWithoutTheVectorModule() throws Exception {
    assumeMachineCode();
    List<String> lines = runMain(NATIVE_ACCESS);
    assertThat(lines)
        .anyMatch(line -> line.matches("device: .* machine code, 2 threads.*"))
        .contains("result: [17.0, 21.0]")
        .noneMatch(line -> line.contains("WARNING"));
  }

  @Test
  void thePropertyLeavesTheWorkToVectors() throws Exception {
    List<String> lines = runMain(VECTORS, NATIVE_ACCESS, "-Dtornadovit.machineCode=false");
    assertThat(lines)
        .anyMatch(
            line ->
                line.matches(
                    "device: .*\\d+-bit vectors, no machine code: switched off.*, 2 threads.*"))
        .contains("result: [17.0, 21.0]");
  }

  /** What {@link Main} prints on both streams on a JVM with these flags; it must end well. */
  private static List<String> runMain(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  /** Says why there is no machine code, and computes a product on the CPU. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) {
      System.out.println("reason: " + MachineCode.of(new ScalarLoops()).reason());
      Buffer x = new Buffer("x", 1, 3);
      Buffer y = new Buffer("y", 1, 2);
      Weight w = Weight.of("w", 2, 3, new float[] {1, 2, 3, -1, 0, 1});
      Weight bias = Weight.of("b", 1, 2, new float[] {10, 20});
      Program program = new Program.Builder(x).then(Linear.of(x, w, bias, y)).output(y).build();
      try (CpuBackend backend = new CpuBackend(2);
          Plan plan = backend.plan(program, 1)) {
        System.out.println("device: " + backend.device());
        float[] result = plan.run(new float[] {1, 0, 2}, 1).of(y);
        System.out.println("result: " + Arrays.toString(result));
      }
    }
  }

  @Test
  void readsTheFlagsOfTheFirstProcessor() {
    String text =
        """
        processor\t: 0
        model name\t: one with flags: avx512f
        flags\t\t: fpu sse2 avx2 fma
        vmx flags\t: vnmi

        processor\t: 1
        flags\t\t: fpu sse2 avx2 fma avx512f
        """;
    assertThat(MachineCode.flags(text)).containsExactlyInAnyOrder("fpu", "sse2", "avx2", "fma");
  }

  @Test
  void readsFlagsHoweverTheyAreSpaced() {
    Set<String> expected = Set.of("fpu", "avx2", "fma");
    for (String line :
        List.of(
            "flags:fpu avx2 fma",
            "flags : fpu avx2 fma ",
            "flags\t\t:  fpu   avx2\tfma\t",
            "flags\t: FPU AVX2 FMA\r\n",
            "flags: fpu avx2 avx2 fma fpu")) {
      assertThat(MachineCode.flags("processor: 0\n" + line)).as(line).isEqualTo(expected);
    }
  }

  @Test
  void readsNoFlagsWhereThereAreNone() {
    for (String text :
        List.of("", "processor: 0\nFeatures: fp asimd", "flags", "flags\t\t:", "flags :  \n")) {
      assertThat(MachineCode.flags(text)).as(text).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fpu sse2 ssse3 avx, false, false",
    "fpu avx avx2, false, false",
    "fpu avx fma, false, false",
    "fpu avx fma avx2 bmi2, false, true",
    "fma avx2 avx512f, false, true",
    "fma avx2 avx512f avx512cd, false, true",
    "fma avx2 avx512f avx512dq avx512cd avx512bw avx512vl, true, true",
    "avx512f avx512dq, false, false",
    "avx2x fma4, false, false"
  })
  void choosesByFlags(String flags, boolean avx512, boolean avx2) {
    Set<String> all = MachineCode.flags("flags\t\t: " + flags + "\n");
    assertThat(InstructionSet.AVX512.isIn(all)).isEqualTo(avx512);
    assertThat(InstructionSet.AVX2.isIn(all)).isEqualTo(avx2);
    // The first that fits is taken: the widest.
    assertThat(InstructionSet.values()).startsWith(InstructionSet.AVX512);
  }
}
