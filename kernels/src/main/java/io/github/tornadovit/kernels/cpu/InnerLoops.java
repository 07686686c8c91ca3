package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.weights.config.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of one core: everything that must be fast and nothing else. Two implementations,
 * {@link ScalarLoops} and the one with vectors; the operations above do not know which they have.
 *
 * <p>A matrix product is made of tiles of {@link #tileRows()} rows and {@link #panelColumns()}
 * columns, that is as many sums as the registers hold. Its right factor is packed into panels, see
 * {@link Panels}; its left factor is read where it lies.
 *
 * <p>Arguments are checked by the operations when they are prepared; here only the array accesses
 * are. NaN in, NaN out, in every method.
 */
public interface InnerLoops {

  /** What computes, as a person would name it, for example {@code 256-bit vectors}. */
  String description();

  /** Rows of a tile. */
  int tileRows();

  /** Columns of a tile and of a panel; a multiple of the vector length. */
  int panelColumns();

  /**
   * One tile of a product: {@code c[i, j] = init[i, j] + sum over k < depth of a[i, k] panel[k,
   * j]}, for all rows and columns of a tile.
   *
   * @param rows rows of a that exist, 1 to {@link #tileRows()}; the other rows of c become copies
   *     of the last
   * @param aStride elements from one row of a to the next
   * @param initStride elements from one row of init to the next, 0 to start every row alike
   * @param cStride elements from one row of c to the next
   */
  void multiplyTile(
      float[] a,
      int aOffset,
      int aStride,
      int rows,
      float[] panels,
      int panelOffset,
      int depth,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int cStride);

  /**
   * {@code x = activation(x)}, element by element.
   *
   * @param count a multiple of {@link #panelColumns()}
   */
  void activate(Activation activation, float[] x, int offset, int count);

  /**
   * {@code y[j] = [y[j] +] [scale[j] *] x[j]}.
   *
   * @param scale null for ones
   */
  void store(
      float[] x,
      int xOffset,
      float @Nullable [] scale,
      int scaleOffset,
      boolean accumulate,
      float[] y,
      int yOffset,
      int count);

  /**
   * The numerators of a softmax: {@code x[j] = exp(s[j] - max s)} with {@code s[j] = scale * x[j] +
   * bias[j]}.
   *
   * @param count elements of the row; those after it up to the next multiple of {@link
   *     #panelColumns()} are overwritten
   * @param bias null for zeros
   * @return the sum of the numerators
   */
  float exponentials(
      float[] x, int offset, int count, float scale, float @Nullable [] bias, int biasOffset);

  /** Layer normalisation of one row; y may be x. */
  void normalise(
      float[] x,
      int xOffset,
      float[] weight,
      float[] bias,
      float eps,
      float[] y,
      int yOffset,
      int count);
}
