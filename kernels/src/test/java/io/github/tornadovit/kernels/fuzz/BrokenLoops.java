package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.base.Activation;
import io.github.tornadovit.kernels.cpu.CodedLoops;
import io.github.tornadovit.kernels.cpu.FloatRows;
import io.github.tornadovit.kernels.cpu.InnerLoops;
import io.github.tornadovit.kernels.cpu.PanelPart;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Right loops with one fault of the kind that the fuzzer is to find. */
record BrokenLoops(InnerLoops right, Fault fault) implements InnerLoops {

  /** What is wrong. */
  enum Fault {
    /** The last column of a tile keeps what the sums began with. */
    LAST_COLUMN,
    /** A tile leaves out the last product of each sum. */
    LAST_PRODUCT,
    /** A tile adds the element behind each row of a, as if it were there. */
    READS_ON,
    /** A store writes one element too many. */
    ONE_PAST_THE_END,
    /** An activation takes NaN for 0. */
    MISSED_NAN,
    /** The sum of numerators leaves the last one out. */
    SHORT_SUM,
    /** A normalisation of a long row divides by one element less. */
    WRONG_VARIANCE,
    /** A normalisation writes over its input. */
    SPOILED_INPUT,
    /** In int8 the last code of a row is another. */
    INT8_LAST_CODE,
    /** In int8 the code of 0 is one more in long rows. */
    INT8_ZERO,
    /** In int8 NaN counts as 0. */
    INT8_MISSED_NAN
  }

  @Override
  public String description() {
    return fault.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public CodedLoops int8() {
    return new BrokenInt8(right.int8(), fault);
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
  public void multiplyTile(FloatRows a, int rows, PanelPart panel, FloatRows init, FloatRows c) {
    int last = panelColumns() - 1;
    float[] begun = new float[rows];
    for (int i = 0; i < rows; i++) {
      begun[i] = init.array()[init.at(i) + last];
    }
    int products = fault == Fault.LAST_PRODUCT ? panel.depth() - 1 : panel.depth();
    PanelPart part = new PanelPart(panel.array(), panel.offset(), products, panel.ahead());
    right.multiplyTile(a, rows, part, init, c);
    for (int i = 0; i < rows; i++) {
      int at = c.at(i) + last;
      int behind = a.at(i) + panel.depth();
      if (fault == Fault.LAST_COLUMN) {
        c.array()[at] = begun[i];
      } else if (fault == Fault.READS_ON && behind < a.array().length) {
        c.array()[at] += 0 * a.array()[behind];
      }
    }
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      x[i] = fault == Fault.MISSED_NAN && Float.isNaN(x[i]) ? 0 : x[i];
    }
    right.activate(activation, x, offset, count);
  }

  @Override
  public void storeRows(
      float[] x,
      int xOffset,
      @Nullable FloatRows scale,
      boolean accumulate,
      FloatRows y,
      int rows,
      int columns) {
    right.storeRows(x, xOffset, scale, accumulate, y, rows, columns);
    int behind = y.at(rows - 1) + columns;
    if (fault == Fault.ONE_PAST_THE_END && behind < y.array().length) {
      y.array()[behind] = 0;
    }
  }

  @Override
  public float exponentials(
      float[] x, int offset, int count, float scale, float @Nullable [] bias, int biasOffset) {
    float sum = right.exponentials(x, offset, count, scale, bias, biasOffset);
    return fault == Fault.SHORT_SUM ? sum - x[offset + count - 1] : sum;
  }

  @Override
  public void normalise(
      float[] x,
      int xOffset,
      float[] weight,
      float[] bias,
      float eps,
      float[] y,
      int yOffset,
      int count) {
    right.normalise(x, xOffset, weight, bias, eps, y, yOffset, count);
    for (int i = 0; fault == Fault.WRONG_VARIANCE && count > 100 && i < count; i++) {
      float normal = y[yOffset + i] - bias[i];
      y[yOffset + i] = normal * (float) Math.sqrt((count - 1.0) / count) + bias[i];
    }
    if (fault == Fault.SPOILED_INPUT) {
      x[xOffset] = y[yOffset];
    }
  }
}
