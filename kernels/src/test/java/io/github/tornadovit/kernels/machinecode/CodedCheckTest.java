package io.github.tornadovit.kernels.machinecode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.kernels.cpu.AttentionLoops;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.CodedPanels;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.PanelLayout;
import io.github.tornadovit.kernels.cpu.PortableInt8Loops;
import io.github.tornadovit.kernels.cpu.RowCodes;
import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Int8Check} and {@link Bf16Check} find loops that are wrong in one place. */
class CodedCheckTest {
  /** One fault of right loops. */
  enum Fault {
    /** The last result of a tile is a little off. */
    LAST_RESULT,
    /** The last row's is, in whole tiles alone. */
    WHOLE_TILE,
    /** The last code of a row has another bit. */
    LAST_CODE,
    /** The last one of rows that lie apart has, in bf16. */
    LAST_OF_ROWS,
    /** The last one of transposed rows has. */
    TRANSPOSE,
    /** The last one of rows two by two has. */
    INTERLEAVE,
    /** The last numerator's code is that of another number. */
    NUMERATOR,
    /** The last row's sum is a little off. */
    SUM
  }

  private record Broken(CodedLoops right, Fault fault) implements CodedLoops {
    @Override
    public String description() {
      return right.description();
    }

    @Override
    public int tileRows() {
      return right.tileRows();
    }

    @Override
    public int panelColumns() {
      return right.panelColumns();
    }

    @Override
    public int rowBytes(int columns) {
      return right.rowBytes(columns);
    }

    @Override
    public PanelLayout layout() {
      return right.layout();
    }

    @Override
    public CodedPanels pack(Weight weight) {
      return right.pack(weight);
    }

    @Override
    public void encode(float[] x, int offset, int columns, RowCodes to, int row) {
      right.encode(x, offset, columns, to, row);
      if (fault == Fault.LAST_CODE) {
        int codeBytes = right.rowBytes(64) / 64;
        long last = to.start(row) + (long) columns * codeBytes - 1;
        spoil(to.codes(), last);
      }
    }

    @Override
    public void encode(FloatRows x, int rows, int columns, RowCodes to, int row, int column) {
      right.encode(x, rows, columns, to, row, column);
      if (fault == Fault.LAST_OF_ROWS) {
        spoil(to.codes(), to.start(row + rows - 1) + (column + columns) * 2L - 1);
      }
    }

    @Override
    public AttentionLoops attention() {
      return new BrokenAttention(Objects.requireNonNull(right.attention()), fault, panelColumns());
    }

    @Override
    public void multiplyTile(
        RowCodes a, int row, int rows, CodedPanels panels, int panel, int[] ends, FloatRows c) {
      right.multiplyTile(a, row, rows, panels, panel, ends, c);
      if (fault == Fault.LAST_RESULT || (fault == Fault.WHOLE_TILE && rows == tileRows())) {
        int last = c.at(rows - 1) + panelColumns() - 1;
        c.array()[last] += 0.01f * (1 + Math.abs(c.array()[last]));
      }
    }
  }

  private record BrokenAttention(AttentionLoops right, Fault fault, int width)
      implements AttentionLoops {
    @Override
    public void transpose(
        RowCodes rows, int count, int columns, CodedPanels panels, PanelLayout layout) {
      right.transpose(rows, count, columns, panels, layout);
      if (fault == Fault.TRANSPOSE) {
        spoil(panels.codes(), layout.start(count - 1, panels));
      }
    }

    @Override
    public void interleave(
        RowCodes rows, int count, int columns, CodedPanels panels, PanelLayout layout) {
      right.interleave(rows, count, columns, panels, layout);
      if (fault == Fault.INTERLEAVE) {
        spoil(panels.codes(), layout.start(columns - 1, panels));
      }
    }

    @Override
    public void softmax(
        FloatRows x,
        int rows,
        int columns,
        float scale,
        FloatRows bias,
        RowCodes to,
        FloatRows inverses) {
      right.softmax(x, rows, columns, scale, bias, to, inverses);
      if (fault == Fault.NUMERATOR) {
        spoil(to.codes(), to.start(rows - 1) + 1);
      }
      if (fault == Fault.SUM) {
        inverses.array()[inverses.at(rows - 1) + width - 1] *= 1.001f;
      }
    }
  }

  private static void spoil(MemorySegment codes, long at) {
    codes.set(JAVA_BYTE, at, (byte) (codes.get(JAVA_BYTE, at) ^ 1));
  }

  @ParameterizedTest
  @EnumSource(names = {"LAST_RESULT", "WHOLE_TILE", "LAST_CODE"})
  void faultsOfInt8AreFound(Fault fault) {
    CodedLoops right = new PortableInt8Loops(16);
    assertThat(Int8Check.isWrong(right)).isFalse();
    assertThat(Int8Check.isWrong(new Broken(right, fault))).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void faultsOfBf16AreFound(Fault fault) {
    CodedLoops right = new InterpretedBf16Loops(InterpretedRoutines.of(InstructionSet.AVX512));
    assertThat(Bf16Check.isWrong(right)).isFalse();
    assertThat(Bf16Check.isWrong(new Broken(right, fault))).isTrue();
  }
}
