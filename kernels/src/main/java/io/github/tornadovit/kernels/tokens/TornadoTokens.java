package io.github.tornadovit.kernels.tokens;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The small elementwise kernels around the encoder: one thread per output element, in groups of
 * {@value #GROUP}.
 *
 * <p>They take a {@link KernelContext} although nothing is shared: under a grid scheduler TornadoVM
 * replaces the bound of a {@code @Parallel} loop by the size of the grid, so a grid rounded up to
 * whole groups would write out of bounds, and without a scheduler the PTX back end launched one
 * thread.
 */
@SuppressWarnings("exports") // TornadoVM calls kernels; callers of this module do not.
public final class TornadoTokens {
  public static final int GROUP = 128;

  private TornadoTokens() {}

  /**
   * Class (and distillation) tokens, then positions: {@code tokens[b,t,:] = (t < prefix ?
   * prefixTokens[t,:] : tokens[b,t,:]) + (positioned ? positions[t,:] : 0)}.
   *
   * <p>Shapes: {@code tokens [B, T, D], prefixTokens [prefix, D], positions [T, D]} f32; any array
   * for positions when {@code positioned} is 0. In place.
   *
   * <p>Grid: ceil(rows·D / GROUP) groups; rows = B·T.
   */
  public static void embed(
      KernelContext context,
      FloatArray tokens,
      FloatArray prefixTokens,
      FloatArray positions,
      int rows,
      int perImage,
      int width,
      int prefix,
      int positioned) {
    int at = context.globalIdx;
    if (at < rows * width) {
      int row = at / width;
      int t = row % perImage;
      int inTable = t * width + at - row * width;
      float value;
      if (t < prefix) {
        value = prefixTokens.get(inTable);
      } else {
        value = tokens.get(at);
      }
      if (positioned > 0) {
        value += positions.get(inTable);
      }
      tokens.set(at, value);
    }
  }

  /**
   * {@code y[b,:] = mean of x[b,t,:] over from <= t < to}; with to = from + 1 it selects a token.
   *
   * <p>Shapes: {@code x [B, T, D], y [B, D]} f32. Grid: ceil(B·D / GROUP) groups.
   */
  public static void pool(
      KernelContext context,
      FloatArray x,
      FloatArray y,
      int batch,
      int perImage,
      int width,
      int from,
      int to) {
    int at = context.globalIdx;
    if (at < batch * width) {
      int image = at / width;
      int first = image * perImage * width + at - image * width;
      float sum = 0f;
      for (int t = from; t < to; t++) {
        sum += x.get(first + t * width);
      }
      y.set(at, sum / (to - from));
    }
  }

  /**
   * {@code y[i] = (a[i] + b[i]) / 2}: the two heads of a distilled DeiT. Grid: ceil(size / GROUP)
   * groups.
   */
  public static void average(
      KernelContext context, FloatArray a, FloatArray b, FloatArray y, int size) {
    int at = context.globalIdx;
    if (at < size) {
      y.set(at, 0.5f * (a.get(at) + b.get(at)));
    }
  }

  /** {@code y[i] = x[i]}. Grid: ceil(size / GROUP) groups. */
  public static void copy(KernelContext context, FloatArray x, FloatArray y, int size) {
    int at = context.globalIdx;
    if (at < size) {
      y.set(at, x.get(at));
    }
  }
}
