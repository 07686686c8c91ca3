package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every form of int8 code, of instruction sets that this machine has and has not, in the
 * interpreter: the same bits as plain Java.
 */
class InterpretedInt8Test {
  @ParameterizedTest
  @CsvSource({"AVX2,PAIRS", "AVX2,QUADS", "AVX512,PAIRS", "AVX512,QUADS"})
  void givesTheBitsOfPlainJava(InstructionSet set, Int8Form form) {
    assertThat(Int8Check.isWrong(new InterpretedInt8Loops(set, form))).isFalse();
  }
}
