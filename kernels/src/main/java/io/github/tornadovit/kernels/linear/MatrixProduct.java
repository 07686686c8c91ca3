package io.github.tornadovit.kernels.linear;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.patch.PatchEmbedding;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Epilogue;
import io.github.tornadovit.kernels.program.Weight;
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
 * @param epilogue of the biased product
 * @param output y; it may have more rows per image, the first of which are left as they are
 */
public record MatrixProduct(
    String kernel,
    Buffer input,
    int rowsPerImage,
    Weight weight,
    @Nullable Weight bias,
    Epilogue epilogue,
    Buffer output) {

  /** The product of a linear layer. */
  public static MatrixProduct of(Linear linear) {
    if (linear.matrix().precision() != Precision.F32) {
      throw new BackendException(
          "tornado",
          "no kernel multiplies in %s, which runs on the backend cpu"
              .formatted(linear.matrix().precision().label()));
    }
    return new MatrixProduct(
        "linear",
        linear.input(),
        linear.input().rows(),
        linear.weight(),
        linear.bias(),
        linear.epilogue(),
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
        Epilogue.NONE,
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

  /** W, bias and scale as the kernel reads them. */
  TransposedWeight packed() {
    return new TransposedWeight(
        weight,
        bias,
        switch (epilogue) {
          case Epilogue.Activate _ -> null;
          case Epilogue.Residual(Weight scale) -> scale;
        });
  }
}
