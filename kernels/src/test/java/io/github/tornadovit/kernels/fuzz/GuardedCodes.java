package io.github.tornadovit.kernels.fuzz;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.RowCodes;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;

/** Rows of codes between two rows of guards. */
final class GuardedCodes {
  /** Around the codes and their ends. */
  private static final byte GUARD = 0x5a;

  private static final int GUARD_INT = 0x5a5a5a5a;

  private GuardedCodes() {}

  /** Codes the rows of x into the rows from 1 on; fails if a guard was written. */
  static RowCodes of(CodedLoops loops, Matrix x, int rows) {
    RowCodes codes = new RowCodes();
    codes.reserve(rows + 2, loops.rowBytes(x.columns()));
    codes.codes().fill(GUARD);
    Arrays.fill(codes.ends(), GUARD_INT);
    for (int row = 0; row < rows; row++) {
      loops.encode(x.array(), x.offset() + row * x.stride(), x.columns(), codes, row + 1);
    }
    int stride = codes.stride();
    for (int i = 0; i < stride; i++) {
      Assertions.assertEquals(
          GUARD, codes.codes().get(JAVA_BYTE, i), "a code before the first row");
      Assertions.assertEquals(
          GUARD,
          codes.codes().get(JAVA_BYTE, codes.start(rows + 1) + i),
          "a code behind the last row");
    }
    for (int i = 0; i < RowCodes.END; i++) {
      Assertions.assertEquals(GUARD_INT, codes.ends()[i], "an end before the first row");
      Assertions.assertEquals(
          GUARD_INT, codes.ends()[(rows + 1) * RowCodes.END + i], "an end behind the last row");
    }
    return codes;
  }
}
