package io.github.tornadovit.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.github.tornadovit.kernels.program.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The rules of bf16: both factors of a product are rounded to bfloat16, the upper half of a
 * float32, to the nearest, ties to even; NaN stays NaN, and what rounds beyond the largest number
 * is infinite. Subnormal numbers count as zeros of their sign, in factors, sums and results.
 *
 * <p>A product: the rounded factors are multiplied exactly and summed in float32; the sum begins
 * with the bias. The order depends on the instruction: {@code VDPBF16PS} adds the odd one of a pair
 * of neighbouring k, then the even one; {@code TDPBF16PS} sums the even and the odd ones of 32
 * apart, then both together, then adds that. In any order the error is at most {@code (K + 2)
 * 2^-24} times the sum of the products' sizes, to which implementations are held.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, {@code
 * VDPBF16PS}, {@code TDPBF16PS} and {@code VCVTNEPS2BF16}, which round and flush like this whatever
 * the processor's settings are.
 */
public final class Bf16 {
  /** Bytes of a pair of codes. */
  public static final int PAIR_BYTES = 2 * Short.BYTES;

  private static final int QUIET = 0x40;
  private static final int HALF = 0x7fff;

  private static final ValueLayout.OfShort CODE =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Bf16() {}

  /** The upper 16 bits of the float that a number is rounded to. */
  public static short code(float x) {
    int bits = Float.floatToRawIntBits(x);
    if (Float.isNaN(x)) {
      return (short) (bits >>> Short.SIZE | QUIET);
    }
    if (Math.abs(x) < Float.MIN_NORMAL) {
      return (short) (bits >>> Short.SIZE & 0x8000);
    }
    int even = bits >>> Short.SIZE & 1;
    return (short) ((bits + HALF + even) >>> Short.SIZE);
  }

  /** The number of a code. */
  public static float value(short code) {
    return Float.intBitsToFloat(code << Short.SIZE);
  }

  /** A number rounded. */
  public static float round(float x) {
    return value(code(x));
  }

  /** Bytes of a row of so many codes, padded to whole pairs. */
  public static int rowBytes(int columns) {
    return Math.ceilDiv(columns, 2) * PAIR_BYTES;
  }

  /** Codes elements of a row from one on, and the half of a pair that has none. */
  public static void encode(
      float[] x, int offset, int from, int columns, MemorySegment to, long start) {
    for (int k = from; k < columns; k++) {
      to.set(CODE, start + (long) k * Short.BYTES, code(x[offset + k]));
    }
    if (columns % 2 == 1) {
      to.set(CODE, start + (long) columns * Short.BYTES, (short) 0);
    }
  }

  /** Panels of so many columns, in pairs. */
  public static PanelLayout pairs(int width) {
    return PanelLayout.ofWhole(width, 2, PAIR_BYTES);
  }

  /**
   * Codes the rows of a weight {@code [N, K]} in pairs.
   *
   * @param layout of {@link #pairs}
   */
  public static CodedPanels pack(Weight weight, PanelLayout layout) {
    int width = layout.width();
    int panelBytes = layout.panelBytes(weight.columns());
    int columns = weight.rows();
    int panels = Panels.count(columns, width);
    MemorySegment codes = CodedPanels.room(panels, panelBytes);
    int depth = weight.columns();
    int[] places = new int[width];
    Arrays.setAll(places, j -> layout.column(j, depth));
    float[] rows = new float[Math.min(width, columns) * depth];
    for (int panel = 0; panel < panels; panel++) {
      int count = Math.min(width, columns - panel * width);
      weight.copyRows(panel * width, count, rows, 0);
      for (int k = 0; k < depth; k++) {
        long start = (long) panel * panelBytes;
        start += k / 2 * layout.stride() + k % 2 * Short.BYTES;
        for (int j = 0; j < count; j++) {
          codes.set(CODE, start + places[j], code(rows[j * depth + k]));
        }
      }
    }
    return new CodedPanels(codes, layout.groups(depth), panelBytes, width, new int[0]);
  }
}
