package io.github.tornadovit.kernels.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.tornadovit.kernels.program.Operation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A few seconds of fuzzing, always the same cases. More and others with {@code
 * -Dtornadovit.fuzzCases=N}, {@code -Dtornadovit.fuzzDeviceCases=N} and {@code
 * -Dtornadovit.fuzzSeed=N}.
 */
class KernelFuzzTest {
  private static final int CASES = Integer.getInteger("tornadovit.fuzzCases", 150);
  private static final int FAILURES = 20;
  private static final long SEED = Long.getLong("tornadovit.fuzzSeed", 1);

  /** Real devices compile every shape, for seconds. */
  private static final int DEVICE_CASES =
      Integer.getInteger("tornadovit.fuzzDeviceCases", Subjects.emulated() ? CASES / 3 : 10);

  @Test
  void everyOperationIsATarget() {
    assertThat(Targets.OPERATIONS.stream().<Class<?>>map(OperationTarget::type))
        .containsExactlyInAnyOrderElementsOf(operations(Operation.class).toList());
  }

  private static Stream<Class<?>> operations(Class<?> type) {
    return type.isInterface()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(KernelFuzzTest::operations)
        : Stream.of(type);
  }

  @Test
  @DisabledIfSystemProperty(named = FuzzCase.PROPERTY, matches = ".+")
  void operationsOnTheHost() {
    try (Fuzzer fuzzer = new Fuzzer(Subjects.host(), FAILURES)) {
      fuzzer.operations(
          Targets.OPERATIONS, SEED, CASES, Subjects.host().names(), 100, 3_000_000, true);
      fuzzer.finish("operations", SEED);
    }
  }

  @Test
  @DisabledIfSystemProperty(named = FuzzCase.PROPERTY, matches = ".+")
  void operationsOnDevices() {
    try (Fuzzer fuzzer = new Fuzzer(new Subjects(List.of()), FAILURES)) {
      fuzzer.operations(
          Targets.OPERATIONS, SEED, DEVICE_CASES, Subjects.devices(), 140, 500_000, false);
      fuzzer.finish("operations", SEED);
    }
  }

  @Test
  @DisabledIfSystemProperty(named = FuzzCase.PROPERTY, matches = ".+")
  void innerLoops() {
    try (Fuzzer fuzzer = new Fuzzer(Subjects.host(), FAILURES)) {
      fuzzer.functions(Targets.FUNCTIONS, SEED, 2 * CASES);
      fuzzer.finish("inner loops", SEED);
    }
  }

  @Test
  @DisabledIfSystemProperty(named = FuzzCase.PROPERTY, matches = ".+")
  void interpretedMachineCode() {
    Subjects subjects = Subjects.interpreted();
    try (Fuzzer fuzzer = new Fuzzer(subjects, FAILURES)) {
      List<String> ofBf16 = subjects.namesOfBf16();
      fuzzer.functions(Targets.FUNCTIONS, SEED, CASES / 3);
      fuzzer.functions(Targets.BF16_FUNCTIONS, SEED, CASES / 5, ofBf16);
      fuzzer.operations(Targets.BF16_OPERATIONS, SEED, CASES / 5, ofBf16, 70, 20_000, false);
      fuzzer.operations(Targets.OPERATIONS, SEED, CASES / 3, subjects.names(), 70, 20_000, false);
      fuzzer.finish("interpreted machine code", SEED);
    }
  }

  /** Every vector length and the machine code of this processor, by equality. */
  @Test
  @DisabledIfSystemProperty(named = FuzzCase.PROPERTY, matches = ".+")
  void int8() {
    try (Fuzzer fuzzer = new Fuzzer(Subjects.host(), FAILURES)) {
      fuzzer.functions(Targets.INT8_FUNCTIONS, SEED, 2 * CASES);
      fuzzer.operations(
          Targets.INT8_OPERATIONS, SEED, CASES / 3, Subjects.host().names(), 60, 1_000_000, true);
      fuzzer.finish("int8", SEED);
    }
  }

  /** This processor's, where it has it. */
  @Test
  @DisabledIfSystemProperty(named = FuzzCase.PROPERTY, matches = ".+")
  void bf16() {
    List<String> names = Subjects.host().namesOfBf16();
    assumeFalse(names.isEmpty(), "bf16 needs machine code and AVX512-BF16");
    try (Fuzzer fuzzer = new Fuzzer(Subjects.host(), FAILURES)) {
      fuzzer.operations(Targets.BF16_OPERATIONS, SEED, CASES, names, 100, 1_000_000, true);
      fuzzer.finish("bf16", SEED);
    }
  }

  /** The machine code of every form of int8, of processors that this machine need not have. */
  @Test
  @DisabledIfSystemProperty(named = FuzzCase.PROPERTY, matches = ".+")
  void interpretedInt8() {
    Subjects subjects = Subjects.interpretedInt8();
    try (Fuzzer fuzzer = new Fuzzer(subjects, FAILURES)) {
      fuzzer.functions(Targets.INT8_FUNCTIONS, SEED, CASES / 5);
      fuzzer.operations(
          Targets.INT8_OPERATIONS, SEED, CASES / 10, subjects.names(), 60, 20_000, false);
      fuzzer.finish("interpreted int8", SEED);
    }
  }

  @Test
  @DisabledIfSystemProperty(named = FuzzCase.PROPERTY, matches = ".+")
  void interpretedBf16OfAmx() {
    try (Fuzzer fuzzer = new Fuzzer(Subjects.interpretedAmx(), FAILURES)) {
      fuzzer.functions(Targets.BF16_FUNCTIONS, SEED, CASES / 5);
      fuzzer.operations(
          Targets.BF16_OPERATIONS,
          SEED,
          CASES / 5,
          Subjects.interpretedAmx().names(),
          70,
          20_000,
          false);
      fuzzer.finish("interpreted bf16 of AMX", SEED);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = FuzzCase.PROPERTY, matches = ".+")
  void oneCase() {
    FuzzCase one = FuzzCase.parse(System.getProperty(FuzzCase.PROPERTY));
    Subjects subjects =
        one.subject().startsWith("interpreted-int8")
            ? Subjects.interpretedInt8()
            : one.subject().startsWith("interpreted") ? Subjects.interpreted() : Subjects.host();
    try (Fuzzer fuzzer = new Fuzzer(subjects, FAILURES)) {
      fuzzer.check(one);
    }
  }
}
