package io.github.tornadovit.kernels.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.cpu.Bf16;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PortableInt8Loops;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.testing.RandomValues;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The code of AMX, in the interpreter, which knows where every byte may be touched: the slices that
 * a processor would get.
 */
class AmxTest {
  private static final float GUARD = 12345;
  private static final int MOST_ROWS = 70;
  private static final int[] ROWS = {1, 15, 16, 17, 32, MOST_ROWS};

  private static final CodedLoops INT8 = InterpretedAmx.loops(Precision.INT8);
  private static final CodedLoops BF16 = InterpretedAmx.loops(Precision.BF16);

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 130, 64 * 17 + 1})
  void int8GivesTheBitsOfPlainJava(int depth) {
    int width = INT8.panelColumns();
    CodedLoops plain = new PortableInt8Loops(width);
    float[] w = new RandomValues(depth).array((width + 3) * depth);
    float[] x = new RandomValues(2).array((MOST_ROWS + 1) * depth);
    float[] bias = new RandomValues(3).array(2 * width);
    Weight weight = Weight.of("w", width + 3, depth, w);
    for (int rows : ROWS) {
      for (int panel = 0; panel < 2; panel++) {
        assertThat(product(INT8, x, weight, bias, rows, panel))
            .isEqualTo(product(plain, x, weight, bias, rows, panel));
      }
    }
  }

  /** In the order and with the rounding of the instruction, bit by bit. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 32, 67, 32 * 9})
  void bf16AddsInTheOrderOfTheInstruction(int depth) {
    int width = BF16.panelColumns();
    float[] w = new RandomValues(depth).array((width + 3) * depth);
    float[] x = new RandomValues(2).array((MOST_ROWS + 1) * depth);
    float[] bias = new RandomValues(3).array(2 * width);
    Weight weight = Weight.of("w", width + 3, depth, w);
    for (int rows : ROWS) {
      for (int panel = 0; panel < 2; panel++) {
        float[] c = product(BF16, x, weight, bias, rows, panel);
        for (int i = 0; i < rows * width; i++) {
          int column = panel * width + i % width;
          if (column < width + 3) {
            float expected =
                sum(x, (1 + i / width) * depth, w, column * depth, depth, bias[column]);
            assertThat(c[1 + i]).as("row %d, column %d", i / width, column).isEqualTo(expected);
          }
        }
      }
    }
  }

  private static float sum(float[] x, int row, float[] w, int column, int depth, float bias) {
    float sum = bias;
    for (int step = 0; step < depth; step += 32) {
      float[] parts = new float[2];
      for (int k = step; k < Math.min(step + 32, depth); k++) {
        parts[k % 2] = Math.fma(Bf16.round(x[row + k]), Bf16.round(w[column + k]), parts[k % 2]);
      }
      sum += parts[0] + parts[1];
    }
    return sum;
  }

  /** Row 1 of x and so many after it, between guards; what was in the codes before is no matter. */
  private static float[] product(
      CodedLoops loops, float[] x, Weight weight, float[] bias, int rows, int panel) {
    int depth = weight.columns();
    RowCodes codes = codes(loops, x, depth, rows);
    CodedPanels panels = loops.pack(weight);
    int width = loops.panelColumns();
    float[] c = new float[rows * width + 2];
    Arrays.fill(c, GUARD);
    loops.multiplyRows(
        codes, 1, rows, panels, panel, panels.ends(bias), new FloatRows(c, 1, width));
    assertThat(c[0]).isEqualTo(GUARD);
    assertThat(c[c.length - 1]).isEqualTo(GUARD);
    return c;
  }

  /** Rows of x, one more than so many. */
  private static RowCodes codes(CodedLoops loops, float[] x, int depth, int rows) {
    RowCodes codes = new RowCodes();
    codes.reserve(rows + 1, loops.rowBytes(depth));
    codes.codes().fill((byte) -1);
    for (int row = 0; row <= rows; row++) {
      loops.encode(x, row * depth, depth, codes, row);
    }
    return codes;
  }

  /** What lies between the rows of results is left alone, and the results are the same. */
  @Test
  void resultsMayLieApart() {
    int depth = 64 * 9;
    int rows = 37;
    for (CodedLoops loops : List.of(INT8, BF16)) {
      int width = loops.panelColumns();
      int stride = width + 7;
      float[] x = new RandomValues(1).array((rows + 1) * depth);
      Weight weight = Weight.of("w", 5, depth, new RandomValues(2).array(5 * depth));
      float[] bias = new RandomValues(3).array(width);
      float[] dense = product(loops, x, weight, bias, rows, 0);
      RowCodes codes = codes(loops, x, depth, rows);
      CodedPanels panels = loops.pack(weight);
      float[] apart = new float[rows * stride];
      Arrays.fill(apart, GUARD);
      loops.multiplyRows(
          codes, 1, rows, panels, 0, panels.ends(bias), new FloatRows(apart, 0, stride));
      for (int row = 0; row < rows; row++) {
        int start = row * stride;
        assertThat(Arrays.copyOfRange(apart, start, start + width))
            .isEqualTo(Arrays.copyOfRange(dense, 1 + row * width, 1 + (row + 1) * width));
        assertThat(Arrays.copyOfRange(apart, start + width, start + stride)).containsOnly(GUARD);
      }
    }
  }

  /** A row that is not finite spoils its own results and no other's. */
  @Test
  void nanStaysInItsRow() {
    int depth = 20;
    float[] x = new RandomValues(1).array(4 * depth);
    x[2 * depth + 7] = Float.NaN;
    Weight weight = Weight.of("w", 5, depth, new RandomValues(2).array(5 * depth));
    for (CodedLoops loops : List.of(INT8, BF16)) {
      float[] c = product(loops, x, weight, new float[loops.panelColumns()], 3, 0);
      for (int row = 0; row < 3; row++) {
        float result = c[1 + row * loops.panelColumns() + 4];
        assertThat(Float.isNaN(result))
            .as("%s, row %d", loops.description(), row)
            .isEqualTo(row == 1);
      }
    }
  }

  @Test
  void refusesWhatItsArgumentsDoNotHold() {
    RowCodes codes = new RowCodes();
    codes.reserve(40, INT8.rowBytes(5));
    CodedPanels panels = INT8.pack(Weight.of("w", 2, 5, new float[10]));
    int[] ends = panels.ends(null);
    int width = INT8.panelColumns();
    float[] c = new float[33 * width];
    assertThatThrownBy(
            () -> INT8.multiplyTile(codes, 0, 0, panels, 0, ends, new FloatRows(c, 0, width)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows is 0, expected at least 1");
    assertThatThrownBy(
            () -> INT8.multiplyTile(codes, 9, 32, panels, 0, ends, new FloatRows(c, 0, width)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(
            () -> INT8.multiplyTile(codes, 0, 32, panels, 1, ends, new FloatRows(c, 0, width)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(
            () -> INT8.multiplyTile(codes, 0, 32, panels, 0, ends, new FloatRows(c, 65, width)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(c).containsOnly(0);
  }

  @Test
  void isUsedWhenItIsPermittedAndRight() {
    assertThat(Int8Check.isWrong(INT8)).isFalse();
    assertThat(Bf16Check.isWrong(BF16)).isFalse();
    assertThat(choice(true, loops -> false)).isEqualTo("AMX-INT8");
    assertThat(choice(false, loops -> false))
        .isEqualTo("AVX512-VNNI, not AMX: the system does not permit it");
    assertThat(choice(true, loops -> loops instanceof AmxLoops))
        .isEqualTo("AVX512-VNNI, not AMX: it gives wrong results");
    assertThat(choice(true, loops -> true)).isEqualTo("none");
  }

  private static String choice(boolean permitted, Predicate<CodedLoops> isWrong) {
    // Nothing is called.
    Routines routines = new Routines(InstructionSet.AVX512, Int8Form.QUADS);
    MemorySegment code = MemorySegment.ofArray(routines.code());
    CodedLoops loops =
        AmxLoops.orVectors(
            Precision.INT8,
            () -> permitted,
            new Amx(Precision.INT8, routines, code),
            note -> new MachineInt8Loops(routines, code, note),
            isWrong);
    return loops == null ? "none" : loops.description();
  }

  @Test
  void needsFlagsOfAllItsInstructions() {
    Set<String> all = Set.of("amx_tile", "amx_int8", "amx_bf16", "avx512_vnni", "avx512_bf16");
    for (Precision precision : List.of(Precision.INT8, Precision.BF16)) {
      assertThat(Amx.isIn(InstructionSet.AVX512, all, precision)).isTrue();
      assertThat(Amx.isIn(InstructionSet.AVX2, all, precision)).isFalse();
      assertThat(Amx.isIn(InstructionSet.AVX512, Set.of("amx_tile"), precision)).isFalse();
    }
    Set<String> tiles = Set.of("amx_tile", "amx_bf16", "avx512_bf16", "avx512_vnni");
    assertThat(Amx.isIn(InstructionSet.AVX512, tiles, Precision.INT8)).isFalse();
    assertThat(Amx.isIn(InstructionSet.AVX512, all, Precision.F32)).isFalse();
  }

  @Test
  void aSystemWithoutTilesPermitsNone() {
    assumeTrue(ThisMachine.has(InstructionSet.AVX2), "this machine cannot run AVX2");
    assumeTrue(!MachineCode.processorFlags().contains("amx_tile"), "this machine has AMX");
    assertThat(Amx.isPermitted()).isFalse();
  }

  /** Where it is, it has given its known answers. */
  @Test
  void aProcessorThatHasItUsesIt() {
    Set<String> flags = MachineCode.processorFlags();
    assumeTrue(
        Amx.isIn(InstructionSet.AVX512, flags, Precision.INT8) && Amx.isPermitted(),
        "this machine has no AMX, or does not permit it");
    MachineLoops loops = new MachineLoops(InstructionSet.AVX512, flags, new ScalarLoops());
    assertThat(loops.int8().description()).isEqualTo("AMX-INT8");
    assumeTrue(
        Amx.isIn(InstructionSet.AVX512, flags, Precision.BF16), "this machine has no AMX-BF16");
    assertThat(loops.bf16())
        .isNotNull()
        .satisfies(bf16 -> assertThat(bf16.description()).isEqualTo("AMX-BF16"));
  }
}
