package io.github.tornadovit.kernels.machinecode;

import static io.github.tornadovit.kernels.machinecode.Operand.Address.at;
import static io.github.tornadovit.kernels.machinecode.Register.R10;
import static io.github.tornadovit.kernels.machinecode.Register.R11;
import static io.github.tornadovit.kernels.machinecode.Register.R8;
import static io.github.tornadovit.kernels.machinecode.Register.R9;
import static io.github.tornadovit.kernels.machinecode.Register.RSP;

import io.github.tornadovit.kernels.machinecode.Operand.Address;
import io.github.tornadovit.kernels.machinecode.Operand.Vector;

/**
 * Code of one tile of a product with float sums.
 *
 * <p>As a C function: {@code void tile(void *a, long aStride, void *panel, long steps, float *init,
 * long initStride, float *c, long cStride, void *ahead)}, strides in bytes. Math: {@code c[i, j] =
 * init[i, j] + sum over k of a[i, k] panel[k, j]}, fused multiply-add in the order of k; factors
 * are floats, a step each, or pairs of bfloat16, see {@link io.github.tornadovit.kernels.cpu.Bf16}.
 */
final class FloatTileCode extends TileCode {
  private final boolean pairs;

  private FloatTileCode(Assembler out, int rows, boolean pairs) {
    super(out, rows);
    this.pairs = pairs;
  }

  /** Writes the function for so many rows of floats. */
  static void write(Assembler out, int rows) {
    new FloatTileCode(out, rows, false).function();
  }

  /** Writes the function for so many rows of pairs of bfloat16; AVX-512 alone has it. */
  static void writeBf16(Assembler out, int rows) {
    new FloatTileCode(out, rows, true).function();
  }

  private void function() {
    for (int row = 0; row < rows; row++) {
      for (int vector = 0; vector < vectors; vector++) {
        out.load(sum(row, vector), at(R8, vector * bytes));
      }
      out.add(R8, R9);
    }
    // The return address lies below the stacked arguments.
    steps(at(RSP, 24));
    out.load(R10, at(RSP, 8));
    out.load(R11, at(RSP, 16));
    for (int row = 0; row < rows; row++) {
      for (int vector = 0; vector < vectors; vector++) {
        out.store(at(R10, vector * bytes), sum(row, vector));
      }
      out.add(R10, R11);
    }
    out.leave();
  }

  @Override
  int panelBytes() {
    return bytes;
  }

  @Override
  void loadPanel(Vector to, Address from) {
    out.load(to, from);
  }

  @Override
  void multiplyAdd(int row) {
    for (int vector = 0; vector < vectors; vector++) {
      if (pairs) {
        out.addBf16Pairs(sum(row, vector), left(row), panel(vector));
      } else {
        out.multiplyAdd(sum(row, vector), left(row), panel(vector));
      }
    }
  }

  @Override
  int spares() {
    return 0;
  }
}
