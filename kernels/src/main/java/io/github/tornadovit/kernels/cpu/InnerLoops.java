package io.github.tornadovit.kernels.cpu;

import io.github.tornadovit.base.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of one core: everything that must be fast and nothing else. Three implementations:
 * machine code, the Vector API and {@link ScalarLoops}; the operations above do not know which they
 * have.
 *
 * <p>A matrix product is made of tiles of {@link #tileRows()} rows and {@link #panelColumns()}
 * columns, that is as many sums as the registers hold. Its right factor is packed into panels, see
 * {@link Panels}; its left factor is read where it lies.
 *
 * <p>Arguments are checked by the operations when they are prepared; here only the array accesses
 * are. NaN in, NaN out, in every method.
 */
public interface InnerLoops {

  /** What computes, as a person would name it, for example {@code AVX2 machine code}. */
  String description();

  /** The same for products of {@link Int8}; their tiles have this one's {@link #panelColumns()}. */
  CodedLoops int8();

  /** Likewise for products of {@link Bf16}; null where the processor has no such instruction. */
  default @Nullable CodedLoops bf16() {
    return null;
  }

  /** Rows of a tile. */
  int tileRows();

  /** Columns of a tile and of a panel; a multiple of the vector length. */
  int panelColumns();

  /**
   * One tile of a product: {@code c[i, j] = init[i, j] + sum over k < depth of a[i, k] panel[k,
   * j]}, for some rows and all columns of a tile. c may be init.
   *
   * @param rows 1 to {@link #tileRows()}; rows beyond are neither read nor written
   */
  void multiplyTile(FloatRows a, int rows, PanelPart panel, FloatRows init, FloatRows c);

  /**
   * {@code x = activation(x)}, element by element.
   *
   * @param count a multiple of {@link #panelColumns()}
   */
  void activate(Activation activation, float[] x, int offset, int count);

  /**
   * Rows of finished tiles to their place: {@code y[i, j] = [y[i, j] +] [scale[i, j] *] x[i, j]}.
   *
   * @param x rows of {@link #panelColumns()} elements, one after the other
   * @param scale null for ones
   * @param rows at least 1
   * @param columns 1 to {@link #panelColumns()}
   */
  void storeRows(
      float[] x,
      int xOffset,
      @Nullable FloatRows scale,
      boolean accumulate,
      FloatRows y,
      int rows,
      int columns);

  /**
   * The numerators of a softmax: {@code x[j] = exp(s[j] - max s)} with {@code s[j] = scale * x[j] +
   * bias[j]}.
   *
   * @param count elements of the row, at least 1; those after it up to the next multiple of {@link
   *     #panelColumns()} may be overwritten
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
