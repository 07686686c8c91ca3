package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.launch.Launch;
import io.github.tornadovit.kernels.launch.Launches;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Adds up what {@link TornadoTiles} has summed up in parts of k, and applies the epilogue.
 *
 * <p>Math: {@code y[i,j] = epilogue(sum_p sums[p,i,j] + bias[j])}, or {@code y[i,j] = added[i,j] +
 * …} for {@link TornadoEpilogue#RESIDUAL}, where y may be added itself.
 *
 * <p>Shapes: {@code sums [parts, m, n]}, {@code y [m, n]}, {@code added [m, n]}, or any array where
 * nothing is added; {@code bias [n]} from {@code w[offset]} on; size = m n. All f32 row-major.
 *
 * <p>Grid: a thread for each element of y.
 *
 * <p>Precision: the parts are added in order: the same bits in every run.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoParts {
  private TornadoParts() {}

  static Launch launch(String kernel, int parts, int m, int n) {
    return Launch.elementwise(kernel + "_parts", Math.multiplyExact(m, n), parts + 2);
  }

  /** The kernel. */
  public static void add(
      KernelContext context,
      IntArray launches,
      FloatArray sums,
      FloatArray w,
      FloatArray added,
      FloatArray y,
      int offset,
      int parts,
      int size,
      int n,
      int epilogue) {
    Launches.count(context, launches);
    int at = context.globalIdx;
    if (at < size) {
      float value = sums.get(at);
      for (int part = 1; part < parts; part++) {
        value += sums.get(part * size + at);
      }
      value += w.get(offset + at % n);
      y.set(at, TornadoEpilogue.finish(value, epilogue, added, at));
    }
  }
}
