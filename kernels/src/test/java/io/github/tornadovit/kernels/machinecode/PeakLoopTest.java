package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.kernels.machinecode.PeakLoop.Form;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The yardstick does every multiply-add that it is counted for. */
class PeakLoopTest {
  private static final long SUMS = 0x100_0000_0004L;
  private static final long TILES = 0x200_0000_0004L;
  private static final long STACK = 0x7fff_0000_0008L;

  private static PeakLoop loop(Form form) {
    assumeTrue(PeakLoop.of(form).isPresent(), "this machine has no machine code for " + form);
    return PeakLoop.of(form).orElseThrow();
  }

  /** Sums that began with their index, of floats or of ints. */
  private static float[] expected(Form form, int sums, int loops) {
    int steps = loops * PeakLoop.UNROLLED;
    float[] expected = new float[sums];
    for (int i = 0; i < sums; i++) {
      expected[i] =
          switch (form) {
            case FMA -> i;
            case BF16_PAIRS -> i + 2 * steps;
            case INT8_QUADS -> Float.intBitsToFloat(i + 4 * steps);
            case INT16_PAIRS -> Float.intBitsToFloat(i + 2 * steps);
            case BF16_TILES -> i + 32 * steps;
            case INT8_TILES -> Float.intBitsToFloat(i + 64 * steps);
          };
      for (int step = 0; step < steps && form == Form.FMA; step++) {
        expected[i] = Math.fma(PeakLoop.FACTOR, PeakLoop.ADDEND, expected[i]);
      }
    }
    return expected;
  }

  private static float[] indices(Form form, float[] sums) {
    return expected(form, sums.length, 0);
  }

  @ParameterizedTest
  @EnumSource
  void everySumGetsEveryStep(Form form) {
    PeakLoop loop = loop(form);
    for (int steps : new int[] {1, 2, 1000}) {
      float[] sums = indices(form, loop.newSums());
      loop.run(steps, sums);
      assertThat(sums).isEqualTo(expected(form, sums.length, steps));
    }
    int products =
        switch (form) {
          case FMA -> 1;
          case BF16_PAIRS, INT16_PAIRS -> 2;
          case INT8_QUADS -> 4;
          case BF16_TILES -> 32;
          case INT8_TILES -> 64;
        };
    assertThat(loop.operations())
        .isEqualTo(2 * products * loop.newSums().length * PeakLoop.UNROLLED);
  }

  /** Of processors that are not this one as well, in the interpreter of machine code. */
  @ParameterizedTest
  @EnumSource
  void everySumGetsEveryStepOnEveryProcessorThatHasTheInstruction(Form form) {
    for (InstructionSet set : InstructionSet.values()) {
      if (set == InstructionSet.AVX2 && (form == Form.BF16_PAIRS || form.isOfTiles())) {
        continue; // There is no such processor: the instructions came with AVX-512 alone.
      }
      byte[] bytes = PeakLoop.code(set, form);
      List<Disassembly.Instruction> code = new ArrayList<>();
      for (Disassembly.Instruction one : Disassembly.of(bytes)) {
        code.add(one);
        if (one.text().equals("ret")) {
          break;
        }
      }
      int end = Math.ceilDiv(code.getLast().position() + 1, set.bytes()) * set.bytes();
      float[] constants = new float[(bytes.length - end) / Float.BYTES];
      ByteBuffer.wrap(bytes, end, constants.length * Float.BYTES)
          .slice()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(constants);
      X86Memory memory = new X86Memory();
      memory.map("the constants", end, false, constants);
      float[] sums = indices(form, new float[form.sums(set)]);
      memory.map("the sums", SUMS, true, sums);
      byte[] tiles = PeakLoop.tiles(form);
      memory.map("the tiles", TILES, false, tiles.length).put(tiles);
      X86Interpreter processor = new X86Interpreter(code, memory);
      processor.set("rsp", STACK);
      processor.set("rdi", 3);
      processor.set("rsi", SUMS);
      processor.set("rdx", TILES);
      processor.call(0);
      assertThat(memory.floats(SUMS))
          .as("%s on %s", form, set)
          .isEqualTo(expected(form, sums.length, 3));
    }
  }

  @Test
  void aProcessorHasWhatItsFlagsSay() {
    Set<String> vnni = Set.of("avx512_vnni", "avx512_bf16");
    assertThat(Form.values())
        .allMatch(form -> form.isIn(InstructionSet.AVX512, vnni) != form.isOfTiles());
    Set<String> amx = Set.of("avx512_vnni", "avx512_bf16", "amx_tile", "amx_int8", "amx_bf16");
    assertThat(Form.values()).allMatch(form -> form.isIn(InstructionSet.AVX512, amx));
    assertThat(Form.values())
        .filteredOn(form -> form.isIn(InstructionSet.AVX2, vnni))
        .containsExactly(Form.FMA, Form.INT16_PAIRS);
    assertThat(Form.INT8_QUADS.isIn(InstructionSet.AVX2, Set.of("avx_vnni"))).isTrue();
  }

  @Test
  void whatWouldRunForEverOrWriteBeyondTheSumsIsRefused() {
    PeakLoop loop = loop(Form.FMA);
    assertThatThrownBy(() -> loop.run(0, loop.newSums()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> loop.run(1, new float[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("on 8 sums");
  }
}
