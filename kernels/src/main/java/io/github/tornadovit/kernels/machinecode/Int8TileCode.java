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
 * Code of one tile of an int8 product and of its way back to floats.
 *
 * <p>As a C function: {@code void tile(byte *a, long aStride, byte *panel, long groups, int
 * *rowEnds, int *columnEnds, float *c, long cStride, byte *ahead)}, strides in bytes. Math: {@link
 * io.github.tornadovit.kernels.cpu.Int8}.
 *
 * <p>Cost per group of {@link Int8Form#PAIRS}: {@code rows x vectors} products and as many
 * additions, and the loads widen.
 */
final class Int8TileCode extends TileCode {
  private final Int8Form form;

  private Int8TileCode(Assembler out, Int8Form form, int rows) {
    super(out, rows);
    this.form = form;
  }

  /** Writes the function for so many rows. */
  static void write(Assembler out, Int8Form form, int rows) {
    new Int8TileCode(out, form, rows).function();
  }

  private void function() {
    for (int sum = 0; sum < rows * vectors; sum++) {
      out.clear(new Vector(sum));
    }
    // The return address lies below the stacked arguments.
    steps(at(RSP, 24));
    out.load(R10, at(RSP, 8));
    out.load(R11, at(RSP, 16));
    for (int row = 0; row < rows; row++) {
      // The panel's registers are free by now.
      Int8FinishCode.row(
          out,
          sum(row, 0).number(),
          panel(0).number(),
          at(R8, row * Int8FinishCode.ROW_END),
          at(R9, 0),
          at(R10, 0));
      out.add(R10, R11);
    }
    out.leave();
  }

  @Override
  int panelBytes() {
    return bytes / form.codeBytes();
  }

  @Override
  void loadPanel(Vector to, Address from) {
    switch (form) {
      case QUADS -> out.load(to, from);
      case PAIRS -> out.widenBytes(to, from);
    }
  }

  @Override
  void multiplyAdd(int row) {
    switch (form) {
      case QUADS -> {
        for (int vector = 0; vector < vectors; vector++) {
          out.addQuads(sum(row, vector), left(row), panel(vector));
        }
      }
      case PAIRS -> {
        // All products before the additions: where the two take turns, AMD's processors leave one
        // of two multipliers idle.
        for (int vector = 0; vector < vectors; vector++) {
          out.multiplyPairs(product(row, vector), left(row), panel(vector));
        }
        for (int vector = 0; vector < vectors; vector++) {
          out.addInts(sum(row, vector), sum(row, vector), product(row, vector));
        }
      }
    }
  }

  /** The last one takes the place of what all were multiplied by. */
  private Vector product(int row, int vector) {
    return vector == vectors - 1 ? left(row) : spare(vector);
  }

  @Override
  int spares() {
    return form == Int8Form.PAIRS ? vectors - 1 : 1;
  }
}
