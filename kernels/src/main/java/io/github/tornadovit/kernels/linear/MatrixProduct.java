package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.weights.config.Activation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the matrix product kernels compute: a linear layer or a patch embedding as {@code y =
 * epilogue(x W^T + bias)}, with a layer scale folded into W and bias.
 *
 * @param kernel name of the task
 * @param input x
 * @param rowsPerImage of the product
 * @param weight W {@code [n, k]}
 * @param bias {@code [n]}, or null
 * @param scale {@code [n]} of a residual branch, or null
 * @param epilogue a constant of {@link TornadoEpilogue}
 * @param output y; it may have more rows per image, the first of which are left as they are
 */
public record MatrixProduct(
    String kernel,
    Buffer input,
    int rowsPerImage,
    Weight weight,
    @Nullable Weight bias,
    @Nullable Weight scale,
    int epilogue,
    Buffer output) {

  /** Rows packed at a time: few enough that a column of them stays in the first cache. */
  private static final int BLOCK = 64;

  /** Takes one packed element of W. */
  interface MatrixPacker {
    void put(int row, int column, float value);
  }

  /** Takes one packed element of the bias. */
  interface BiasPacker {
    void put(int column, float value);
  }

  /** The product of a linear layer. */
  public static MatrixProduct of(Linear linear) {
    if (linear.activation() != Activation.IDENTITY
        && (linear.accumulate() || linear.scale() != null)) {
      throw new BackendException(
          "tornado", "no kernel adds or scales an activated product: " + linear);
    }
    return new MatrixProduct(
        "linear",
        linear.input(),
        linear.input().rows(),
        linear.weight(),
        linear.bias(),
        linear.scale(),
        linear.accumulate() ? TornadoEpilogue.RESIDUAL : TornadoEpilogue.of(linear.activation()),
        linear.output());
  }

  /** The product of a patch embedding, whose patches are gathered into rows. */
  public static MatrixProduct of(PatchEmbedding patch, Buffer patches) {
    return new MatrixProduct(
        "patch_embedding",
        patches,
        patches.rows(),
        patch.weight(),
        patch.bias(),
        null,
        TornadoEpilogue.NONE,
        patch.output());
  }

  /** m of a batch. */
  int rows(int batch) {
    return Math.multiplyExact(batch, rowsPerImage);
  }

  /** n. */
  int columns() {
    return weight.rows();
  }

  /** k. */
  int depth() {
    return weight.columns();
  }

  /** Tells packed weights apart. */
  List<?> weightKey(String layout) {
    return Arrays.asList(layout, weight, bias, scale);
  }

  /** Hands out {@code scale W} and {@code scale bias}, a few rows at a time. */
  void packWeights(MatrixPacker matrix, BiasPacker biases) {
    int k = depth();
    float[] factors = scale == null ? null : scale.toArray();
    float[] shifts = bias == null ? null : bias.toArray();
    float[] rows = new float[Math.multiplyExact(Math.min(BLOCK, columns()), k)];
    for (int first = 0; first < columns(); first += BLOCK) {
      int count = Math.min(BLOCK, columns() - first);
      weight.copyRows(first, count, rows, 0);
      for (int column = 0; column < k; column++) {
        for (int row = 0; row < count; row++) {
          float factor = factors == null ? 1 : factors[first + row];
          matrix.put(first + row, column, factor * rows[row * k + column]);
        }
      }
    }
    weight.unload();
    for (int column = 0; shifts != null && column < columns(); column++) {
      biases.put(column, (factors == null ? 1 : factors[column]) * shifts[column]);
    }
  }
}
